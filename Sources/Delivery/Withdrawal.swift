package import DICOM
import DICOMweb
package import DIMSE
package import Quality
package import SecondaryCapture

/// Sends the rejection note of a stage's instances to an archive that holds them.
///
/// IHE IOCM.
package struct Withdrawal: Sendable {
  package let stage: Stage
  package let destination: Destination
  package let interruption: Interruption

  package init(stage: Stage, destination: Destination, interruption: Interruption) {
    self.stage = stage
    self.destination = destination
    self.interruption = interruption
  }

  /// The instances that this archive has acknowledged or says it holds, by series.
  ///
  /// An answer may have been lost, and a journal that somebody altered must not keep a wrong map in
  /// its place.
  package func sent(_ journal: borrowing Journal) -> [RejectionNote.Series] {
    var held = journal.acknowledged(by: destination.name)
    let withdrawn = Set(
      journal.events.filter { $0.kind == .retracted && $0.pacs == destination.name }
        .compactMap(\.sopInstanceUID))
    if destination.canBeAsked {
      let questions = ArchiveQuestions(destination: destination, interruption: interruption)
      for series in stage.manifest.series {
        // What cannot be asked has acknowledged what it has.
        let there = try? questions.instances(
          study: series.studyInstanceUID, series: series.instanceUID)
        held.formUnion((there ?? []).subtracting(withdrawn))
      }
    }
    return stage.manifest.series.compactMap { series in
      let instances = stage.manifest.instances.filter {
        $0.seriesInstanceUID == series.instanceUID && held.contains($0.sopInstanceUID)
      }
      return instances.isEmpty
        ? nil
        : RejectionNote.Series(
          instanceUID: series.instanceUID,
          instances: instances.map { ($0.sopClassUID, $0.sopInstanceUID) })
    }
  }

  /// The note that withdraws them.
  package func note(
    _ note: RejectionNote
  ) throws(DeliveryError) -> DataSet {
    guard let entry = stage.manifest.instances.first else {
      throw .stage(.notAStage(path: stage.path, reason: "it holds no instance"))
    }
    let instance = try StagedInstance(entry, of: stage)
    do { return try note.dataSet(like: instance.file.dataSet) } catch { throw .encoding(error) }
  }

  /// Sends the note, and on the archive's word journals each instance as withdrawn.
  package func send(
    _ note: DataSet, withdrawing series: [RejectionNote.Series], _ journal: borrowing Journal
  ) throws(DeliveryError) -> Answer {
    let sopClass = note.string(.sopClassUID) ?? ""
    let instance = note.string(.sopInstanceUID) ?? ""
    if let service = destination.storingService(interruption) {
      let answer = try store(note, of: instance, at: service)
      try withdraw(series, answer, instance, journal)
      return answer
    }
    let association: Association
    do {
      association = try Association.request(
        to: destination.peer, as: destination.callingAETitle,
        contexts: NegotiationTable.sending(sopClass),
        options: .init(timeouts: destination.timeouts), interruption: interruption)
    } catch { throw .association(error) }
    guard let syntax = association.transferSyntaxes(for: sopClass).first else {
      association.abort()
      throw .association(.noContext(sopClassUID: sopClass, transferSyntaxUID: nil))
    }
    let answer: Answer
    do {
      let body = try DataSetEncoder.encode(note, transferSyntax: syntax)
      answer = try association.store(
        StoreRequest(sopClassUID: sopClass, sopInstanceUID: instance), transferSyntax: syntax,
        dataSet: body)
    } catch let error as AssociationError {
      association.abort()
      throw .association(error)
    } catch let error as EncodingError {
      association.abort()
      throw .encoding(error)
    } catch {
      association.abort()
      throw .association(.cancelled)
    }
    do { try association.release() } catch { association.abort() }
    switch answer.status.category {
    case .success, .warning: break
    default: throw .refused(what: "the rejection note", answer)
    }
    try withdraw(series, answer, instance, journal)
    return answer
  }

  /// Over DICOMweb: what counts is that the answer's list names the note.
  private func store(
    _ note: DataSet, of instance: String, at service: WebArchive
  ) throws(DeliveryError) -> Answer {
    let file: [UInt8]
    do { file = try DICOMFile.bytes(of: note) } catch { throw .encoding(error) }
    let result: StoreAnswer.Result?
    do { result = try service.store([file]).results[instance] } catch { throw .web(error) }
    switch result {
    case .stored?: return Answer(.store, status: .success)
    case .warning(let reason)?: return Answer(.store, status: Status(reason))
    case .failed(let reason)?:
      throw .refused(
        what: "the rejection note",
        Answer(.store, status: reason.map { Status($0) } ?? .processingFailure))
    case nil:
      throw .refused(
        what: "the rejection note",
        Answer(
          .store, status: .processingFailure, errorComment: "the answer does not acknowledge it"))
    }
  }

  private func withdraw(
    _ series: [RejectionNote.Series], _ answer: Answer, _ instance: String,
    _ journal: borrowing Journal
  ) throws(DeliveryError) {
    for uid in series.flatMap(\.instances).map(\.sopInstanceUID) {
      do {
        try journal.append(
          .init(
            pacs: destination.name, kind: .retracted, sopInstanceUID: uid,
            status: "\(answer.status)", detail: "rejection note \(instance)"))
      } catch { throw .disk(error) }
    }
  }
}

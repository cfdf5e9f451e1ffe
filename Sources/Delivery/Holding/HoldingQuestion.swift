package import DIMSE
import DICOM
import Files

/// What an archive holds of a study or series, without anything to compare it with.
///
/// Every instance is fetched back, looked at, and thrown away.
package struct HoldingQuestion: Sendable {
  package let destination: Destination
  package let interruption: Interruption
  /// Where instances lie while they are looked at.
  package let folder: String

  package init(destination: Destination, interruption: Interruption, folder: String) {
    self.destination = destination
    self.interruption = interruption
    self.folder = folder
  }

  package func run(
    study: String, series: String?, progress: (@Sendable (Int, Int) -> Void)? = nil
  ) throws(DeliveryError) -> [HeldSeries] {
    var query = ArchiveQuery()
    query.study = study
    query.series = series
    let found = try ArchiveSearch(destination: destination, interruption: interruption)
      .run(query, level: .series).matches
    guard !found.isEmpty else { return [] }
    let questions = ArchiveQuestions(destination: destination, interruption: interruption)
    let meanwhile: FetchFolder
    do { meanwhile = try FetchFolder(in: folder) } catch { throw .disk(error) }
    defer { meanwhile.remove() }
    var wanted: [(SeriesToFetch, ArchiveSearch.Match)] = []
    for match in found {
      // Nothing lies in the hidden folder, so everything is to be fetched.
      wanted.append(
        (try SeriesToFetch(match, instance: nil, in: meanwhile.spool, questions), match))
    }
    let all = wanted.map(\.0.listed.count).reduce(0, +)
    var done = 0
    var held: [HeldSeries] = []
    for (series, match) in wanted {
      held.append(
        try look(at: series, match, questions, meanwhile) {
          done += 1
          progress?(done, all)
        })
    }
    guard series == nil else { return held }
    // Of a whole study it is known what is there: a map whose scan is not cannot be checked by eye.
    let listed = wanted.reduce(into: Set<String>()) { $0.formUnion($1.0.listed.keys) }
    for index in held.indices {
      held[index].missingSources = held[index].sources.subtracting(listed).count
    }
    return held
  }

  private func look(
    at series: SeriesToFetch, _ match: ArchiveSearch.Match, _ questions: ArchiveQuestions,
    _ meanwhile: FetchFolder, _ arrived: () -> Void
  ) throws(DeliveryError) -> HeldSeries {
    var held = HeldSeries(study: series.study, series: series.series)
    held.modality = match.string(.modality) ?? ""
    held.number = match.string(.seriesNumber) ?? ""
    held.description = match.string(.seriesDescription) ?? ""
    held.told = match.string(.numberOfSeriesRelatedInstances).flatMap { Int($0) }
    held.listed = series.listed.count
    var stack = SliceStack()
    var returned: Set<String> = []
    guard !series.listed.isEmpty else { return held }
    try questions.fetch(series.request(whole: true, spool: meanwhile.spool)) {
      (instance) throws(DeliveryError) in
      let uid = instance.sopInstanceUID
      guard series.listed[uid] != nil else {
        held.findings.append((uid.printableUID, "is not listed"))
        return
      }
      guard returned.insert(uid).inserted else { return }
      held.transferSyntaxes.insert(instance.transferSyntax.uid)
      let path = meanwhile.next
      try instance.write(to: path)
      defer { PrivateFile.remove(path) }
      if let objection = series.objection(to: path, sopInstanceUID: uid) {
        held.findings.append((uid, objection))
        return
      }
      do {
        let file = try DICOMFile.read(path: path)
        let dataSet = file.dataSet
        held.sopClasses.insert(dataSet.string(.sopClassUID) ?? "")
        held.patientIDs.insert(dataSet.string(.patientID) ?? "")
        if let frame = dataSet.string(.frameOfReferenceUID) { held.framesOfReference.insert(frame) }
        held.frames += (try dataSet.integer(.numberOfFrames)) ?? 1
        held.sources.formUnion(Self.sources(of: dataSet))
        let objections = [
          try stack.add(dataSet), try Self.objection(toOffsetsOf: dataSet),
          Self.objection(toPixelsOf: file),
        ]
        let all = objections.compactMap(\.self).joined(separator: "; ")
        if !all.isEmpty { held.findings.append((uid, all)) }
      } catch let error as AttributeError {
        held.findings.append((uid, "\(error)"))
      } catch { held.findings.append((uid, "is no data set")) }
      arrived()
    }
    held.returned = returned.count
    for uid in series.listed.keys.sorted() where !returned.contains(uid) {
      held.findings.append((uid, "listed, but not returned"))
    }
    if stack.count > 1 { held.stack = stack }
    return held
  }

  /// The images that a capture says it was made from: those of its own study.
  ///
  /// PS3.3 C.12.2: Referenced Series Sequence names what is of the same study, and nothing else.
  private static func sources(of dataSet: DataSet) -> Set<String> {
    let captures = [SOPClass.secondaryCapture, SOPClass.multiFrameTrueColorSecondaryCapture]
    guard let uid = dataSet.string(.sopClassUID), captures.contains(uid) else { return [] }
    let images = dataSet.items(.sourceImageSequence).compactMap {
      $0.string(.referencedSOPInstanceUID)
    }
    let named = dataSet.items(.referencedSeriesSequence).flatMap {
      $0.items(.referencedInstanceSequence)
    }.compactMap { $0.string(.referencedSOPInstanceUID) }
    return Set(images).intersection(named)
  }

  /// Why the planes of a dose are not as many as its frames; `nil` where they are.
  ///
  /// PS3.3 C.8.8.3.2.
  private static func objection(toOffsetsOf dataSet: DataSet) throws(AttributeError) -> String? {
    guard dataSet.string(.modality) == "RTDOSE", let frames = try dataSet.integer(.numberOfFrames),
      frames > 1
    else { return nil }
    let offsets = dataSet.strings(.gridFrameOffsetVector).count
    return offsets == frames ? nil : "holds \(frames) frames and \(offsets) offsets of them"
  }

  /// Why the pixels are not what the header says; `nil` where they are, or where this form of them
  /// cannot be read here.
  ///
  /// Of several compressed frames the first and the last one are unpacked: all others lie between.
  private static func objection(toPixelsOf file: DICOMFile) -> String? {
    guard file.dataSet.contains(.pixelData) else { return nil }
    do {
      let description: PixelDescription
      do { description = try PixelDescription(of: file.dataSet) } catch {
        return "its pixels are not described: \(error)"
      }
      let reader = try FrameReader(file, description: description)
      for index in Set([0, description.frames - 1]).sorted() { _ = try reader.frame(index) }
      return nil
    } catch FileError.pixels(_, .unsupported) {
      return nil
    } catch FileError.pixels(_, let trouble) {
      return "its pixels are not whole: \(trouble)"
    } catch { return "its pixels cannot be read" }
  }
}

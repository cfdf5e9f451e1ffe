import DICOM
package import DIMSE
package import Quality

/// Sends the instances of a confirmed stage that an archive does not hold yet.
///
/// Every answer stands in the journal, on the disk, before the next instance goes out. After a
/// fault the association is aborted and never used again; a new one goes on with what is left.
package struct Sending: Sendable {
  package let stage: Stage
  package let destination: Destination
  package let interruption: Interruption

  /// How often a broken association is replaced before the run is given up.
  private static let attempts = 4

  package init(stage: Stage, destination: Destination, interruption: Interruption) {
    self.stage = stage
    self.destination = destination
    self.interruption = interruption
  }

  package struct Outcome: Sendable {
    /// Acknowledged in this run.
    package var sent = 0
    /// Acknowledged or found in the archive before.
    package var alreadyThere = 0
    /// Refused, with the archive's status.
    package var refused: [(instance: Manifest.Instance, answer: Answer)] = []
    /// Stored with a warning.
    package var warnings: [(instance: Manifest.Instance, answer: Answer)] = []
    package var bytes = 0
    /// Why the run was broken off; what is left goes out in the next one.
    package var brokenOff: DeliveryError?
  }

  /// Sends what is missing.
  ///
  /// - Parameters:
  ///   - held: instances that the archive said it holds.
  ///   - progress: told how many of how many instances are there, and the bytes of this run.
  /// - Throws: where nothing could be sent at all, or the journal cannot be written.
  package func run(
    journal: borrowing Journal, held: Set<String>,
    progress: (@Sendable (Int, Int, Int) -> Void)? = nil
  ) throws(DeliveryError) -> Outcome {
    var outcome = Outcome()
    let all = stage.manifest.instances
    // What the archive was asked about and does not hold goes again, whatever the journal says.
    let known =
      destination.canBeAsked ? held : journal.acknowledged(by: destination.name)
    var waiting = all.filter { !known.contains($0.sopInstanceUID) }[...]
    outcome.alreadyThere = all.count - waiting.count
    try append(.init(pacs: destination.name, kind: .started), to: journal)
    var failures = 0
    while !waiting.isEmpty {
      do {
        try sendOnce(&waiting, &outcome, total: all.count, journal, progress)
      } catch {
        guard case .association(let fault) = error, fault.kind == .transient,
          failures + 1 < Self.attempts
        else {
          // Before the first answer nothing was begun: the caller says what is wrong.
          if outcome.sent == 0, outcome.refused.isEmpty, outcome.alreadyThere == 0 { throw error }
          outcome.brokenOff = error
          break
        }
        failures += 1
        guard Backoff.wait(seconds: Double(1 << (failures - 1)) * 0.5, unless: interruption) else {
          outcome.brokenOff = .association(.cancelled)
          break
        }
      }
    }
    try append(
      .init(
        pacs: destination.name, kind: .ended,
        detail:
          "\(outcome.sent) sent, \(outcome.alreadyThere) there before, \(outcome.refused.count) refused"
      ), to: journal)
    return outcome
  }

  /// Sends over one association until all is sent or it breaks.
  private func sendOnce(
    _ waiting: inout ArraySlice<Manifest.Instance>, _ outcome: inout Outcome, total: Int,
    _ journal: borrowing Journal, _ progress: (@Sendable (Int, Int, Int) -> Void)?
  ) throws(DeliveryError) {
    let classes = Set(waiting.map(\.sopClassUID)).sorted()
    var proposals: [ContextProposal] = []
    for uid in classes { proposals += try contexts(for: uid, waiting) }
    let association: Association
    do {
      association = try Association.request(
        to: destination.peer, as: destination.callingAETitle, contexts: proposals,
        options: .init(timeouts: destination.timeouts), interruption: interruption)
    } catch { throw .association(error) }
    while let entry = waiting.first {
      let instance = try StagedInstance(entry, of: stage)
      let accepted = association.transferSyntaxes(for: entry.sopClassUID)
      // Packed pixels go out as they are or unpacked, never the other way round.
      let usable = [instance.file.transferSyntax, .explicitVRLittleEndian, .implicitVRLittleEndian]
      guard let syntax = usable.first(where: accepted.contains) else {
        association.abort()
        throw .association(
          .noContext(sopClassUID: entry.sopClassUID, transferSyntaxUID: nil))
      }
      var pieces = try instance.pieces(in: syntax)
      var failure: DeliveryError?
      let answer: Answer
      do throws(AssociationError) {
        answer = try association.store(
          StoreRequest(
            sopClassUID: entry.sopClassUID, sopInstanceUID: entry.sopInstanceUID),
          transferSyntax: syntax
        ) { () throws(AssociationError) in
          do throws(DeliveryError) { return try pieces.next() } catch {
            failure = error
            throw .cannotKeep("\(error)")
          }
        }
      } catch {
        association.abort()
        throw failure ?? .association(error)
      }
      waiting.removeFirst()
      try record(answer, of: entry, syntax, in: &outcome, journal)
      outcome.bytes += pieces.byteCount
      progress?(outcome.alreadyThere + outcome.sent, total, outcome.bytes)
    }
    // All is acknowledged; a peer that does not part politely has stored it all the same.
    do { try association.release() } catch { association.abort() }
  }

  /// One context for each transfer syntax: the acceptor picks one of a context's list.
  private func contexts(
    for sopClassUID: String, _ waiting: ArraySlice<Manifest.Instance>
  ) throws(DeliveryError) -> [ContextProposal] {
    var syntaxes: [TransferSyntax] = [.explicitVRLittleEndian, .implicitVRLittleEndian]
    if let entry = waiting.first(where: { $0.sopClassUID == sopClassUID }) {
      let own: TransferSyntax
      do { own = try DICOMFile.read(path: stage.file(entry.file)).transferSyntax } catch {
        throw .file(error)
      }
      if !syntaxes.contains(own) { syntaxes.insert(own, at: 0) }
    }
    return syntaxes.map { ContextProposal(sopClassUID, [$0]) }
  }

  private func record(
    _ answer: Answer, of entry: Manifest.Instance, _ syntax: TransferSyntax,
    in outcome: inout Outcome,
    _ journal: borrowing Journal
  ) throws(DeliveryError) {
    let status = answer.status
    var event = Journal.Event(
      pacs: destination.name, kind: .sent, sopInstanceUID: entry.sopInstanceUID,
      status: "\(status)", transferSyntax: syntax.uid)
    switch status.category {
    case .success: outcome.sent += 1
    case .warning:
      outcome.sent += 1
      outcome.warnings.append((entry, answer))
      try append(event, to: journal)
      event.kind = .warning
      event.detail = "\(answer)"
    default:
      outcome.refused.append((entry, answer))
      event.kind = .refused
      event.detail = "\(answer)"
    }
    try append(event, to: journal)
  }

  private func append(
    _ event: Journal.Event, to journal: borrowing Journal
  ) throws(DeliveryError) {
    do { try journal.append(event) } catch { throw .disk(error) }
  }
}

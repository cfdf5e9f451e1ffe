import DICOM
package import DIMSE
import Files
import Foundation
package import Quality

/// Sends the instances of a confirmed stage that an archive does not hold yet.
///
/// One or several associations share the work; each has a thread that reads and packs the next
/// slices while the archive still works on the last one. Every answer is written to the journal as
/// it comes, and flushed. After a fault the association is aborted and never used again; a new one
/// goes on with what is left.
package struct Sending: Sendable {
  package let stage: Stage
  package let destination: Destination
  package let interruption: Interruption
  /// That the stage was found intact in this run; without it each file is digested once more.
  package let proof: StageProof?

  package init(
    stage: Stage, destination: Destination, interruption: Interruption, proof: StageProof? = nil
  ) {
    self.stage = stage
    self.destination = destination
    self.interruption = interruption
    self.proof = proof
  }

  package struct Outcome: Sendable {
    /// Acknowledged in this run.
    package var sent = 0
    /// Acknowledged or found in the archive before.
    package var alreadyThere = 0
    /// The SOP Instance UIDs of those that were acknowledged in this run.
    package var acknowledged: Set<String> = []
    /// The SOP Instance UIDs of those that were there before.
    package var held: Set<String> = []
    package var refused: [Refusal] = []
    /// Stored with a warning.
    package var warnings: [(instance: Manifest.Instance, answer: Answer)] = []
    /// The archive says that it holds an instance of this UID already: only a verification tells
    /// whether it is the same one.
    package var duplicates: [Manifest.Instance] = []
    package var bytes = 0
    /// From the first request for an association to the last release.
    package var duration = Duration.zero
    /// Why the run was broken off; what is left goes out in the next one.
    package var brokenOff: DeliveryError?

    /// Counts an instance that the archive has acknowledged.
    mutating func acknowledge(_ entry: Manifest.Instance) {
      sent += 1
      acknowledged.insert(entry.sopInstanceUID)
    }
  }

  /// An instance that the archive does not take.
  package struct Refusal: Sendable {
    package let instance: Manifest.Instance
    /// The archive's words, or why it could not even be asked.
    package let reason: String
    /// Whether the same may be taken later.
    package let isTransient: Bool
    /// What to do, or to ask of the PACS team.
    package let advice: String?

    package init(
      instance: Manifest.Instance, reason: String, isTransient: Bool, advice: String? = nil
    ) {
      self.instance = instance
      self.reason = reason
      self.isTransient = isTransient
      self.advice = advice
    }
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
    let waiting = all.filter { !known.contains($0.sopInstanceUID) }
    outcome.alreadyThere = all.count - waiting.count
    outcome.held = known.intersection(all.map(\.sopInstanceUID))
    try write(.init(pacs: destination.name, kind: .started), to: journal)
    if let service = destination.storingService(interruption) {
      try WebSending(
        stage: stage, proof: proof, name: destination.name, service: service,
        interruption: interruption
      ).run(waiting, of: all.count, &outcome, journal, progress)
    } else if !waiting.isEmpty {
      try send(waiting, of: all.count, &outcome, journal, progress)
    }
    try write(
      .init(
        pacs: destination.name, kind: .ended,
        detail:
          "\(outcome.sent) sent, \(outcome.alreadyThere) there before, \(outcome.refused.count) refused"
      ), to: journal)
    do { try journal.flush() } catch { throw .disk(error) }
    return outcome
  }

  private func send(
    _ waiting: [Manifest.Instance], of total: Int, _ outcome: inout Outcome,
    _ journal: borrowing Journal, _ progress: (@Sendable (Int, Int, Int) -> Void)?
  ) throws(DeliveryError) {
    let lanes = max(1, min(destination.associations, waiting.count))
    let queue = SendingQueue(waiting, lanes: lanes)
    let lane = SendingLane(
      stage: stage, proof: proof, destination: destination, proposals: try proposals(waiting),
      interruption: interruption, queue: queue)
    let clock = ContinuousClock()
    let start = clock.now
    for _ in 0..<lanes { Thread.detachNewThread { lane.run() } }
    let flush = journal.backgroundFlush()
    var trouble: DeliveryError?
    while let answers = queue.nextAnswers() {
      guard trouble == nil else { continue }
      do throws(DeliveryError) {
        for answered in answers {
          try record(answered, in: &outcome, journal)
          progress?(outcome.alreadyThere + outcome.sent, total, outcome.bytes)
        }
        flush?.ask()
      } catch {
        // What cannot be journaled must not go out; what is on its way is waited for.
        trouble = error
        queue.stop(because: error)
      }
    }
    outcome.duration = clock.now - start
    do { try flush?.finish() } catch { trouble = trouble ?? .disk(error) }
    if let trouble { throw trouble }
    guard let failure = queue.failure else { return }
    // Before the first answer nothing was begun: the caller says what is wrong.
    let isBegun =
      outcome.sent + outcome.alreadyThere + outcome.refused.count + outcome.duplicates.count > 0
    guard isBegun else { throw failure }
    outcome.brokenOff = failure
  }

  /// One context for each class and transfer syntax: the acceptor picks one of a context's list.
  private func proposals(
    _ waiting: [Manifest.Instance]
  ) throws(DeliveryError) -> [ContextProposal] {
    var proposals: [ContextProposal] = []
    for uid in Set(waiting.map(\.sopClassUID)).sorted() {
      let own = waiting.filter { $0.sopClassUID == uid }
      var syntaxes: [TransferSyntax] = []
      // A map is packed in one way, images may come in any.
      for entry in stage.manifest.isOfImages ? own : Array(own.prefix(1)) {
        let syntax: TransferSyntax
        do { syntax = try DICOMFile.read(path: stage.file(entry.file)).transferSyntax } catch {
          throw .file(error)
        }
        if !syntaxes.contains(syntax) { syntaxes.append(syntax) }
      }
      proposals += NegotiationTable.sending(uid, storedIn: syntaxes)
    }
    return proposals
  }

  private func record(
    _ answered: SendingQueue.Answered, in outcome: inout Outcome, _ journal: borrowing Journal
  ) throws(DeliveryError) {
    let entry = answered.entry
    var event = Journal.Event(
      pacs: destination.name, kind: .sent, sopInstanceUID: entry.sopInstanceUID,
      transferSyntax: answered.syntax?.uid)
    let answer: Answer
    switch answered.result {
    case .success(let given): answer = given
    case .failure(let fault):
      outcome.refused.append(Refusal(instance: entry, reason: "\(fault)", isTransient: false))
      event.kind = .refused
      event.detail = "\(fault)"
      return try write(event, to: journal)
    }
    event.status = "\(answer.status)"
    switch answer.status.category {
    case .success: outcome.acknowledge(entry)
    case .warning:
      outcome.acknowledge(entry)
      outcome.warnings.append((entry, answer))
      try write(event, to: journal)
      event.kind = .warning
      event.detail = "\(answer)"
    case _ where answer.status == .duplicateInstance:
      outcome.duplicates.append(entry)
      event.kind = .warning
      event.detail = "\(answer)"
    default:
      outcome.refused.append(
        Refusal(
          instance: entry, reason: "\(answer)", isTransient: answer.status.isTransient,
          advice: answer.advice))
      event.kind = .refused
      event.detail = "\(answer)"
    }
    outcome.bytes += answered.byteCount
    try write(event, to: journal)
  }

  private func write(
    _ event: Journal.Event, to journal: borrowing Journal
  ) throws(DeliveryError) {
    do { try journal.write(event) } catch { throw .disk(error) }
  }
}

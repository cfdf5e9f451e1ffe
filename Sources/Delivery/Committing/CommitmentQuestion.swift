package import DIMSE
package import Quality

/// Asks an archive to promise that it keeps instances, and waits for its word.
///
/// The word is an event, which comes on the association that asked or on one that the archive opens
/// to our own node. PS3.4 J.3.
package struct CommitmentQuestion: Sendable {
  package let destination: Destination
  package let interruption: Interruption

  package init(destination: Destination, interruption: Interruption) {
    self.destination = destination
    self.interruption = interruption
  }

  package struct Outcome: Sendable, Equatable {
    package var committed: Set<String> = []
    /// What is not promised, and why.
    package var failed: [String: Status] = [:]
    /// What the archive has said nothing of.
    package var unmentioned: Set<String> = []
    /// Whether the archive said it on an association that it opened to our own node.
    package var hasCalledBack = false
    /// The transaction that this is the word on: an earlier one where that came late.
    package var transactionUID = ""

    package var isWhole: Bool { failed.isEmpty && unmentioned.isEmpty }
  }

  package enum Ending: Sendable, Equatable {
    case answered(Outcome)
    /// The archive does not offer it.
    case notOffered
    case refused(Answer)
    /// No word in time; where our own node could not listen, why.
    case silent(deaf: String?)
  }

  /// How long one of the two places is listened at before the other one is.
  private static let turn: Duration = .milliseconds(200)

  /// Asks for some instances.
  ///
  /// - Parameters:
  ///   - transactionUID: a new one each time.
  ///   - earlier: transactions that were asked before for the same and have had no word yet: one that
  ///     comes late and promises everything is as good.
  ///   - onTaken: told when the archive has taken the question: its word may come from now on, even
  ///     when nobody waits for it any more.
  package func run(
    _ instances: [Manifest.Instance], transactionUID: String, earlier: Set<String> = [],
    onTaken: () throws(DeliveryError) -> Void = {}
  ) throws(DeliveryError) -> Ending {
    try run(
      instances.map {
        .init(sopClassUID: $0.sopClassUID, sopInstanceUID: $0.sopInstanceUID)
      }, transactionUID: transactionUID, earlier: earlier, onTaken: onTaken)
  }

  package func run(
    _ references: [StorageCommitment.Reference], transactionUID: String,
    earlier: Set<String> = [], onTaken: () throws(DeliveryError) -> Void = {}
  ) throws(DeliveryError) -> Ending {
    // PS3.18 has a service of its own for this, which hardly any archive offers.
    guard !destination.isWebOnly else { return .notOffered }
    // Who listens before asking misses no answer.
    var node: OwnNode?
    var deaf: String?
    do { node = try OwnNode(for: destination, spool: nil) } catch { deaf = "\(error)" }
    defer { node?.stop() }
    let association: Association
    do {
      association = try Association.request(
        to: destination.peer, as: destination.callingAETitle, contexts: NegotiationTable.committing,
        options: .init(timeouts: destination.timeouts), interruption: interruption)
    } catch .noAcceptedContext {
      return .notOffered
    } catch { throw .association(error) }
    let request = StorageCommitment.Request(
      transactionUID: transactionUID, references: references)
    let answer: Answer
    do { answer = try association.requestCommitment(request) } catch {
      association.abort()
      throw .association(error)
    }
    guard answer.status.isDone else {
      do { try association.release() } catch { association.abort() }
      return .refused(answer)
    }
    try onTaken()
    let outcome = try wait(association, node) { report in
      guard let result = report?.commitment else { return nil }
      let outcome = Self.outcome(result, of: references)
      if result.transactionUID == transactionUID { return outcome }
      // What an earlier word does not promise, the word that is still to come may.
      return earlier.contains(result.transactionUID) && outcome.isWhole ? outcome : nil
    }
    if association.isOpen {
      do { try association.release() } catch { association.abort() }
    }
    return outcome.map { .answered($0) } ?? .silent(deaf: deaf)
  }

  /// Listens at both places in turn until the word is there or the time is over.
  ///
  /// - Parameter word: what an event says of what was asked; `nil` where it is about something else.
  private func wait(
    _ association: Association, _ node: OwnNode?, for word: (EventReport?) -> Outcome?
  ) throws(DeliveryError) -> Outcome? {
    let end = ContinuousClock.now + destination.commitmentTime
    while ContinuousClock.now < end {
      if interruption.isInterrupted { throw .association(.cancelled) }
      let isOpen = association.isOpen
      if let node,
        case .event(let report)? = node.calls.next(
          within: isOpen ? .zero : Self.turn, unless: interruption),
        var outcome = word(report)
      {
        outcome.hasCalledBack = true
        return outcome
      }
      guard isOpen else {
        if node == nil { return nil }
        continue
      }
      // An archive that hangs up may still call back.
      let report: EventReport?
      do { report = try association.eventReport(within: Self.turn) } catch { report = nil }
      if let outcome = word(report) { return outcome }
    }
    return nil
  }

  private static func outcome(
    _ result: StorageCommitment.Result, of references: [StorageCommitment.Reference]
  ) -> Outcome {
    var outcome = Outcome(transactionUID: result.transactionUID)
    var reasons: [String: Status] = [:]
    for failure in result.failed { reasons[failure.reference.sopInstanceUID] = failure.reason }
    var promised: [String: String] = [:]
    for reference in result.committed {
      promised[reference.sopInstanceUID] = reference.sopClassUID
    }
    for reference in references {
      let uid = reference.sopInstanceUID
      if let reason = reasons[uid] {
        outcome.failed[uid] = reason
      } else if promised[uid] == reference.sopClassUID {
        outcome.committed.insert(uid)
      } else {
        outcome.unmentioned.insert(uid)
      }
    }
    return outcome
  }
}

extension CommitmentQuestion.Ending {
  /// What it means, in words; `nil` where all is promised.
  package var objection: String? {
    switch self {
    case .answered(let outcome):
      outcome.isWhole
        ? nil
        : "\(outcome.failed.count + outcome.unmentioned.count) instances are not committed"
    case .notOffered:
      "storage commitment is not offered; ask the PACS team to switch it on for our AE title"
    case .refused(let answer): "the archive refused storage commitment: \(answer.withAdvice)"
    case .silent(let deaf):
      "no word on storage commitment in time"
        + (deaf.map { ", and what it says on an association of its own was not heard: \($0)" }
          ?? "; verify --commit asks again and takes a late word as well; where none ever comes, ask the PACS team whether it knows our AE title, address and port")
    }
  }
}

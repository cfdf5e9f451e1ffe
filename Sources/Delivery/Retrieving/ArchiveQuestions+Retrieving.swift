import DICOM
import DIMSE
import Foundation
import Synchronization

extension ArchiveQuestions {
  /// Fetches instances back, one by one, in the way that the destination is set for.
  ///
  /// - Parameter keep: looks at each instance as it comes; what it leaves unread is skipped.
  /// - Returns: the instances that the archive says it could not send.
  @discardableResult
  func fetch(
    _ request: RetrieveRequest, _ keep: (ReturnedInstance) throws(DeliveryError) -> Void
  ) throws(DeliveryError) -> [String] {
    switch destination.retrieval {
    case .get: try get(request, keep)
    case .move: try move(request, keep)
    case .web: try retrieve(request, keep)
    case .none: throw .cannotRetrieve
    }
  }

  /// On the same association: C-GET.
  private func get(
    _ request: RetrieveRequest, _ keep: (ReturnedInstance) throws(DeliveryError) -> Void
  ) throws(DeliveryError) -> [String] {
    let identifiers = try request.identifiers()
    let association = try open(NegotiationTable.getting + request.storageContexts)
    var failure: DeliveryError?
    var failed: [String] = []
    for (level, keys) in identifiers {
      let outcome: RetrieveOutcome
      do {
        outcome = try association.get(.study, level: level, keys: keys) {
          (incoming, stream) throws(AssociationError) in
          guard failure == nil else { return .processingFailure }
          do throws(DeliveryError) {
            try keep(ReturnedInstance(incoming, stream))
            return .success
          } catch {
            failure = error
            return .processingFailure
          }
        }
      } catch {
        association.abort()
        // What went wrong here comes first: how an archive takes a failure is its own affair.
        throw failure ?? .association(error)
      }
      if let failure {
        association.abort()
        throw failure
      }
      guard outcome.answer.status.isDone else {
        association.abort()
        throw .refused(what: "the retrieval", outcome.answer)
      }
      failed += outcome.failedInstanceUIDs
    }
    do { try association.release() } catch { association.abort() }
    return failed
  }

  /// On an association that the archive opens to our own node: C-MOVE.
  private func move(
    _ request: RetrieveRequest, _ keep: (ReturnedInstance) throws(DeliveryError) -> Void
  ) throws(DeliveryError) -> [String] {
    let identifiers = try request.identifiers()
    let node = try OwnNode(for: destination, spool: request.spool)
    defer { node.stop() }
    // Silence is measured over both associations: an archive may send for minutes and say nothing.
    let silence = Interruption()
    defer { silence.interrupt() }
    let mover = Mover(destination: destination, interruption: silence)
    Thread.detachNewThread {
      node.calls.put(.ended(mover.run(identifiers)))
    }
    var arrived = 0
    while true {
      let call = node.calls.next(within: destination.timeouts.response, unless: interruption)
      switch call {
      case .instance(let instance):
        defer { instance.discard() }
        arrived += 1
        try keep(ReturnedInstance(instance))
      case .event: continue
      case .ended(.failure(let error)): throw .association(error)
      case .ended(.success(let outcome)):
        guard outcome.answer.status.isDone else {
          throw .refused(what: "the retrieval", outcome.answer)
        }
        try takeStragglers(node, &arrived, of: request, outcome, keep)
        return outcome.failedInstanceUIDs
      case nil:
        throw .association(interruption.isInterrupted ? .cancelled : .timeout(.awaitingResponse))
      }
    }
  }

  /// Takes what comes after the last word: some archives say they are done before they are.
  private func takeStragglers(
    _ node: OwnNode, _ arrived: inout Int, of request: RetrieveRequest, _ outcome: RetrieveOutcome,
    _ keep: (ReturnedInstance) throws(DeliveryError) -> Void
  ) throws(DeliveryError) {
    while true {
      let wanting = request.expected - outcome.failedInstanceUIDs.count - arrived
      guard
        let call = node.calls.next(
          within: wanting > 0 ? .seconds(3) : .zero, unless: interruption)
      else { return }
      guard case .instance(let instance) = call else { continue }
      defer { instance.discard() }
      arrived += 1
      try keep(ReturnedInstance(instance))
    }
  }
}

/// Asks an archive to send instances to us, and waits until it says that it has.
private struct Mover: Sendable {
  let destination: Destination
  let interruption: Interruption

  func run(
    _ identifiers: [(level: QueryLevel, keys: DataSet)]
  ) -> Result<RetrieveOutcome, AssociationError> {
    var timeouts = destination.timeouts
    timeouts.response = .seconds(24 * 3600)
    var whole: RetrieveOutcome?
    do throws(AssociationError) {
      let association = try Association.request(
        to: destination.peer, as: destination.callingAETitle, contexts: NegotiationTable.moving,
        options: .init(timeouts: timeouts), interruption: interruption)
      for (level, keys) in identifiers {
        var outcome = try association.move(
          .study, level: level, keys: keys, to: destination.callingAETitle)
        outcome.failedInstanceUIDs = (whole?.failedInstanceUIDs ?? []) + outcome.failedInstanceUIDs
        whole = outcome
        guard outcome.answer.status.isDone else { break }
      }
      do throws(AssociationError) { try association.release() } catch { association.abort() }
    } catch { return .failure(error) }
    return whole.map { .success($0) } ?? .failure(.ended)
  }
}

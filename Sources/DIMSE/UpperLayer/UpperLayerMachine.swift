/// The state machine of an association, without any socket.
///
/// PS3.8 section 9.2.
package struct UpperLayerMachine: Hashable, Sendable {
  /// Who opened the association: it matters only when both sides ask for release at once.
  package enum Role: Sendable, CaseIterable {
    case requestor, acceptor
  }

  package let role: Role
  package private(set) var state: UpperLayerState

  package init(role: Role, state: UpperLayerState = .idle) {
    self.role = role
    self.state = state
  }

  /// Takes an event; answers what to do, in order, or `nil` where the event cannot happen now.
  ///
  /// - Parameters:
  ///   - event: What happened.
  ///   - acceptable: Whether the provider itself can take a request that came; AE-6 asks.
  package mutating func receive(
    _ event: UpperLayerEvent, acceptable: Bool = true
  ) -> [UpperLayerEffect]? {
    guard let action = UpperLayerAction.taken(on: event, in: state) else { return nil }
    let (effects, next) = outcome(of: action, acceptable: acceptable)
    state = next
    return effects
  }

  /// What an action does and where it leads.
  ///
  /// PS3.8 Tables 9-6 to 9-9.
  private func outcome(
    of action: UpperLayerAction, acceptable: Bool
  ) -> ([UpperLayerEffect], UpperLayerState) {
    switch action {
    case .ae1: ([.openTransport], .awaitingTransport)
    case .ae2: ([.send(.associateRequest)], .awaitingAnswer)
    case .ae3: ([.tell(.accepted)], .established)
    case .ae4: ([.tell(.rejected), .closeTransport], .idle)
    case .ae5: ([.startTimer], .awaitingRequest)
    case .ae6:
      acceptable
        ? ([.stopTimer, .tell(.associateRequested)], .awaitingLocalAnswer)
        : ([.stopTimer, .send(.associateReject), .startTimer], .awaitingClose)
    case .ae7: ([.send(.associateAccept)], .established)
    case .ae8: ([.send(.associateReject), .startTimer], .awaitingClose)
    case .dt1: ([.send(.data)], .established)
    case .dt2: ([.tell(.data)], .established)
    case .ar1: ([.send(.releaseRequest)], .awaitingReleaseReply)
    case .ar2: ([.tell(.releaseRequested)], .awaitingLocalRelease)
    case .ar3: ([.tell(.released), .closeTransport], .idle)
    case .ar4: ([.send(.releaseReply), .startTimer], .awaitingClose)
    case .ar5: ([.stopTimer], .idle)
    case .ar6: ([.tell(.data)], .awaitingReleaseReply)
    case .ar7: ([.send(.data)], .awaitingLocalRelease)
    case .ar8:
      (
        [.tell(.releaseCollision)],
        role == .requestor ? .collisionRequestorLocal : .collisionAcceptorReply
      )
    case .ar9: ([.send(.releaseReply)], .collisionRequestorReply)
    case .ar10: ([.tell(.released)], .collisionAcceptorLocal)
    case .aa1: ([.send(.abort(.user)), .startTimer], .awaitingClose)
    case .aa2: ([.stopTimer, .closeTransport], .idle)
    case .aa3: ([.tell(.aborted), .closeTransport], .idle)
    case .aa4: ([.tell(.providerAborted)], .idle)
    case .aa5: ([.stopTimer], .idle)
    case .aa6: ([], .awaitingClose)
    case .aa7: ([.send(.abort(.unexpectedPDU))], .awaitingClose)
    case .aa8:
      (
        [.send(.abort(.unexpectedPDU)), .tell(.providerAborted), .startTimer], .awaitingClose
      )
    }
  }
}

import DIMSE
import Testing

@Suite("State machine") struct StateMachineTests {
  /// Where an action leads, and what goes out: PS3.8 Tables 9-6 to 9-9, independent of the code.
  static let outcomes: [String: (next: Set<Int>, sends: UpperLayerEffect.Sending?)] = [
    "AE-1": ([4], nil), "AE-2": ([5], .associateRequest), "AE-3": ([6], nil), "AE-4": ([1], nil),
    "AE-5": ([2], nil), "AE-6": ([3], nil), "AE-7": ([6], .associateAccept),
    "AE-8": ([13], .associateReject), "DT-1": ([6], .data), "DT-2": ([6], nil),
    "AR-1": ([7], .releaseRequest), "AR-2": ([8], nil), "AR-3": ([1], nil),
    "AR-4": ([13], .releaseReply), "AR-5": ([1], nil), "AR-6": ([7], nil), "AR-7": ([8], .data),
    "AR-8": ([9, 10], nil), "AR-9": ([11], .releaseReply), "AR-10": ([12], nil),
    "AA-1": ([13], .abort(.user)), "AA-2": ([1], nil), "AA-3": ([1], nil), "AA-4": ([1], nil),
    "AA-5": ([1], nil), "AA-6": ([13], nil), "AA-7": ([13], .abort(.unexpectedPDU)),
    "AA-8": ([13], .abort(.unexpectedPDU)),
  ]

  static let closing: Set<String> = ["AE-4", "AR-3", "AA-2", "AA-3"]
  static let startingTimer: Set<String> = ["AE-5", "AE-8", "AR-4", "AA-1", "AA-8"]
  static let stoppingTimer: Set<String> = ["AE-6", "AR-5", "AA-2", "AA-5"]

  @Test(
    "every event in every state does what the standard's table says",
    arguments: UpperLayerMachine.Role.allCases)
  func table(role: UpperLayerMachine.Role) throws {
    let rows = try Fixture.rows("state-table.tsv")
    #expect(rows.count == UpperLayerEvent.allCases.count)
    for (event, row) in zip(UpperLayerEvent.allCases, rows) {
      #expect(row[0].hasPrefix("\(event.rawValue) "))
      for (state, expected) in zip(UpperLayerState.allCases, row.dropFirst()) {
        let place = "\(row[0]) in Sta\(state.rawValue)"
        var machine = UpperLayerMachine(role: role, state: state)
        let effects = machine.receive(event)
        guard let outcome = Self.outcomes[expected] else {
          #expect(expected == "-", "\(place)")
          #expect(effects == nil, "\(place)")
          #expect(machine.state == state, "\(place)")
          continue
        }
        let done = try #require(effects, "\(place)")
        #expect(outcome.next.contains(machine.state.rawValue), "\(place)")
        let sent = done.compactMap { if case .send(let what) = $0 { what } else { nil } }
        #expect(sent == [outcome.sends].compactMap { $0 }, "\(place)")
        #expect(done.contains(.closeTransport) == Self.closing.contains(expected), "\(place)")
        #expect(done.contains(.startTimer) == Self.startingTimer.contains(expected), "\(place)")
        #expect(done.contains(.stopTimer) == Self.stoppingTimer.contains(expected), "\(place)")
      }
    }
  }

  @Test("a request that the provider cannot take is rejected at once")
  func unacceptable() {
    var machine = UpperLayerMachine(role: .acceptor, state: .awaitingRequest)
    let effects = machine.receive(.requestReceived, acceptable: false)
    #expect(effects == [.stopTimer, .send(.associateReject), .startTimer])
    #expect(machine.state == .awaitingClose)
  }

  @Test("when both ask for release, requestor and acceptor go their own ways")
  func collision() {
    var requestor = UpperLayerMachine(role: .requestor, state: .awaitingReleaseReply)
    var acceptor = UpperLayerMachine(role: .acceptor, state: .awaitingReleaseReply)
    _ = requestor.receive(.releaseRequestReceived)
    _ = acceptor.receive(.releaseRequestReceived)
    #expect(requestor.state == .collisionRequestorLocal)
    #expect(acceptor.state == .collisionAcceptorReply)
    _ = requestor.receive(.localReleaseReply)
    _ = acceptor.receive(.releaseReplyReceived)
    #expect(acceptor.state == .collisionAcceptorLocal)
    _ = acceptor.receive(.localReleaseReply)
    #expect(acceptor.state == .awaitingClose)
    _ = requestor.receive(.releaseReplyReceived)
    #expect(requestor.state == .idle)
  }
}

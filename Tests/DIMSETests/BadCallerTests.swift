import DICOM
import DIMSE
import Foundation
import Synchronization
import TestSupport
import Testing

/// What a provider does with callers that fail, stall, or talk nonsense: it serves the others.
@Suite("Bad callers", .timeLimit(.minutes(2))) struct BadCallerTests {
  private func node() throws -> LoopbackTests.Node {
    try LoopbackTests.Node {
      $0.answersToAnyTitle = true
      $0.maximumAssociations = 200
      $0.requestTime = .milliseconds(300)
      $0.idleTime = .milliseconds(300)
      $0.timeouts = Timeouts(all: .milliseconds(300))
    }
  }

  /// Whether the provider still answers somebody who behaves.
  private func isServing(_ node: LoopbackTests.Node) throws -> Bool {
    let association = try Association.request(
      to: node.peer, as: try title("USER"), contexts: [.verification])
    let answer = try association.echo()
    try association.release()
    return answer.status == .success
  }

  private func recorded(_ scenario: String, _ number: Int) throws -> [UInt8] {
    try #require(
      try Capture.all().first { $0.scenario == scenario && $0.number == number }
    ).bytes
  }

  /// A caller whose association stands.
  private func caller(_ node: LoopbackTests.Node, scenario: String = "echo") throws -> RawSocket {
    let socket = try RawSocket.connected(to: node.peer.port)
    try socket.send(try recorded(scenario, 1))
    guard case .associateAccept? = try socket.receivePDU() else { throw RawSocket.Failure.system }
    return socket
  }

  @Test("who says nothing is hung up on")
  func silent() throws {
    let node = try node()
    let early = try RawSocket.connected(to: node.peer.port)
    #expect(try early.receive(1) == nil)
    let late = try caller(node)
    #expect(try late.awaitAbort() == .user)
    #expect(try isServing(node))
  }

  @Test("what comes instead of a request is aborted")
  func noRequest() throws {
    let node = try node()
    for bytes in [
      Array("GET / HTTP/1.1\r\n\r\n".utf8), try recorded("echo", 3),
      [1, 0, 0x7F, 0xFF, 0xFF, 0xFF],
    ] {
      let socket = try RawSocket.connected(to: node.peer.port)
      try socket.send(bytes)
      #expect(try socket.awaitAbort() != nil)
    }
    #expect(try isServing(node))
  }

  @Test("a protocol or application context that is not ours is rejected for good")
  func foreign() throws {
    let node = try node()
    var version = try recorded("echo", 1)
    version[7] = 2
    var context = try recorded("echo", 1)
    context[98] = UInt8(ascii: "9")
    for (bytes, reject) in [
      (version, AssociateReject.unknownProtocolVersion),
      (context, AssociateReject.unknownApplicationContext),
    ] {
      let socket = try RawSocket.connected(to: node.peer.port)
      try socket.send(bytes)
      #expect(try socket.receivePDU() == .associateReject(reject))
    }
  }

  @Test("a recorded talk is answered as the recorded peer answered")
  func replay() throws {
    let node = try node()
    let socket = try caller(node)
    try socket.send(try recorded("echo", 3))
    let answer = try #require(try socket.receiveMessage())
    #expect(answer.serialized == Array(try recorded("echo", 4).dropFirst(12)))
    try socket.send(try recorded("echo", 5))
    #expect(try socket.receivePDU() == .releaseReply)
  }

  @Test("roles that would fill more than an item of the answer are not answered")
  func roles() throws {
    let node = try node()
    let store = SOPClass.secondaryCapture
    let long = ContextTable.storageRoot + String(repeating: "7", count: 65527 - 24)
    let asked = [long, store].map {
      UserInformation.Item.role(RoleSelection(sopClassUID: $0, isUser: true, isProvider: true))
    }
    // One alone fills the item; so do many short ones of 33 bytes.
    let many = Array(repeating: asked[1], count: 65535 / 33)
    for items in [[asked[0]], many] {
      let request = AssociateRequest(
        calledAETitle: try title("ANY"), callingAETitle: try title("USER"),
        contexts: [
          ProposedContext(id: 1, abstractSyntax: store, transferSyntaxes: ["1.2.840.10008.1.2"])
        ], userInformation: UserInformation(items))
      let socket = try RawSocket.connected(to: node.peer.port)
      try socket.send(PDU.associateRequest(request).serialized)
      guard case .associateAccept(let accept)? = try socket.receivePDU() else {
        Issue.record("not accepted")
        continue
      }
      #expect(accept.userInformation.roleSelections.count <= 1)
    }
    #expect(try isServing(node))
  }

  @Test("a second request, an answer nobody asked for, another's context: aborted")
  func violations() throws {
    let node = try node()
    for bytes in [try recorded("echo", 1), try recorded("echo", 2), try recorded("echo", 6)] {
      let socket = try caller(node)
      try socket.send(bytes)
      #expect(try socket.awaitAbort() == .unexpectedPDU)
    }
    let socket = try caller(node)
    try socket.send(Command(.echo), context: 77)
    #expect(try socket.awaitAbort() == .user)
    #expect(try isServing(node))
  }

  @Test("half an instance is no instance")
  func half() throws {
    let node = try node()
    let socket = try caller(node, scenario: "store-fragmented-useridentity-async")
    try socket.send(try recorded("store-fragmented-useridentity-async", 3))
    try socket.send(try recorded("store-fragmented-useridentity-async", 4))
    socket.resetOnClose()
    #expect(try isServing(node))
    #expect(node.services.kept.withLock { $0.isEmpty })
  }

  @Test("a recorded instance in fragments is put together again")
  func fragments() throws {
    let node = try node()
    let scenario = "store-fragmented-useridentity-async"
    let socket = try caller(node, scenario: scenario)
    for number in 3...5 { try socket.send(try recorded(scenario, number)) }
    #expect(try socket.receiveMessage()?.status == .success)
    let whole = [UInt8](
      (try recorded(scenario, 4).dropFirst(12)) + (try recorded(scenario, 5).dropFirst(12)))
    #expect(node.services.kept.withLock { $0.first?.bytes } == whole)
  }

  @Test("whatever callers send, the provider serves the next one")
  func fuzz() throws {
    let seed = UInt64.random(in: .min ... .max)
    var random = SeededGenerator(seed: seed)
    let node = try node()
    let talks = Swift.Dictionary(grouping: try Capture.all().filter { !$0.type.hasSuffix("AC") }) {
      $0.scenario
    }.values.sorted { $0[0].scenario < $1[0].scenario }
    for round in 0..<120 {
      let socket = try RawSocket.connected(to: node.peer.port)
      var bytes = talks[round % talks.count].flatMap(\.bytes)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        // The request stays whole in most rounds, so that what follows is looked at.
        let from = round % 4 == 0 ? 0 : min(300, bytes.count - 1)
        bytes[Int.random(in: from..<bytes.count, using: &random)] =
          UInt8.random(in: .min ... .max, using: &random)
      }
      do { try socket.send(bytes) } catch RawSocket.Failure.system {
        // The provider may have hung up already.
      }
    }
    #expect(isServingAtLast(node), "seed \(seed)")
  }

  /// Whether the provider serves as soon as it has done with those who called before.
  private func isServingAtLast(_ node: LoopbackTests.Node) -> Bool {
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
      // While all its places are taken it turns callers away.
      if (try? isServing(node)) == true { return true }
    }
    return false
  }
}

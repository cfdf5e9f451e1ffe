import DICOM
import DIMSE
import Foundation
import Synchronization
import TestSupport
import Testing

/// What a user of the network learns when the other side fails, stalls, lies or talks nonsense.
@Suite("Bad peers", .timeLimit(.minutes(2))) struct BadPeerTests {
  private func request(
    _ bad: BadPeer, _ contexts: [ContextProposal] = [.verification],
    interruption: Interruption = Interruption()
  ) throws -> Association {
    try Association.request(
      to: bad.peer, as: try title("USER"), contexts: contexts,
      options: .init(timeouts: Timeouts(all: .milliseconds(400))), interruption: interruption)
  }

  private func failure(_ bad: BadPeer, _ work: (Association) throws -> Void = { _ in }) throws
    -> AssociationError
  {
    try #require(throws: AssociationError.self) {
      let association = try request(
        bad, [.verification, ContextProposal(SOPClass.secondaryCapture), .find(.study)])
      try work(association)
    }
  }

  private func echo(_ association: Association) throws { _ = try association.echo() }

  private func store(_ association: Association, bytes: Int) throws {
    _ = try association.store(
      StoreRequest(sopClassUID: SOPClass.secondaryCapture, sopInstanceUID: "1.2.3.4"),
      transferSyntax: .explicitVRLittleEndian, dataSet: [UInt8](repeating: 0, count: bytes))
  }

  @Test("nobody there")
  func nobody() throws {
    // A port that was free a moment ago.
    let port = try { try RawSocket.listening().port }()
    let peer = Peer(host: "127.0.0.1", port: port, aeTitle: try title("BAD"))
    let error = try #require(throws: AssociationError.self) { try refusedRequest(peer) }
    guard case .cannotConnect("127.0.0.1", port, _) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(error.kind == .permanent)
  }

  private func refusedRequest(_ peer: Peer) throws {
    _ = try Association.request(
      to: peer, as: try title("USER"), contexts: [.verification],
      options: .init(timeouts: Timeouts(all: .milliseconds(400))))
  }

  @Test("a name that nobody has")
  func unknownName() throws {
    let peer = Peer(host: "no-such-host.invalid", port: 104, aeTitle: try title("BAD"))
    let error = try #require(throws: AssociationError.self) { try refusedRequest(peer) }
    guard case .cannotResolve("no-such-host.invalid", _) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(error.kind == .permanent)
  }

  @Test("accepts the call and says nothing")
  func silent() throws {
    let bad = try BadPeer { _ = try $0.receive(1 << 20) }
    let clock = ContinuousClock()
    var error: AssociationError?
    let time = try clock.measure { error = try failure(bad) }
    #expect(error == .timeout(.associating))
    #expect(time < .seconds(5))
    try bad.finish()
  }

  @Test("closes at once, or in the middle of its answer")
  func closes() throws {
    let first = try BadPeer { _ = try $0.receivePDU() }
    #expect(
      try failure(first) == .connectionLost(.associating, detail: "closed by the peer"))
    let second = try BadPeer {
      _ = try $0.receivePDU()
      try $0.send([2, 0, 0, 0, 0, 200, 0, 1])
    }
    let error = try failure(second)
    #expect(error == .connectionLost(.associating, detail: "closed by the peer, inside a PDU"))
    #expect(error.kind == .transient)
  }

  @Test("is a web server")
  func garbage() throws {
    let abort = Mutex<Abort?>(nil)
    let bad = try BadPeer {
      _ = try $0.receivePDU()
      try $0.send(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
      let heard = try $0.awaitAbort()
      abort.withLock { $0 = heard }
    }
    let error = try failure(bad)
    #expect(error == .protocolViolation(.badPDU(.unknownType(0x48))))
    #expect(error.kind == .protocolViolation)
    try bad.finish()
    #expect(abort.withLock { $0 } == .unrecognizedPDU)
  }

  @Test("announces 4 GB")
  func oversize() throws {
    let bad = try BadPeer {
      _ = try $0.receivePDU()
      try $0.send([2, 0, 0xFF, 0xFF, 0xFF, 0xFF])
      _ = try $0.awaitAbort()
    }
    #expect(
      try failure(bad)
        == .protocolViolation(.badPDU(.tooLong(type: 2, length: 0xFFFF_FFFF, limit: 1 << 20))))
  }

  /// Every code of PS3.8 Table 9-21, and one that it does not know.
  static let rejections: [(AssociateReject, String, AssociationError.Kind)] = [
    (.init(result: 1, source: 1, reason: 1), "no reason given", .permanent),
    (.init(result: 1, source: 1, reason: 2), "application context not supported", .permanent),
    (.init(result: 1, source: 1, reason: 3), "calling AE title not recognised", .permanent),
    (.init(result: 1, source: 1, reason: 7), "called AE title not recognised", .permanent),
    (.init(result: 1, source: 2, reason: 1), "no reason given", .permanent),
    (.init(result: 1, source: 2, reason: 2), "protocol version not supported", .permanent),
    (.init(result: 2, source: 3, reason: 1), "temporary congestion", .transient),
    (.init(result: 2, source: 3, reason: 2), "local limit", .transient),
    (.init(result: 1, source: 9, reason: 9), "an unknown reason", .permanent),
  ]

  @Test("rejects, with every code", arguments: rejections)
  func rejects(reject: AssociateReject, words: String, kind: AssociationError.Kind) throws {
    let bad = try BadPeer {
      _ = try $0.receivePDU()
      try $0.send([3, 0, 0, 0, 0, 4, 0, reject.result, reject.source, reject.reason])
    }
    let error = try failure(bad)
    #expect(error == .rejected(reject))
    #expect("\(error)".contains(words))
    #expect(error.kind == kind)
  }

  @Test("accepts a transfer syntax that nobody proposed")
  func wrongSyntax() throws {
    let bad = try BadPeer {
      try $0.accept { $0.contexts[0].transferSyntax = "1.2.3" }
      _ = try $0.awaitAbort()
    }
    #expect(
      try failure(bad)
        == .protocolViolation(.transferSyntaxNotProposed(contextID: 1, transferSyntaxUID: "1.2.3")))
  }

  @Test("takes PDUs that are too short to hold anything")
  func tinyPDUs() throws {
    let bad = try BadPeer {
      try $0.accept(maximumLength: 5)
      _ = try $0.awaitAbort()
    }
    #expect(try failure(bad) == .protocolViolation(.maximumLengthTooSmall(5)))
  }

  @Test("answers none of the contexts: then it is released, not aborted")
  func noContexts() throws {
    let last = Mutex<PDU?>(nil)
    let bad = try BadPeer { socket in
      try socket.accept { $0.contexts = [] }
      let pdu = try socket.receivePDU()
      last.withLock { $0 = pdu }
      try socket.send(PDU.releaseReply.serialized)
    }
    guard case .noAcceptedContext(let answers) = try failure(bad) else {
      Issue.record("not refused")
      return
    }
    #expect(answers.map(\.result) == [nil, nil, nil])
    try bad.finish()
    #expect(last.withLock { $0 } == .releaseRequest)
  }

  @Test("aborts: at once, and instead of an answer")
  func aborts() throws {
    let early = try BadPeer {
      _ = try $0.receivePDU()
      try $0.send([7, 0, 0, 0, 0, 4, 0, 0, 2, 0])
    }
    #expect(try failure(early) == .aborted(.notSpecified, during: .associating))
    let late = try BadPeer {
      try $0.accept()
      _ = try $0.receiveMessage()
      try $0.send([7, 0, 0, 0, 0, 4, 0, 0, 0, 0])
    }
    let error = try failure(late, echo)
    #expect(error == .aborted(.user, during: .awaitingResponse))
    #expect(error.kind == .transient)
  }

  @Test("never answers a request: it is aborted")
  func neverAnswers() throws {
    let abort = Mutex<Abort?>(nil)
    let bad = try BadPeer {
      try $0.accept()
      _ = try $0.receiveMessage()
      let heard = try $0.awaitAbort()
      abort.withLock { $0 = heard }
    }
    #expect(try failure(bad, echo) == .timeout(.awaitingResponse))
    try bad.finish()
    #expect(abort.withLock { $0 } == .user)
  }

  @Test("stops reading in the middle of an instance")
  func stopsReading() throws {
    let done = DispatchSemaphore(value: 0)
    let bad = try BadPeer {
      try $0.accept()
      _ = try $0.receive(1000)
      done.wait()
    }
    #expect(try failure(bad) { try store($0, bytes: 64 << 20) } == .timeout(.sending))
    done.signal()
    try bad.finish()
  }

  @Test("crashes in the middle of an instance")
  func crashes() throws {
    let bad = try BadPeer {
      try $0.accept()
      _ = try $0.receive(100_000)
      $0.resetOnClose()
    }
    guard
      case .connectionLost(.sending, _) = try failure(bad, { try store($0, bytes: 64 << 20) })
    else {
      Issue.record("not lost")
      return
    }
  }

  @Test("aborts in the middle of an instance: that is told, not the broken pipe")
  func abortsWhileReceiving() throws {
    let done = DispatchSemaphore(value: 0)
    let bad = try BadPeer {
      try $0.accept()
      _ = try $0.receive(100_000)
      try $0.send([7, 0, 0, 0, 0, 4, 0, 0, 2, 6])
      done.wait()
    }
    let error = try failure(bad) { try store($0, bytes: 64 << 20) }
    #expect(error == .aborted(.invalidParameter, during: .sending))
    done.signal()
    try bad.finish()
  }

  /// What is sent instead of the answer to an echo, and what that is.
  struct Nonsense: CustomTestStringConvertible, Sendable {
    var name: String
    var expected: ProtocolViolation
    var script: @Sendable (RawSocket, Command) throws -> Void

    var testDescription: String { name }
  }

  static let nonsense: [Nonsense] = [
    .init(name: "an answer to another message", expected: .wrongMessageID(expected: 1, found: 77)) {
      socket, request in
      var answer = request.response(.success)
      answer.messageIDBeingRespondedTo = 77
      try socket.send(answer)
    },
    .init(
      name: "an answer of another kind",
      expected: .wrongResponse(
        expected: CommandField.echo.response, found: CommandField.find.response)
    ) { socket, request in
      var answer = request.response(.success)
      answer.field = CommandField.find.response
      try socket.send(answer)
    },
    .init(name: "no status", expected: .statusMissing(CommandField.echo.response)) {
      socket, request in
      var answer = request.response(.success)
      answer.status = nil
      try socket.send(answer)
    },
    .init(name: "a context that was not accepted", expected: .unknownContext(99)) {
      socket, request in
      try socket.send(request.response(.success), context: 99)
    },
    .init(name: "data without a command", expected: .mixedFragments) { socket, _ in
      try socket.sendData([1, 2, 3, 4])
    },
    .init(name: "a command that ends too early", expected: .badCommand(.truncated(at: 8))) {
      socket, _ in
      try socket.send([4, 0, 0, 0, 0, 14, 0, 0, 0, 10, 1, 3, 0, 0, 0, 0, 4, 0, 0, 0])
    },
    .init(name: "a second acceptance", expected: .unexpectedPDU("A-ASSOCIATE-AC")) { socket, _ in
      let capture = try #require(try Capture.all().first { $0.type == "A-ASSOCIATE-AC" })
      try socket.send(capture.bytes)
    },
    .init(name: "a release", expected: .unexpectedPDU("A-RELEASE-RQ")) { socket, _ in
      try socket.send(PDU.releaseRequest.serialized)
    },
  ]

  @Test("answers an echo with nonsense", arguments: nonsense)
  func talksNonsense(item: Nonsense) throws {
    let isAborted = Mutex(false)
    let bad = try BadPeer { socket in
      try socket.accept()
      let request = try #require(try socket.receiveMessage())
      try item.script(socket, request)
      let abort = try socket.awaitAbort()
      isAborted.withLock { $0 = abort != nil }
    }
    let error = try failure(bad, echo)
    #expect(error == .protocolViolation(item.expected))
    #expect(!"\(error)".contains("\n"))
    try bad.finish()
    #expect(isAborted.withLock { $0 })
  }

  @Test("says 'stored' of another instance")
  func wrongInstance() throws {
    let bad = try BadPeer { socket in
      try socket.accept()
      let request = try #require(try socket.receiveMessage())
      var answer = request.response(.success)
      answer.affectedSOPInstanceUID = "1.2.3.5"
      try socket.send(answer, context: 3)
      _ = try socket.awaitAbort()
    }
    #expect(
      try failure(bad) { try store($0, bytes: 100) }
        == .protocolViolation(.wrongInstance(expected: "1.2.3.4", found: "1.2.3.5")))
  }

  /// PS3.4 Table B.2-1 and PS3.7 Annex C.
  static let statuses: [(UInt16, Status.Category, String)] = [
    (0x0000, .success, "success"), (0xB000, .warning, "changed"), (0xB006, .warning, "left out"),
    (0xB007, .warning, "does not match"), (0xA700, .failure, "out of resources"),
    (0xA7FF, .failure, "out of resources"), (0xA900, .failure, "does not match its SOP class"),
    (0xC000, .failure, "not understood"), (0x0110, .failure, "processing failure"),
    (0x0111, .failure, "already there"), (0x0117, .failure, "invalid instance UID"),
    (0x0122, .failure, "not supported"), (0x0124, .failure, "not authorised"),
    (0x0213, .failure, "resource limitation"), (0x5555, .failure, "a failure of its own"),
  ]

  @Test("answers an instance with every status", arguments: statuses)
  func storeStatus(code: UInt16, category: Status.Category, words: String) throws {
    let bad = try BadPeer { socket in
      try socket.accept()
      let request = try #require(try socket.receiveMessage())
      var answer = request.response(Status(code))
      answer.errorComment = "why"
      try socket.send(answer, context: 3)
      _ = try socket.receivePDU()
      try socket.send(PDU.releaseReply.serialized)
    }
    let association = try request(bad, [.verification, ContextProposal(SOPClass.secondaryCapture)])
    let answer = try association.store(
      StoreRequest(sopClassUID: SOPClass.secondaryCapture, sopInstanceUID: "1.2.3.4"),
      transferSyntax: .explicitVRLittleEndian, dataSet: [0, 0, 0, 0])
    #expect(answer.status.category == category)
    #expect(answer.status.isDone == (category != .failure))
    #expect(answer.description.contains(words))
    #expect(answer.description.contains("\"why\""))
    #expect((answer.advice == nil) == (category == .success))
    try association.release()
    try bad.finish()
  }

  @Test("sends a match without its data, or with data that end too early")
  func badMatches() throws {
    let missing = try BadPeer { socket in
      try socket.accept()
      let request = try #require(try socket.receiveMessage())
      try socket.send(request.response(.pending), context: 5)
      _ = try socket.awaitAbort()
    }
    #expect(
      try failure(missing) { _ = try $0.find(.study, level: .study, keys: DataSet()) }
        == .protocolViolation(.dataSetMissing(CommandField.find.response)))
    let torn = try BadPeer { socket in
      try socket.accept()
      let request = try #require(try socket.receiveMessage())
      try socket.send(request.response(.pending, hasDataSet: true), context: 5)
      try socket.sendData([0x10, 0, 0x20, 0, 0x4C, 0x4F, 8, 0, 0x31], context: 5)
      _ = try socket.awaitAbort()
    }
    let error = try failure(torn) { _ = try $0.find(.study, level: .study, keys: DataSet()) }
    guard case .protocolViolation(.badDataSet) = error else {
      Issue.record("\(error)")
      return
    }
  }

  @Test("does not answer a release; closes instead; asks for release itself")
  func releases() throws {
    let silent = try BadPeer {
      try $0.accept()
      _ = try $0.awaitAbort()
    }
    #expect(try failure(silent) { try $0.release() } == .timeout(.releasing))
    let closing = try BadPeer {
      try $0.accept()
      _ = try $0.receivePDU()
    }
    try request(closing).release()
    let colliding = try BadPeer { socket in
      try socket.accept()
      _ = try socket.receivePDU()
      try socket.send(PDU.releaseRequest.serialized)
      let reply = try socket.receivePDU()
      #expect(reply == .releaseReply)
      try socket.send(PDU.releaseReply.serialized)
    }
    try request(colliding).release()
    try colliding.finish()
  }

  @Test("grants four operations at once and answers them backwards: each answer finds its instance")
  func operationsWindow() throws {
    let bad = try BadPeer { socket in
      try socket.accept {
        $0.userInformation.items.append(.asynchronousOperations(invoked: 4, performed: 1))
      }
      var requests: [Command] = []
      for _ in 0..<4 { requests.append(try #require(try socket.receiveMessage())) }
      for request in requests.reversed() {
        let isFirst = request.affectedSOPInstanceUID == "1.2.3.0"
        try socket.send(request.response(isFirst ? .outOfResources : .success))
      }
      _ = try socket.receivePDU()
      try socket.send(PDU.releaseReply.serialized)
    }
    var options = Association.Options(timeouts: Timeouts(all: .seconds(5)))
    options.operationsWindow = 8
    let association = try Association.request(
      to: bad.peer, as: try title("USER"), contexts: [ContextProposal(SOPClass.secondaryCapture)],
      options: options)
    #expect(association.operationsWindow == 4)
    let bytes = [UInt8](repeating: 0, count: 100_000)
    for number in 0..<4 {
      try association.beginStore(
        StoreRequest(
          sopClassUID: SOPClass.secondaryCapture, sopInstanceUID: "1.2.3.\(number)"),
        transferSyntax: .explicitVRLittleEndian, dataSet: bytes.span.bytes)
    }
    var answers: [String: Status] = [:]
    for _ in 0..<4 {
      let (request, answer) = try association.nextStoreAnswer()
      answers[request.sopInstanceUID] = answer.status
    }
    #expect(
      answers == [
        "1.2.3.0": .outOfResources, "1.2.3.1": .success, "1.2.3.2": .success,
        "1.2.3.3": .success,
      ])
    try association.release()
    try bad.finish()
  }

  @Test("an interruption ends a wait at once, in order")
  func interruption() throws {
    let abort = Mutex<Abort?>(nil)
    let stop = Interruption()
    let bad = try BadPeer {
      try $0.accept()
      _ = try $0.receiveMessage()
      stop.interrupt()
      let heard = try $0.awaitAbort()
      abort.withLock { $0 = heard }
    }
    let association = try Association.request(
      to: bad.peer, as: try title("USER"), contexts: [.verification], interruption: stop)
    let error = try #require(throws: AssociationError.self) { _ = try association.echo() }
    #expect(error == .cancelled)
    try bad.finish()
    #expect(abort.withLock { $0 } == .user)
    #expect(throws: AssociationError.ended) { _ = try association.echo() }
  }

  #if os(Linux)
    @Test("a host that never answers the call")
    func neverConnects() throws {
      // A queue of one that is full: the system then drops what else comes.
      let (listener, port) = try RawSocket.listening(backlog: 0)
      let fillers = try (0..<4).map { _ in try RawSocket.unconnected() }
      for filler in fillers { filler.connect(to: port, waiting: false) }
      let peer = Peer(host: "127.0.0.1", port: port, aeTitle: try title("BAD"))
      let error = try #require(throws: AssociationError.self) { try refusedRequest(peer) }
      #expect(error == .connectTimeout(host: "127.0.0.1", port: port))
      #expect(error.kind == .permanent)
      withExtendedLifetime((listener, fillers)) {}
    }
  #endif
}

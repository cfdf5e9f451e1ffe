import DICOM
import DIMSE
import Synchronization
import TestSupport
import Testing

@Suite("User and provider, talking to each other", .timeLimit(.minutes(1)))
struct LoopbackTests {
  /// A provider on a free port, and what is needed to call it.
  final class Node: Sendable {
    let provider: Provider
    let services: MemoryServices
    let peer: Peer
    let log = Log()

    init(
      _ name: String = "NODE", destinations: [AETitle: Peer] = [:],
      configure: (inout ProviderConfiguration) -> Void = { _ in }
    ) throws {
      var table = ContextTable(
        storage: .init(ContextTable.everyTransferSyntax, requestorMayProvide: true))
      for service in [
        SOPClass.verification, SOPClass.studyRootFind, SOPClass.studyRootGet,
        SOPClass.studyRootMove,
      ] {
        table[service] = .init([.explicitVRLittleEndian, .implicitVRLittleEndian])
      }
      table[SOPClass.storageCommitment] = .init(
        [.explicitVRLittleEndian, .implicitVRLittleEndian], requestorMayProvide: true)
      var configuration = ProviderConfiguration(aeTitle: try title(name), contexts: table)
      configuration.timeouts = Timeouts(all: .seconds(5))
      configure(&configuration)
      services = MemoryServices(destinations: destinations)
      let log = log
      provider = Provider(configuration, services: services) { log.add($0) }
      peer = Peer(
        host: "127.0.0.1", port: try provider.start(), aeTitle: configuration.aeTitle)
    }

    deinit { provider.stop() }
  }

  final class Log: Sendable {
    let events = Mutex<[ProviderEvent]>([])
    func add(_ event: ProviderEvent) { events.withLock { $0.append(event) } }
  }

  private func options() -> Association.Options {
    Association.Options(timeouts: Timeouts(all: .seconds(5)))
  }

  private func open(
    _ node: Node, _ contexts: [ContextProposal], options: Association.Options? = nil
  ) throws -> Association {
    try Association.request(
      to: node.peer, as: try title("USER"), contexts: contexts,
      options: options ?? self.options())
  }

  @Test("an echo is answered, and the association released")
  func echo() throws {
    let node = try Node()
    let association = try open(node, [.verification])
    #expect(try association.echo().status == .success)
    #expect(try association.echo().status == .success)
    try association.release()
    node.provider.stopAndWait()
    let caller = Caller(aeTitle: try title("USER"), host: "127.0.0.1")
    #expect(
      node.log.events.withLock { $0 } == [
        .opened(caller), .served(caller, .echo, .success), .served(caller, .echo, .success),
        .released(caller),
      ])
  }

  @Test(
    "an instance arrives byte for byte, whatever the longest PDU of either side",
    arguments: [8, 127, 4096, 16382, 131_072, 0] as [UInt32])
  func store(maximumLength: UInt32) throws {
    let node = try Node { $0.maximumLength = maximumLength }
    let count = maximumLength == 8 ? 200 : 300_000
    let dataSet = try Samples.capture(pixelBytes: count)
    let bytes = try DataSetEncoder.encode(dataSet, transferSyntax: .explicitVRLittleEndian)
    let association = try open(node, [ContextProposal(SOPClass.secondaryCapture)])
    let answer = try association.store(
      try Samples.request(dataSet), transferSyntax: .explicitVRLittleEndian, dataSet: bytes)
    #expect(answer.status == .success)
    try association.release()
    let kept = node.services.kept.withLock { $0 }
    #expect(kept.count == 1)
    #expect(kept.first?.bytes == bytes)
    #expect(kept.first?.instance.transferSyntax == .explicitVRLittleEndian)
  }

  @Test(
    "the peer picks one syntax for each context; a class in several contexts shows which it takes")
  func negotiation() throws {
    let node = try Node()
    let association = try open(
      node,
      ContextProposal.each(
        SOPClass.secondaryCapture,
        [.implicitVRLittleEndian, .explicitVRLittleEndian, TransferSyntax(uid: "1.2.3")])
        + [ContextProposal("1.2.3.4")])
    #expect(
      association.answers.map(\.result) == [
        .accepted, .accepted, .transferSyntaxesNotSupported, .abstractSyntaxNotSupported,
      ])
    #expect(
      association.transferSyntaxes(for: SOPClass.secondaryCapture)
        == [.implicitVRLittleEndian, .explicitVRLittleEndian])
    try association.release()
  }

  @Test("a peer that takes nothing is named, with what it said")
  func nothingAccepted() throws {
    let node = try Node()
    let error = try #require(throws: AssociationError.self) {
      _ = try open(node, [ContextProposal("1.2.3.4")])
    }
    guard case .noAcceptedContext(let answers) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(answers.map(\.result) == [.abstractSyntaxNotSupported])
    #expect(error.kind == .permanent)
  }

  @Test("strangers and wrong names are rejected in words")
  func rejections() throws {
    let stranger = try title("STRANGER")
    let node = try Node { $0.allowedCallers = [stranger] }
    let calling = try #require(throws: AssociationError.self) {
      _ = try open(node, [.verification])
    }
    #expect(calling == .rejected(.unknownCallingAETitle))
    #expect(
      "\(calling)"
        == "PACS refused the association: calling AE title not recognised (result 1, source 1,"
        + " reason 3). Ask the PACS team to add our AE title, with our address, to the known nodes."
    )
    let wrong = Peer(host: "127.0.0.1", port: node.peer.port, aeTitle: try title("WRONG"))
    let called = try #require(throws: AssociationError.self) {
      _ = try Association.request(
        to: wrong, as: stranger, contexts: [.verification], options: options())
    }
    #expect(called == .rejected(.unknownCalledAETitle))
    #expect(called.kind == .permanent)
  }

  @Test("one association too many is told to come back")
  func congestion() throws {
    let node = try Node { $0.maximumAssociations = 2 }
    let first = try open(node, [.verification])
    let second = try open(node, [.verification])
    let error = try #require(throws: AssociationError.self) {
      _ = try open(node, [.verification])
    }
    #expect(error == .rejected(.localLimitExceeded))
    #expect(error.kind == .transient)
    try first.release()
    try second.release()
  }

  @Test("matches come one by one, and a cancel stops them")
  func find() throws {
    let node = try Node()
    let association = try open(node, [.find(.study)])
    var keys = DataSet()
    try keys.set(.instanceNumber, integer: 7)
    let (matches, answer) = try association.find(.study, level: .image, keys: keys)
    #expect(answer.status == .success)
    #expect(try matches.map { try $0.requiredInteger(.instanceNumber) } == Array(0..<7))

    try keys.set(.instanceNumber, integer: 1_000_000)
    var count = 0
    let cancelled = try association.find(.study, level: .image, keys: keys) { _ in
      count += 1
      return count < 5
    }
    #expect(cancelled.status == .cancelled)
    #expect(count == 5)
    try association.release()
  }

  @Test("instances come back over the same association")
  func get() throws {
    let node = try Node()
    let bytes = try fill(node, count: 3)
    let association = try open(
      node,
      [
        .get(.study),
        ContextProposal(SOPClass.secondaryCapture, [.explicitVRLittleEndian], role: .provider),
      ])
    var received: [[UInt8]] = []
    var keys = DataSet()
    try keys.set(.studyInstanceUID, "1.2.3")
    let outcome = try association.get(.study, level: .study, keys: keys) {
      (_, stream) throws(AssociationError) in
      received.append(try stream.whole(limit: 1 << 20))
      return .success
    }
    #expect(outcome.answer.status == .success)
    #expect(outcome.progress.completed == 3)
    #expect(received == bytes)
    try association.release()
  }

  @Test("an instance that the receiver refuses is listed as failed")
  func getRefused() throws {
    let node = try Node()
    _ = try fill(node, count: 2)
    let association = try open(
      node,
      [
        .get(.study),
        ContextProposal(SOPClass.secondaryCapture, [.explicitVRLittleEndian], role: .provider),
      ])
    var count = 0
    let outcome = try association.get(.study, level: .study, keys: DataSet()) { _, _ in
      count += 1
      return count == 1 ? .outOfResources : .success
    }
    #expect(outcome.answer.status == .subOperationsWithFailures)
    #expect(outcome.progress.failed == 1)
    #expect(outcome.failedInstanceUIDs == ["1.2.826.0.1.3680043.9.9999.7.1.1"])
    try association.release()
  }

  @Test("instances are moved to a third node, which learns who asked")
  func move() throws {
    let target = try Node("TARGET")
    let node = try Node(destinations: [target.peer.aeTitle: target.peer])
    let bytes = try fill(node, count: 3)
    let association = try open(node, [.move(.study)])
    let outcome = try association.move(
      .study, level: .study, keys: DataSet(), to: target.peer.aeTitle)
    #expect(outcome.answer.status == .success)
    #expect(outcome.progress.completed == 3)
    let kept = target.services.kept.withLock { $0 }
    #expect(kept.map(\.bytes) == bytes)
    #expect(kept.first?.instance.moveOriginator?.aeTitle == (try title("USER")))
    let unknown = try association.move(
      .study, level: .study, keys: DataSet(), to: try title("NOWHERE"))
    #expect(unknown.answer.status == .moveDestinationUnknown)
    try association.release()
  }

  @Test("a promise comes on the association it was asked on")
  func commitmentHere() throws {
    let node = try Node()
    _ = try fill(node, count: 1)
    let request = commitmentRequest()
    let association = try open(node, [.storageCommitment])
    #expect(try association.requestCommitment(request).status == .success)
    let result = try association.eventReport(within: .seconds(5))?.commitment
    #expect(result?.transactionUID == request.transactionUID)
    #expect(result?.committed == [request.references[0]])
    #expect(result?.failed == [.init(reference: request.references[1], reason: .noSuchInstance)])
    try association.release()
  }

  @Test("a promise comes on an association that the peer opens")
  func commitmentThere() throws {
    let listener = try Node("USER")
    let node = try Node(destinations: [listener.peer.aeTitle: listener.peer])
    _ = try fill(node, count: 1)
    let request = commitmentRequest()
    let association = try open(node, [.storageCommitment])
    #expect(try association.requestCommitment(request).status == .success)
    #expect(try association.eventReport(within: .milliseconds(1)) == nil)
    try association.release()
    let event = try wait(for: listener)
    #expect(event.commitment?.committed == [request.references[0]])
    #expect(event.eventTypeID == 2)
  }

  @Test("who asks for promises and does not listen is refused before it fills the provider")
  func commitmentsUnderWay() throws {
    // Connections are taken by the system; nobody reads what comes.
    let (deaf, port) = try RawSocket.listening(backlog: 16)
    let destination = Peer(host: "127.0.0.1", port: port, aeTitle: try title("USER"))
    let node = try Node(destinations: [destination.aeTitle: destination]) {
      $0.maximumAssociations = 3
    }
    let association = try open(node, [.storageCommitment])
    var statuses: [Status] = []
    for _ in 0..<5 {
      statuses.append(try association.requestCommitment(commitmentRequest()).status)
    }
    #expect(
      statuses == [.success, .success, .success, .resourceLimitation, .resourceLimitation])
    association.abort()
    // What is under way ends with the provider, long before its own time is over.
    let start = ContinuousClock.now
    node.provider.stopAndWait()
    #expect(ContinuousClock.now - start < .seconds(4))
    withExtendedLifetime(deaf) {}
  }

  @Test("several stores are under way where the peer allows it, else one")
  func window() throws {
    let node = try Node()
    var options = options()
    options.operationsWindow = 4
    let association = try open(
      node, [ContextProposal(SOPClass.secondaryCapture)], options: options)
    // Our provider grants nothing beyond one at a time.
    #expect(association.operationsWindow == 1)
    let dataSet = try Samples.capture()
    let bytes = try DataSetEncoder.encode(dataSet, transferSyntax: .explicitVRLittleEndian)
    let request = try Samples.request(dataSet)
    try association.beginStore(
      request, transferSyntax: .explicitVRLittleEndian, dataSet: bytes.span.bytes)
    let (answered, answer) = try association.nextStoreAnswer()
    #expect(answered == request)
    #expect(answer.status == .success)
    try association.release()
  }

  private func fill(_ node: Node, count: Int) throws -> [[UInt8]] {
    let association = try open(
      node, [ContextProposal(SOPClass.secondaryCapture, [.explicitVRLittleEndian])])
    var all: [[UInt8]] = []
    for number in 1...count {
      let dataSet = try Samples.capture(number)
      let bytes = try DataSetEncoder.encode(dataSet, transferSyntax: .explicitVRLittleEndian)
      let answer = try association.store(
        try Samples.request(dataSet), transferSyntax: .explicitVRLittleEndian, dataSet: bytes)
      #expect(answer.status == .success)
      all.append(bytes)
    }
    try association.release()
    return all
  }

  private func commitmentRequest() -> StorageCommitment.Request {
    .init(
      transactionUID: "2.25.77",
      references: [
        .init(
          sopClassUID: SOPClass.secondaryCapture,
          sopInstanceUID: "1.2.826.0.1.3680043.9.9999.7.1.1"),
        .init(sopClassUID: SOPClass.secondaryCapture, sopInstanceUID: "1.2.3.4.5"),
      ])
  }

  /// The first event that reaches a node.
  private func wait(for node: Node) throws -> EventReport {
    let deadline = ContinuousClock.now.advanced(by: .seconds(10))
    while ContinuousClock.now < deadline {
      if let event = node.services.events.withLock({ $0.first }) { return event }
      // Each echo takes a turn of the network, and gives the other threads theirs.
      let association = try open(node, [.verification])
      _ = try association.echo()
      try association.release()
    }
    return try #require(node.services.events.withLock { $0.first })
  }
}

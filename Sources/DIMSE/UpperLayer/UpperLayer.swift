/// One association's wire: a socket, the state machine, and what has arrived so far.
///
/// It belongs to one thread at a time; only its ``Interruption`` may be pulled from elsewhere.
final class UpperLayer {
  private(set) var machine: UpperLayerMachine
  let timeouts: Timeouts
  let interruption: Interruption
  /// The longest body of a PDU that is taken, whatever was announced: some peers count differently.
  let receiveLimit: Int
  /// What both sides agreed on; empty until then.
  var contexts: [UInt8: AgreedContext] = [:]
  /// The longest body of a P-DATA-TF that the peer takes.
  var sendLimit = UpperLayer.sendCeiling
  /// Fragments that have arrived and were not yet read, the oldest first.
  var fragments: [PresentationDataValue] = []
  /// The context of a data set that is on its way to us.
  var incomingDataSet: UInt8?

  private var socket: Socket?
  private var received = ReceiveBuffer()
  /// Whether part of a PDU is out: then nothing else may follow it.
  private var isMidPDU = false

  /// Longer PDUs gain nothing, and make the peer wait longer for the first byte it can use.
  static let sendCeiling = 128 << 10
  /// How long a peer that was aborted may take to close.
  private static let closingTime = Duration.milliseconds(500)

  init(
    socket: consuming Socket, role: UpperLayerMachine.Role, timeouts: Timeouts,
    interruption: Interruption
  ) {
    machine = UpperLayerMachine(role: role)
    self.socket = consume socket
    self.timeouts = timeouts
    self.interruption = interruption
    receiveLimit = 1 << 20
    if role == .requestor {
      _ = machine.receive(.localAssociateRequest)
    } else {
      _ = machine.receive(.transportAccepted)
    }
  }

  /// Whether the association can carry messages.
  var isEstablished: Bool { machine.state == .established }

  /// Where the other end is.
  var peerHost: String { socket?.peerHost ?? "unknown address" }

  /// Feeds a local event, sends what it asks for.
  func perform(
    _ event: UpperLayerEvent, sending pdu: PDU? = nil, phase: AssociationError.Phase
  ) throws(AssociationError) {
    guard let effects = machine.receive(event) else { throw .ended }
    for effect in effects where effect.isSending {
      if let pdu { try write(pdu.serialized, phase: phase) }
    }
    if effects.contains(.closeTransport) { close() }
  }

  /// Reads the next PDU and feeds it to the state machine; what it means is for the caller.
  ///
  /// An abort, a lost connection, nonsense and silence end the association and are thrown.
  func nextPDU(
    until deadline: Deadline, phase: AssociationError.Phase
  ) throws(AssociationError) -> PDU {
    while true {
      if let pdu = try parsedPDU() { return try digest(pdu, phase: phase) }
      let count: Int
      do throws(SocketError) {
        count = try fill(until: deadline)
      } catch {
        throw fail(error, phase: phase)
      }
      if count == 0 {
        _ = machine.receive(.transportClosed)
        close()
        let partly = received.isEmpty ? "" : ", inside a PDU"
        throw .connectionLost(phase, detail: "closed by the peer\(partly)")
      }
    }
  }

  /// Whether anything has arrived that was not yet read.
  var hasArrived: Bool {
    if !fragments.isEmpty || !received.isEmpty { return true }
    guard socket != nil else { return false }
    let ready = SystemCalls.wait([(socket?.descriptor ?? -1, .read)], milliseconds: 0)
    return !(ready.first ?? []).isEmpty
  }

  /// Waits until something has arrived; false when the time is over.
  func waitForArrival(within duration: Duration) throws(AssociationError) -> Bool {
    if hasArrived { return true }
    guard socket != nil else { throw .ended }
    do throws(SocketError) {
      _ = try socket?.wait(for: .read, until: Deadline(duration), unless: interruption)
      return true
    } catch .timeout {
      return false
    } catch {
      throw fail(error, phase: .idle)
    }
  }

  private func parsedPDU() throws(AssociationError) -> PDU? {
    do throws(PDUError) {
      return try PDU.next(in: &received, limit: receiveLimit)
    } catch {
      let effects = machine.receive(.invalidPDU) ?? []
      abandon(effects, with: Abort(source: 2, reason: error.abortReason))
      throw .protocolViolation(.badPDU(error))
    }
  }

  private func digest(
    _ pdu: PDU, phase: AssociationError.Phase
  ) throws(AssociationError) -> PDU {
    let effects = machine.receive(pdu.event) ?? []
    if case .abort(let abort) = pdu {
      close()
      throw .aborted(abort, during: phase)
    }
    if effects.contains(where: \.isAborting) {
      abandon(effects, with: .unexpectedPDU)
      throw .protocolViolation(.unexpectedPDU(pdu.name))
    }
    if effects.contains(.closeTransport) { close() }
    return pdu
  }

  /// Reads what has arrived into the buffer; 0 when the peer has closed.
  private func fill(until deadline: Deadline) throws(SocketError) -> Int {
    guard socket != nil else { throw .lost("closed") }
    return try received.fill { (room) throws(SocketError) in
      try socket?.receive(into: room, until: deadline, unless: interruption) ?? 0
    }
  }

  func write(_ bytes: [UInt8], phase: AssociationError.Phase) throws(AssociationError) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(AssociationError) in
      try write([UnsafeRawBufferPointer(buffer)], phase: phase)
    }
  }

  /// Writes whole PDUs that lie in pieces.
  ///
  /// While the peer takes nothing, what it says is read: it may have aborted.
  func write(
    _ pieces: [UnsafeRawBufferPointer], phase: AssociationError.Phase
  ) throws(AssociationError) {
    guard socket != nil else { throw .ended }
    var left = pieces[...]
    var deadline = Deadline(timeouts.write)
    isMidPDU = true
    do throws(SocketError) {
      while let first = left.first {
        if first.isEmpty {
          left.removeFirst()
          continue
        }
        if var sent = try socket?.sendNow(Array(left)) {
          while let first = left.first, sent >= first.count {
            sent -= first.count
            left.removeFirst()
          }
          if sent > 0, let first = left.first {
            left[left.startIndex] = UnsafeRawBufferPointer(rebasing: first[sent...])
          }
          deadline = Deadline(timeouts.write)
        } else {
          try waitToWrite(until: deadline)
        }
      }
    } catch {
      throw fail(error, phase: phase)
    }
    isMidPDU = false
  }

  private func waitToWrite(until deadline: Deadline) throws(SocketError) {
    // A peer that talks without listening must not fill our memory.
    let mayRead = received.count < receiveLimit
    let ready = try socket?.wait(
      for: mayRead ? [.read, .write] : .write, until: deadline, unless: interruption)
    if mayRead, ready?.contains(.read) == true {
      let count = try fill(until: .now)
      if count == 0 { throw .lost("closed by the peer") }
      if received.first == 0x07 { throw .lost("aborted") }
    }
  }

  /// Ends the association after the socket failed; answers what to throw.
  private func fail(
    _ error: SocketError, phase: AssociationError.Phase
  ) -> AssociationError {
    switch error {
    case .timeout:
      abort(.user)
      return .timeout(phase)
    case .interrupted:
      abort(.user)
      return .cancelled
    case .lost(let detail), .cannotOpen(let detail), .cannotResolve(let detail):
      defer { close() }
      // What the peer said before it hung up tells more than that it did.
      let abort = lastWords()
      _ = machine.receive(abort == nil ? .transportClosed : .abortReceived)
      if let abort { return .aborted(abort, during: phase) }
      return .connectionLost(phase, detail: detail)
    }
  }

  /// The abort that lies among what has arrived, if there is one.
  private func lastWords() -> Abort? {
    do throws(SocketError) {
      while try fill(until: .now) > 0, received.count < receiveLimit {}
    } catch {
      // Nothing more to learn.
    }
    do throws(PDUError) {
      while let pdu = try PDU.next(in: &received, limit: receiveLimit) {
        if case .abort(let abort) = pdu { return abort }
      }
    } catch {
      return nil
    }
    return nil
  }

  /// Aborts the association, whatever it is doing.
  func abort(_ abort: Abort) {
    guard let effects = machine.receive(.localAbort) else {
      close()
      return
    }
    abandon(effects, with: abort)
  }

  /// Sends the abort that the state machine asks for and hangs up.
  private func abandon(_ effects: [UpperLayerEffect], with abort: Abort) {
    if effects.contains(where: \.isAborting), !isMidPDU {
      let bytes = PDU.abort(abort).serialized
      bytes.withUnsafeBytes { bytes in
        do throws(SocketError) {
          _ = try socket?.sendNow([bytes])
        } catch {
          // The peer is gone: nobody is left to be told.
        }
      }
      awaitClose(within: Self.closingTime)
    }
    close()
  }

  /// Waits for the peer to close, reading and forgetting what it still says: Sta13.
  ///
  /// Closing while bytes wait to be read would reset the connection, and the peer might never see
  /// our last PDU.
  func awaitClose(within duration: Duration) {
    socket?.finishSending()
    let deadline = Deadline(duration)
    let undisturbed = Interruption()
    var scratch = [UInt8](repeating: 0, count: 64 << 10)
    do throws(SocketError) {
      while socket != nil, !deadline.isOver {
        let count = try scratch.withUnsafeMutableBufferPointer { (room) throws(SocketError) in
          try socket?.receive(
            into: UnsafeMutableRawBufferPointer(room), until: deadline, unless: undisturbed) ?? 0
        }
        if count == 0 { break }
      }
    } catch {
      // Silent or gone: either way it is over.
    }
    _ = machine.receive(deadline.isOver ? .artimExpired : .transportClosed)
    close()
  }

  /// Closes the socket, once.
  func close() { _ = socket.take() }
}

extension PDU {
  /// What the arrival of this PDU is to the state machine.
  var event: UpperLayerEvent {
    switch self {
    case .associateRequest: .requestReceived
    case .associateAccept: .acceptReceived
    case .associateReject: .rejectReceived
    case .data: .dataReceived
    case .releaseRequest: .releaseRequestReceived
    case .releaseReply: .releaseReplyReceived
    case .abort: .abortReceived
    }
  }

  var name: String {
    switch self {
    case .associateRequest: "A-ASSOCIATE-RQ"
    case .associateAccept: "A-ASSOCIATE-AC"
    case .associateReject: "A-ASSOCIATE-RJ"
    case .data: "P-DATA-TF"
    case .releaseRequest: "A-RELEASE-RQ"
    case .releaseReply: "A-RELEASE-RP"
    case .abort: "A-ABORT"
    }
  }
}

/// Messages: a command and, perhaps, a data set, in fragments.
///
/// PS3.8 Annex E, PS3.7 section 6.3.
extension UpperLayer {
  /// A message whose data set, if it has one, still has to be read.
  struct Incoming {
    var contextID: UInt8
    var command: Command
  }

  /// The longest command set that is taken; real ones are shorter than 1 KiB.
  private static let commandLimit = 64 << 10

  /// Sends a command and, where there is one, its data set, which is never copied.
  ///
  /// - Parameters:
  ///   - command: What is asked or answered.
  ///   - dataSet: The bytes of the data set in the context's transfer syntax.
  ///   - contextID: The presentation context.
  func send(
    _ command: Command, dataSet: RawSpan, in contextID: UInt8
  ) throws(AssociationError) {
    precondition(command.hasDataSet != dataSet.isEmpty, "the command announces its data set")
    guard machine.state == .established else { throw .ended }
    let longest = (sendLimit - PresentationDataValue.overhead) & ~1
    let prefix = pdus(of: command, longest: longest, contextID: contextID)
    try perform(.localData, phase: .sending)
    try dataSet.withUnsafeBytes { (body) throws(AssociationError) in
      try write(prefix: prefix, body: body, longest: longest, contextID: contextID)
    }
  }

  func send(_ command: Command, in contextID: UInt8) throws(AssociationError) {
    try send(command, dataSet: RawSpan(), in: contextID)
  }

  private func pdus(of command: Command, longest: Int, contextID: UInt8) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = command.serialized[...]
    repeat {
      let fragment = rest.prefix(longest)
      rest = rest.dropFirst(longest)
      let value = PresentationDataValue(
        contextID: contextID, isCommand: true, isLast: rest.isEmpty, fragment: fragment)
      bytes += PDU.data([value]).serialized
    } while !rest.isEmpty
    return bytes
  }

  /// Sends a command and a data set that comes in pieces, of which one is in memory at a time.
  ///
  /// - Parameter next: The next piece, of even length; `nil` at the end.
  func send(
    _ command: Command, in contextID: UInt8, pieces next: () throws(AssociationError) -> [UInt8]?
  ) throws(AssociationError) {
    guard machine.state == .established else { throw .ended }
    let longest = (sendLimit - PresentationDataValue.overhead) & ~1
    precondition(command.hasDataSet, "the command announces its data set")
    var prefix = pdus(of: command, longest: longest, contextID: contextID)
    var piece = try next()
    try perform(.localData, phase: .sending)
    while let current = piece {
      // Which fragment is the last one must stand in its header.
      let following = try next()
      try current.withUnsafeBufferPointer { (body) throws(AssociationError) in
        try write(
          prefix: prefix, body: UnsafeRawBufferPointer(body), longest: longest,
          contextID: contextID, isEnd: following == nil)
      }
      prefix = []
      piece = following
    }
  }

  /// Many PDUs go to the system in one call: headers and pieces of the body by turns.
  private func write(
    prefix: [UInt8], body: UnsafeRawBufferPointer, longest: Int, contextID: UInt8,
    isEnd: Bool = true
  ) throws(AssociationError) {
    let batch = 32
    let headerSize = PDU.headerByteCount + PresentationDataValue.overhead
    var offset = 0
    var prefix = prefix
    repeat {
      var headers = prefix
      var ranges: [(header: Range<Int>, body: Range<Int>)] = [(0..<prefix.count, 0..<0)]
      prefix = []
      while offset < body.count, ranges.count <= batch {
        let end = min(body.count, offset + longest)
        ranges.append((headers.count..<headers.count + headerSize, offset..<end))
        headers += dataHeader(
          count: end - offset, isLast: isEnd && end == body.count, contextID: contextID)
        offset = end
      }
      try headers.withUnsafeBufferPointer { (headers) throws(AssociationError) in
        let headers = UnsafeRawBufferPointer(headers)
        var pieces: [UnsafeRawBufferPointer] = []
        for range in ranges {
          pieces.append(UnsafeRawBufferPointer(rebasing: headers[range.header]))
          pieces.append(UnsafeRawBufferPointer(rebasing: body[range.body]))
        }
        try write(pieces, phase: .sending)
      }
    } while offset < body.count
  }

  /// What stands before a fragment of a data set: the headers of the PDU and of its only PDV.
  private func dataHeader(count: Int, isLast: Bool, contextID: UInt8) -> [UInt8] {
    var header = WireWriter()
    header.write(UInt8(0x04))
    header.write(UInt8(0))
    header.write(UInt32(count + PresentationDataValue.overhead))
    header.write(UInt32(count + 2))
    header.write(contextID)
    header.write(UInt8(isLast ? 2 : 0))
    return header.bytes
  }

  /// Waits for the next message; `nil` when the peer asks for release instead.
  ///
  /// What is left of the data set of the message before is read and forgotten first.
  func nextMessage(
    within duration: Duration, phase: AssociationError.Phase
  ) throws(AssociationError) -> Incoming? {
    while try nextFragment() != nil {}
    var bytes: [UInt8] = []
    var contextID: UInt8?
    while true {
      guard
        let value = try nextValue(
          within: contextID == nil ? duration : timeouts.read,
          phase: contextID == nil ? phase : .receiving)
      else {
        guard contextID == nil else { throw violation(.unexpectedPDU("A-RELEASE-RQ")) }
        return nil
      }
      guard value.isCommand, contextID == nil || contextID == value.contextID else {
        throw violation(.mixedFragments)
      }
      guard contexts[value.contextID] != nil else {
        throw violation(.unknownContext(value.contextID))
      }
      contextID = value.contextID
      guard value.fragment.count <= Self.commandLimit - bytes.count else {
        throw violation(.tooLong(limit: Self.commandLimit))
      }
      bytes += value.fragment
      if value.isLast { break }
    }
    do throws(CommandError) {
      let command = try Command(parsing: bytes)
      if command.hasDataSet { incomingDataSet = contextID }
      return Incoming(contextID: contextID ?? 0, command: command)
    } catch {
      throw violation(.badCommand(error))
    }
  }

  /// The next bytes of the data set that is on its way; `nil` when it has ended.
  func nextFragment() throws(AssociationError) -> ArraySlice<UInt8>? {
    guard let expected = incomingDataSet else { return nil }
    guard let value = try nextValue(within: timeouts.read, phase: .receiving) else {
      throw violation(.unexpectedPDU("A-RELEASE-RQ"))
    }
    guard !value.isCommand, value.contextID == expected else { throw violation(.mixedFragments) }
    if value.isLast { incomingDataSet = nil }
    return value.fragment
  }

  /// The whole data set that is on its way; empty where the message has none.
  func wholeDataSet(limit: Int) throws(AssociationError) -> [UInt8] {
    var bytes: [UInt8] = []
    while let fragment = try nextFragment() {
      guard fragment.count <= limit - bytes.count else { throw violation(.tooLong(limit: limit)) }
      bytes += fragment
    }
    return bytes
  }

  private func nextValue(
    within duration: Duration, phase: AssociationError.Phase
  ) throws(AssociationError) -> PresentationDataValue? {
    if fragments.isEmpty {
      guard machine.state == .established else { throw .ended }
      switch try nextPDU(until: Deadline(duration), phase: phase) {
      case .data(let values): fragments = values.reversed()
      case .releaseRequest: return nil
      case let pdu: throw violation(.unexpectedPDU(pdu.name))
      }
    }
    return fragments.popLast()
  }

  /// Hangs up because the peer broke the protocol; answers what to throw.
  func violation(_ violation: ProtocolViolation) -> AssociationError {
    // A violation of DIMSE, not of the upper layer: it is the application that hangs up.
    abort(.user)
    return .protocolViolation(violation)
  }
}

/// A protocol data unit of the DICOM Upper Layer.
///
/// PS3.8 section 9.3.
package enum PDU: Hashable, Sendable {
  case associateRequest(AssociateRequest)
  case associateAccept(AssociateAccept)
  case associateReject(AssociateReject)
  case data([PresentationDataValue])
  case releaseRequest
  case releaseReply
  case abort(Abort)
}

extension PDU {
  /// Bytes before the body: type, reserved byte, length.
  static let headerByteCount = 6

  /// Reads one PDU if a whole one has arrived, else answers `nil`: wait for more.
  ///
  /// PS3.8 9.3.1.
  ///
  /// - Parameters:
  ///   - received: What has arrived; the PDU is taken from its front. After an error it is as it was.
  ///   - limit: The longest body that is taken, in bytes.
  package static func next(
    in received: inout ReceiveBuffer, limit: Int
  ) throws(PDUError) -> PDU? {
    guard let header = received.peek(headerByteCount) else {
      // The type alone can tell that this will never be a PDU: no need to wait for its length.
      if let type = received.first, !(1...7).contains(type) { throw .unknownType(type) }
      return nil
    }
    var reader = WireReader(header, subject: "a PDU header")
    let type = try reader.uint8()
    _ = try reader.uint8()
    let length = try reader.uint32()
    guard (1...7).contains(type) else { throw .unknownType(type) }
    guard let count = Int(exactly: length), count <= limit else {
      throw .tooLong(type: type, length: Int(length), limit: limit)
    }
    if [0x03, 0x05, 0x06, 0x07].contains(type), count != 4 {
      throw .badLength(type: type, length: count)
    }
    guard let whole = received.peek(headerByteCount + count) else { return nil }
    // One copy of the body, which the fragments then share.
    let body = Array(whole.dropFirst(headerByteCount))
    let pdu = try PDU(type: type, body: body[...])
    received.drop(headerByteCount + count)
    return pdu
  }

  private init(type: UInt8, body: ArraySlice<UInt8>) throws(PDUError) {
    var reader = WireReader(body, subject: "a PDU of type \(hex(type))")
    switch type {
    case 0x01: self = .associateRequest(try AssociateRequest(parsing: body))
    case 0x02: self = .associateAccept(try AssociateAccept(parsing: body))
    case 0x03:
      _ = try reader.uint8()
      let result = try reader.uint8()
      let source = try reader.uint8()
      self = .associateReject(
        AssociateReject(result: result, source: source, reason: try reader.uint8()))
    case 0x04:
      var values: [PresentationDataValue] = []
      while !reader.isAtEnd { values.append(try PresentationDataValue(&reader)) }
      guard !values.isEmpty else { throw .missing("the PDV of a P-DATA-TF") }
      self = .data(values)
    case 0x05: self = .releaseRequest
    case 0x06: self = .releaseReply
    case 0x07:
      _ = try reader.take(2)
      let source = try reader.uint8()
      self = .abort(Abort(source: source, reason: try reader.uint8()))
    default: throw .unknownType(type)
    }
  }

  /// The bytes that go over the wire.
  package var serialized: [UInt8] {
    let (type, body) = typeAndBody
    var writer = WireWriter()
    writer.write(type)
    writer.write(UInt8(0))
    writer.write(UInt32(body.count))
    writer.write(body)
    return writer.bytes
  }

  private var typeAndBody: (UInt8, [UInt8]) {
    switch self {
    case .associateRequest(let request): return (0x01, request.body)
    case .associateAccept(let accept): return (0x02, accept.body)
    case .associateReject(let reject):
      return (0x03, [0, reject.result, reject.source, reject.reason])
    case .data(let values):
      var writer = WireWriter()
      for value in values { value.write(to: &writer) }
      return (0x04, writer.bytes)
    case .releaseRequest: return (0x05, [0, 0, 0, 0])
    case .releaseReply: return (0x06, [0, 0, 0, 0])
    case .abort(let abort): return (0x07, [0, 0, abort.source, abort.reason])
    }
  }
}

package import DICOM

/// Why bytes are no command set.
///
/// PS3.7 section 6.3.1.
package enum CommandError: Error, Equatable, Sendable {
  case truncated(at: Int)
  case foreignGroup(Tag)
  case badLength(Tag, Int)
  case missing(Tag)
}

extension CommandError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .truncated(let offset): "a command set ends too early, at byte \(offset)"
    case .foreignGroup(let tag): "\(tag) stands in a command set, which holds group 0000 only"
    case .badLength(let tag, let length): "\(tag) of a command set has the bad length \(length)"
    case .missing(let tag): "\(tag) is missing in a command set"
    }
  }
}

extension Command {
  /// Reads a command set: always implicit VR little endian.
  ///
  /// PS3.7 section 6.3.1.
  package init(parsing bytes: some Collection<UInt8>) throws(CommandError) {
    let bytes = Array(bytes)
    var field: UInt16?
    var dataSetType: UInt16?
    var command = Command(CommandField(rawValue: 0))
    var offset = 0
    while offset < bytes.count {
      guard bytes.count - offset >= 8 else { throw .truncated(at: offset) }
      let tag = Tag(
        UInt16(littleEndian: bytes, at: offset), UInt16(littleEndian: bytes, at: offset + 2))
      let length =
        Int(UInt16(littleEndian: bytes, at: offset + 4))
        | Int(UInt16(littleEndian: bytes, at: offset + 6)) << 16
      offset += 8
      guard tag.group == 0 else { throw .foreignGroup(tag) }
      guard length <= bytes.count - offset else { throw .truncated(at: offset) }
      let value = CommandValue(tag: tag, bytes: bytes[offset..<offset + length])
      offset += length
      switch tag.element {
      case 0x0100: field = try value.number()
      case 0x0800: dataSetType = try value.number()
      default: try command.take(value)
      }
    }
    guard let field else { throw .missing(Tag(0, 0x0100)) }
    guard let dataSetType else { throw .missing(Tag(0, 0x0800)) }
    command.field = CommandField(rawValue: field)
    command.dataSetType = dataSetType
    self = command
  }

  /// Takes one element; elements that are retired or unknown are passed over.
  private mutating func take(_ value: CommandValue) throws(CommandError) {
    switch value.tag.element {
    case 0x0002: affectedSOPClassUID = value.text
    case 0x0003: requestedSOPClassUID = value.text
    case 0x0110: messageID = try value.number()
    case 0x0120: messageIDBeingRespondedTo = try value.number()
    case 0x0600: moveDestination = AETitle(field: value.bytes)
    case 0x0700: priority = try value.number()
    case 0x0900: status = try value.number().map { Status($0) }
    case 0x0901: offendingElements = try value.tags()
    case 0x0902: errorComment = value.text
    case 0x0903: errorID = try value.number()
    case 0x1000: affectedSOPInstanceUID = value.text
    case 0x1001: requestedSOPInstanceUID = value.text
    case 0x1002: eventTypeID = try value.number()
    case 0x1005: attributeIdentifiers = try value.tags()
    case 0x1008: actionTypeID = try value.number()
    case 0x1020: remainingCount = try value.number()
    case 0x1021: completedCount = try value.number()
    case 0x1022: failedCount = try value.number()
    case 0x1023: warningCount = try value.number()
    case 0x1030: moveOriginatorAETitle = AETitle(field: value.bytes)
    case 0x1031: moveOriginatorMessageID = try value.number()
    default: break
    }
  }

  /// The bytes that go over the wire, group length first.
  package var serialized: [UInt8] {
    var writer = CommandWriter()
    writer.write(0x0002, uid: affectedSOPClassUID)
    writer.write(0x0003, uid: requestedSOPClassUID)
    writer.write(0x0100, field.rawValue)
    writer.write(0x0110, messageID)
    writer.write(0x0120, messageIDBeingRespondedTo)
    writer.write(0x0600, text: moveDestination?.text)
    writer.write(0x0700, priority)
    writer.write(0x0800, dataSetType)
    writer.write(0x0900, status?.code)
    writer.write(0x0901, offendingElements)
    writer.write(0x0902, text: errorComment)
    writer.write(0x0903, errorID)
    writer.write(0x1000, uid: affectedSOPInstanceUID)
    writer.write(0x1001, uid: requestedSOPInstanceUID)
    writer.write(0x1002, eventTypeID)
    writer.write(0x1005, attributeIdentifiers)
    writer.write(0x1008, actionTypeID)
    writer.write(0x1020, remainingCount)
    writer.write(0x1021, completedCount)
    writer.write(0x1022, failedCount)
    writer.write(0x1023, warningCount)
    writer.write(0x1030, text: moveOriginatorAETitle?.text)
    writer.write(0x1031, moveOriginatorMessageID)
    return writer.withGroupLength
  }
}

/// One element of a command set as it came.
private struct CommandValue {
  let tag: Tag
  let bytes: ArraySlice<UInt8>

  var text: String { DIMSE.text(bytes) }

  /// US; an empty value is an absent one.
  func number() throws(CommandError) -> UInt16? {
    if bytes.isEmpty { return nil }
    guard bytes.count == 2 else { throw .badLength(tag, bytes.count) }
    return UInt16(littleEndian: Array(bytes), at: 0)
  }

  /// AT.
  func tags() throws(CommandError) -> [Tag] {
    guard bytes.count % 4 == 0 else { throw .badLength(tag, bytes.count) }
    let bytes = Array(bytes)
    return stride(from: 0, to: bytes.count, by: 4).map { offset in
      Tag(UInt16(littleEndian: bytes, at: offset), UInt16(littleEndian: bytes, at: offset + 2))
    }
  }
}

/// A command set as it is put together, in the order of the elements.
private struct CommandWriter {
  private var bytes: [UInt8] = []

  mutating func write(_ element: UInt16, _ number: UInt16?) {
    guard let number else { return }
    begin(element, count: 2)
    append(number)
  }

  mutating func write(_ element: UInt16, uid: String?) { write(element, uid, padding: 0) }

  mutating func write(_ element: UInt16, text: String?) { write(element, text, padding: 0x20) }

  private mutating func write(_ element: UInt16, _ text: String?, padding: UInt8) {
    guard let text else { return }
    let value = DIMSE.bytes(of: text)
    begin(element, count: value.count + value.count % 2)
    bytes += value
    if value.count % 2 == 1 { bytes.append(padding) }
  }

  mutating func write(_ element: UInt16, _ tags: [Tag]) {
    guard !tags.isEmpty else { return }
    begin(element, count: tags.count * 4)
    for tag in tags {
      append(tag.group)
      append(tag.element)
    }
  }

  /// The elements with Command Group Length (0000,0000) before them.
  var withGroupLength: [UInt8] {
    var head = CommandWriter()
    head.begin(0x0000, count: 4)
    head.append(UInt16(truncatingIfNeeded: bytes.count))
    head.append(UInt16(truncatingIfNeeded: bytes.count >> 16))
    return head.bytes + bytes
  }

  private mutating func begin(_ element: UInt16, count: Int) {
    append(0)
    append(element)
    append(UInt16(truncatingIfNeeded: count))
    append(UInt16(truncatingIfNeeded: count >> 16))
  }

  private mutating func append(_ number: UInt16) {
    bytes.append(UInt8(truncatingIfNeeded: number))
    bytes.append(UInt8(number >> 8))
  }
}

extension UInt16 {
  fileprivate init(littleEndian bytes: [UInt8], at offset: Int) {
    self = UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8
  }
}

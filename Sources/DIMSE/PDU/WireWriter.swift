/// Big-endian bytes as they are put together.
struct WireWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ value: UInt8) { bytes.append(value) }

  mutating func write(_ value: UInt16) {
    bytes.append(UInt8(value >> 8))
    bytes.append(UInt8(truncatingIfNeeded: value))
  }

  mutating func write(_ value: UInt32) {
    write(UInt16(value >> 16))
    write(UInt16(truncatingIfNeeded: value))
  }

  mutating func write(_ more: some Collection<UInt8>) { bytes.append(contentsOf: more) }

  mutating func zeros(_ count: Int) { bytes.append(contentsOf: repeatElement(0, count: count)) }

  /// An item or sub-item: type, second byte, length, value.
  mutating func item(_ type: UInt8, second: UInt8 = 0, _ value: [UInt8]) {
    precondition(value.count <= Int(UInt16.max), "an item of a PDU holds at most 65535 bytes")
    write(type)
    write(second)
    write(UInt16(value.count))
    write(value)
  }

  /// Text with its length before it.
  mutating func counted(_ value: [UInt8]) {
    precondition(value.count <= Int(UInt16.max), "a field of an item holds at most 65535 bytes")
    write(UInt16(value.count))
    write(value)
  }

  mutating func counted(_ text: String) { counted(DIMSE.bytes(of: text)) }
}

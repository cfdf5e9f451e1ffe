/// A cursor over big-endian bytes that cannot pass their end.
struct WireReader {
  private var rest: ArraySlice<UInt8>
  /// What is being read, for errors.
  private let subject: String

  init(_ bytes: ArraySlice<UInt8>, subject: String) {
    rest = bytes
    self.subject = subject
  }

  /// How many bytes are left.
  var left: Int { rest.count }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func take(_ count: Int) throws(PDUError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= rest.count else {
      throw .truncated(what: subject, wanted: count, left: rest.count)
    }
    let taken = rest.prefix(count)
    rest = rest.dropFirst(count)
    return taken
  }

  mutating func takeRest() -> ArraySlice<UInt8> {
    defer { rest = [] }
    return rest
  }

  mutating func uint8() throws(PDUError) -> UInt8 {
    try take(1).reduce(0) { $1 | $0 }
  }

  mutating func uint16() throws(PDUError) -> UInt16 {
    try take(2).reduce(0) { $0 << 8 | UInt16($1) }
  }

  mutating func uint32() throws(PDUError) -> UInt32 {
    try take(4).reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// An item or sub-item: type, reserved byte, length, value.
  mutating func item() throws(PDUError) -> (type: UInt8, second: UInt8, value: ArraySlice<UInt8>) {
    let type = try uint8()
    let second = try uint8()
    let length = try uint16()
    return (type, second, try take(Int(length)))
  }

  /// Text with its length before it, as in sub-items 54H, 56H and 57H.
  mutating func countedText() throws(PDUError) -> String {
    let length = try uint16()
    return text(try take(Int(length)))
  }
}

/// The text of a UID or name: one character a byte, without the padding that some peers add.
func text(_ bytes: ArraySlice<UInt8>) -> String {
  var bytes = bytes
  while let last = bytes.last, last == 0 || last == 0x20 { bytes.removeLast() }
  while let first = bytes.first, first == 0x20 { bytes.removeFirst() }
  return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
}

/// The bytes of a UID or name: the inverse of ``text(_:)``.
func bytes(of text: String) -> [UInt8] {
  text.unicodeScalars.map { $0.value < 0x100 ? UInt8($0.value) : UInt8(ascii: "?") }
}

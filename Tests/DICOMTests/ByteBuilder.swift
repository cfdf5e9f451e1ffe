/// Data sets put together byte by byte, right or wrong.
///
/// PS3.5 7.1.
enum Bytes {
  static func u16(_ value: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
  }

  static func u32(_ value: Int) -> [UInt8] { u16(value) + u16(value >> 16) }

  static func tag(_ tag: Int) -> [UInt8] { u16(tag >> 16) + u16(tag) }

  /// Explicit VR with a length of 16 bits.
  static func short(_ tag: Int, _ vr: String, _ value: [UInt8], length: Int? = nil) -> [UInt8] {
    Self.tag(tag) + Array(vr.utf8) + u16(length ?? value.count) + value
  }

  /// Explicit VR with a length of 32 bits.
  static func long(_ tag: Int, _ vr: String, _ value: [UInt8], length: Int? = nil) -> [UInt8] {
    Self.tag(tag) + Array(vr.utf8) + [0, 0] + u32(length ?? value.count) + value
  }

  static func implicit(_ tag: Int, _ value: [UInt8], length: Int? = nil) -> [UInt8] {
    Self.tag(tag) + u32(length ?? value.count) + value
  }

  static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

  /// An item with a length, or with a delimiter.
  static func item(_ content: [UInt8]) -> [UInt8] {
    tag(0xFFFE_E000) + u32(content.count) + content
  }

  static func openItem(_ content: [UInt8]) -> [UInt8] {
    tag(0xFFFE_E000) + u32(-1) + content + itemEnd
  }

  static let itemEnd = tag(0xFFFE_E00D) + u32(0)
  static let sequenceEnd = tag(0xFFFE_E0DD) + u32(0)
  static let undefined = 0xFFFF_FFFF

  /// Preamble, prefix and meta information for a transfer syntax.
  static func file(_ dataSet: [UInt8], syntax: String = "1.2.840.10008.1.2.1") -> [UInt8] {
    var uid = text(syntax)
    if uid.count % 2 == 1 { uid.append(0) }
    let meta = short(0x0002_0010, "UI", uid)
    return [UInt8](repeating: 0, count: 128) + text("DICM")
      + short(0x0002_0000, "UL", u32(meta.count)) + meta + dataSet
  }

  /// Modality and patient ID, which every case here begins with.
  static let head = short(0x0008_0060, "CS", text("CT")) + short(0x0010_0020, "LO", text("42"))
  static let implicitHead = implicit(0x0008_0060, text("CT")) + implicit(0x0010_0020, text("42"))
}

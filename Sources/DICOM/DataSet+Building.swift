/// Setting values: checked against their VR before they are written. PS3.5 6.2.
extension DataSet {
  /// Sets a text.
  ///
  /// The VR is the dictionary's.
  ///
  /// - Throws: `EncodingError.text` where it is longer than the VR allows or not in its repertoire.
  package mutating func set(_ tag: Tag, _ text: String) throws(EncodingError) {
    try set(tag, [text])
  }

  package mutating func set(_ tag: Tag, _ values: [String]) throws(EncodingError) {
    let vr = Dictionary.vr(of: tag) ?? .LO
    for value in values where !vr.permits(value) { throw .text(tag, vr: vr, value) }
    let text = values.joined(separator: "\\")
    guard vr.followsCharacterSet else {
      set(Element(tag: tag, vr: vr, value: .bytes(Array(text.utf8)[...])))
      return
    }
    guard let bytes = textEncoding.encode(text, vr: vr) else { throw .text(tag, vr: vr, text) }
    set(Element(tag: tag, vr: vr, value: .bytes(bytes[...])))
  }

  /// Sets an attribute that is there but empty (type 2).
  package mutating func setEmpty(_ tag: Tag) {
    let vr = Dictionary.vr(of: tag) ?? .LO
    set(Element(tag: tag, vr: vr, value: vr == .SQ ? .items([]) : .bytes([])))
  }

  /// Sets binary or textual numbers, as the dictionary's VR asks.
  package mutating func set(_ tag: Tag, integers values: [Int]) throws(EncodingError) {
    let vr = Dictionary.vr(of: tag) ?? .IS
    var bytes: [UInt8] = []
    func append<T: FixedWidthInteger>(_ value: T?, _ original: Int) throws(EncodingError) {
      guard let value else { throw .text(tag, vr: vr, String(original)) }
      withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
    for value in values {
      switch vr {
      case .DS, .IS: break
      case .FL, .FD, .OF, .OD:
        try set(tag, decimals: values.map(Double.init))
        return
      case .SV: try append(Int64(exactly: value), value)
      case .UV, .OV: try append(UInt64(exactly: value), value)
      case .US, .OW: try append(UInt16(exactly: value), value)
      case .SS: try append(Int16(exactly: value), value)
      case .UL: try append(UInt32(exactly: value), value)
      case .SL: try append(Int32(exactly: value), value)
      default: throw .text(tag, vr: vr, String(value))
      }
    }
    guard vr != .IS, vr != .DS else {
      try set(tag, values.map(String.init))
      return
    }
    set(Element(tag: tag, vr: vr, value: .bytes(bytes[...])))
  }

  package mutating func set(_ tag: Tag, integer value: Int) throws(EncodingError) {
    try set(tag, integers: [value])
  }

  /// Sets numbers: decimal strings, each the shortest of at most 16 characters that comes nearest,
  /// or binary floating point, as the dictionary's VR asks.
  package mutating func set(_ tag: Tag, decimals values: [Double]) throws(EncodingError) {
    let vr = Dictionary.vr(of: tag) ?? .DS
    for value in values where !value.isFinite { throw .text(tag, vr: vr, "\(value)") }
    switch vr {
    case .FD, .OD:
      set(Element(tag: tag, vr: vr, value: .bytes(Self.littleEndian(values.map(\.bitPattern)))))
    case .FL, .OF:
      let words = values.map { Float($0) }
      for (word, value) in zip(words, values) where !word.isFinite {
        throw .text(tag, vr: vr, "\(value)")
      }
      set(Element(tag: tag, vr: vr, value: .bytes(Self.littleEndian(words.map(\.bitPattern)))))
    case .DS:
      try set(tag, values.compactMap(DecimalString.text))
    default:
      var integers: [Int] = []
      for value in values {
        guard let integer = Int(exactly: value) else { throw .text(tag, vr: vr, "\(value)") }
        integers.append(integer)
      }
      try set(tag, integers: integers)
    }
  }

  private static func littleEndian<Word: FixedWidthInteger>(_ words: [Word]) -> ArraySlice<UInt8> {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(words.count * MemoryLayout<Word>.size)
    for word in words {
      withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes[...]
  }

  package mutating func set(_ tag: Tag, items: [DataSet]) {
    set(Element(tag: tag, vr: .SQ, value: .items(items)))
  }

  package mutating func set(_ tag: Tag, tags: [Tag]) {
    var bytes: [UInt8] = []
    for value in tags {
      for half in [value.group, value.element] {
        bytes.append(UInt8(truncatingIfNeeded: half))
        bytes.append(UInt8(truncatingIfNeeded: half >> 8))
      }
    }
    set(Element(tag: tag, vr: .AT, value: .bytes(bytes[...])))
  }

  package mutating func set(_ tag: Tag, bytes: [UInt8], vr: VR) {
    set(Element(tag: tag, vr: vr, value: .bytes(bytes[...])))
  }
}

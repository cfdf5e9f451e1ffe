/// The characters of a set, found by their place, made when first needed.
struct CharacterTable: Sendable {
  private let scalars: [Unicode.Scalar]

  private init(_ text: StaticString) {
    scalars = text.withUTF8Buffer { Array(String(decoding: $0, as: UTF8.self).unicodeScalars) }
  }

  /// The character at a place; `nil` where there is none.
  subscript(index: Int) -> Unicode.Scalar? {
    guard scalars.indices.contains(index) else { return nil }
    return scalars[index] == "\u{FFFD}" ? nil : scalars[index]
  }

  /// The place of a character.
  func index(of scalar: Unicode.Scalar) -> Int? {
    scalar == "\u{FFFD}" ? nil : scalars.firstIndex(of: scalar)
  }

  static let latin2 = CharacterTable(latin2Characters)
  static let latin3 = CharacterTable(latin3Characters)
  static let latin4 = CharacterTable(latin4Characters)
  static let latin5 = CharacterTable(latin5Characters)
  static let latin9 = CharacterTable(latin9Characters)
  static let cyrillic = CharacterTable(cyrillicCharacters)
  static let arabic = CharacterTable(arabicCharacters)
  static let greek = CharacterTable(greekCharacters)
  static let hebrew = CharacterTable(hebrewCharacters)
  static let thai = CharacterTable(thaiCharacters)
  static let jisX0208 = CharacterTable(jisX0208Characters)
  static let jisX0212 = CharacterTable(jisX0212Characters)
  static let ksX1001 = CharacterTable(ksX1001Characters)
  static let gb18030 = CharacterTable(gb18030Characters)
}

extension CharacterSet {
  private var upperHalf: CharacterTable? {
    switch self {
    case .latin2: .latin2
    case .latin3: .latin3
    case .latin4: .latin4
    case .latin5: .latin5
    case .latin9: .latin9
    case .cyrillic: .cyrillic
    case .arabic: .arabic
    case .greek: .greek
    case .hebrew: .hebrew
    case .thai: .thai
    default: nil
    }
  }

  private var square: CharacterTable? {
    switch self {
    case .jisX0208: .jisX0208
    case .jisX0212: .jisX0212
    case .ksX1001: .ksX1001
    default: nil
    }
  }

  /// The character of one byte; `nil` where the set has none.
  func character(_ byte: UInt8) -> Unicode.Scalar? {
    switch self {
    case .ascii: return byte < 0x80 ? Unicode.Scalar(byte) : nil
    case .romaji:
      // Where 5C delimits, nobody asks what it shows: PS3.3 C.12.1.1.2, note on ISO_IR 13.
      if byte == 0x5C { return "\u{A5}" }
      if byte == 0x7E { return "\u{203E}" }
      return byte < 0x80 ? Unicode.Scalar(byte) : nil
    case .katakana:
      return (0xA1...0xDF).contains(byte) ? Unicode.Scalar(UInt32(byte) - 0xA1 + 0xFF61) : nil
    case .latin1: return byte >= 0xA0 ? Unicode.Scalar(byte) : nil
    default: return byte >= 0xA0 ? upperHalf?[Int(byte) - 0xA0] : nil
    }
  }

  /// The character of two bytes.
  func character(_ first: UInt8, _ second: UInt8) -> Unicode.Scalar? {
    let row = Int(first & 0x7F) - 0x21
    let cell = Int(second & 0x7F) - 0x21
    guard (0..<94).contains(row), (0..<94).contains(cell) else { return nil }
    if self == .gb2312 {
      // The two places where GBK took other characters than GB 2312.
      if row == 0, cell == 3 { return "\u{30FB}" }
      if row == 0, cell == 9 { return "\u{2015}" }
      return GB18030.character(UInt8(row + 0xA1), UInt8(cell + 0xA1))
    }
    return square?[row * 94 + cell]
  }

  /// The bytes of a character, without any switching; `nil` where the set lacks it.
  func bytes(of scalar: Unicode.Scalar) -> [UInt8]? {
    switch self {
    case .ascii: return scalar.isASCII ? [UInt8(truncatingIfNeeded: scalar.value)] : nil
    case .romaji:
      if scalar == "\u{A5}" { return [0x5C] }
      if scalar == "\u{203E}" { return [0x7E] }
      return scalar.isASCII && scalar != "~" && scalar != "\\"
        ? [UInt8(truncatingIfNeeded: scalar.value)] : nil
    case .katakana:
      guard (0xFF61...0xFF9F).contains(scalar.value) else { return nil }
      return [UInt8(truncatingIfNeeded: scalar.value - 0xFF61 + 0xA1)]
    case .latin1:
      return (0xA0...0xFF).contains(scalar.value)
        ? [UInt8(truncatingIfNeeded: scalar.value)] : nil
    case .gb2312:
      if scalar == "\u{30FB}" { return [0xA1, 0xA4] }
      if scalar == "\u{2015}" { return [0xA1, 0xAA] }
      guard let bytes = GB18030.bytes(of: scalar), bytes.count == 2, bytes[0] >= 0xA1,
        bytes[0] <= 0xF7, bytes[1] >= 0xA1
      else { return nil }
      return bytes
    case .utf8: return Array(String(scalar).utf8)
    case .gb18030: return GB18030.bytes(of: scalar)
    case .jisX0208, .jisX0212, .ksX1001:
      guard let index = square?.index(of: scalar) else { return nil }
      let high: UInt8 = self == .ksX1001 ? 0x80 : 0
      return [UInt8(index / 94 + 0x21) | high, UInt8(index % 94 + 0x21) | high]
    default:
      guard let index = upperHalf?.index(of: scalar) else { return nil }
      return [UInt8(index + 0xA0)]
    }
  }
}

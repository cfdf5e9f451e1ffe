/// A set of coded characters that a term of Specific Character Set (0008,0005) stands for.
///
/// PS3.3 C.12.1.1.2.
enum CharacterSet: Hashable, Sendable {
  case ascii
  case latin1, latin2, latin3, latin4, latin5, latin9
  case cyrillic, arabic, greek, hebrew, thai
  /// The two halves of JIS X 0201.
  case romaji, katakana
  case jisX0208, jisX0212, ksX1001, gb2312
  case utf8, gb18030

  /// Bytes of one character in a set that ISO 2022 switches to.
  var isDoubleByte: Bool {
    switch self {
    case .jisX0208, .jisX0212, .ksX1001, .gb2312: true
    default: false
    }
  }

  /// Whether its bytes have no eighth bit: G0.
  var isLowerHalf: Bool {
    switch self {
    case .ascii, .romaji, .jisX0208, .jisX0212: true
    default: false
    }
  }

  /// What switches to it.
  ///
  /// PS3.3 Tables C.12-3 and C.12-4.
  var escape: [UInt8] {
    switch self {
    case .ascii: [0x28, 0x42]
    case .romaji: [0x28, 0x4A]
    case .katakana: [0x29, 0x49]
    case .latin1: [0x2D, 0x41]
    case .latin2: [0x2D, 0x42]
    case .latin3: [0x2D, 0x43]
    case .latin4: [0x2D, 0x44]
    case .greek: [0x2D, 0x46]
    case .arabic: [0x2D, 0x47]
    case .hebrew: [0x2D, 0x48]
    case .cyrillic: [0x2D, 0x4C]
    case .latin5: [0x2D, 0x4D]
    case .thai: [0x2D, 0x54]
    case .latin9: [0x2D, 0x62]
    case .jisX0208: [0x24, 0x42]
    case .jisX0212: [0x24, 0x28, 0x44]
    case .ksX1001: [0x24, 0x29, 0x43]
    case .gb2312: [0x24, 0x29, 0x41]
    case .utf8, .gb18030: []
    }
  }

  static let switchable: [CharacterSet] = [
    .ascii, .romaji, .katakana, .latin1, .latin2, .latin3, .latin4, .latin5, .latin9, .cyrillic,
    .arabic, .greek, .hebrew, .thai, .jisX0208, .jisX0212, .ksX1001, .gb2312,
  ]

  /// The set that an escape sequence switches to, and the sequence's length behind ESC.
  static func switched(to bytes: ArraySlice<UInt8>) -> (set: CharacterSet, count: Int)? {
    for set in switchable where bytes.starts(with: set.escape) { return (set, set.escape.count) }
    // JIS C 6226 of 1978, which JIS X 0208 replaced.
    if bytes.starts(with: [0x24, 0x40]) { return (.jisX0208, 2) }
    return nil
  }

  /// The sets of a term: what its lower and its upper half are; `nil` for unknown terms.
  ///
  /// Spellings that occur are read as what they mean: `ISO_IR_100`, `ISO-IR 100`, `ISO8859-1`.
  static func sets(ofTerm term: String) -> [CharacterSet]? {
    var name = String(
      decoding: term.uppercased().utf8.filter {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
      }, as: UTF8.self)
    for prefix in ["ISO2022IR", "ISO2022", "ISOIR", "ISO8859"] where name.hasPrefix(prefix) {
      // ISO 8859-9 is registered as 148: the parts have numbers of their own.
      name = (prefix == "ISO8859" ? "PART" : "") + name.dropFirst(prefix.count)
      break
    }
    return switch name {
    case "", "6", "ASCII", "USASCII", "646": [.ascii]
    case "100", "PART1", "LATIN1": [.ascii, .latin1]
    case "101", "PART2", "LATIN2": [.ascii, .latin2]
    case "109", "PART3": [.ascii, .latin3]
    case "110", "PART4": [.ascii, .latin4]
    case "144", "PART5": [.ascii, .cyrillic]
    case "127", "PART6": [.ascii, .arabic]
    case "126", "PART7": [.ascii, .greek]
    case "138", "PART8": [.ascii, .hebrew]
    case "148", "PART9": [.ascii, .latin5]
    case "203", "PART15": [.ascii, .latin9]
    case "166", "PART11": [.ascii, .thai]
    case "13": [.romaji, .katakana]
    case "87": [.jisX0208]
    case "159": [.jisX0212]
    case "149": [.ksX1001]
    case "58": [.gb2312]
    case "192", "UTF8": [.utf8]
    case "GB18030", "GBK": [.gb18030]
    default: nil
    }
  }
}

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
      case .US, .OW: try append(UInt16(exactly: value), value)
      case .SS: try append(Int16(exactly: value), value)
      case .UL: try append(UInt32(exactly: value), value)
      case .SL: try append(Int32(exactly: value), value)
      default:
        try set(tag, values.map(String.init))
        return
      }
    }
    set(Element(tag: tag, vr: vr, value: .bytes(bytes[...])))
  }

  package mutating func set(_ tag: Tag, integer value: Int) throws(EncodingError) {
    try set(tag, integers: [value])
  }

  /// Sets decimal strings, each the shortest of at most 16 characters that comes nearest.
  package mutating func set(_ tag: Tag, decimals values: [Double]) throws(EncodingError) {
    var texts: [String] = []
    for value in values {
      guard let text = DecimalString.text(of: value) else { throw .text(tag, vr: .DS, "\(value)") }
      texts.append(text)
    }
    try set(tag, texts)
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

/// Decimal strings (VR DS): at most 16 characters.
///
/// PS3.5 6.2.
package enum DecimalString {
  /// The shortest text that reads back as the value, or else the nearest with 16 characters.
  ///
  /// `nil` for what is not finite.
  package static func text(of value: Double) -> String? {
    guard value.isFinite else { return nil }
    if value == 0 { return "0" }
    if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
    let exact = "\(value)"
    if exact.utf8.count <= 16 { return exact }
    // Fewer digits until it fits: positions stay exact to 1e-10 mm or better.
    for digits in stride(from: 16, through: 1, by: -1) {
      let text = rounded(value, significantDigits: digits)
      if text.utf8.count <= 16 { return text }
    }
    return nil
  }

  /// The value with so many significant digits, in the shorter of the two notations.
  private static func rounded(_ value: Double, significantDigits: Int) -> String {
    // Division by a power of ten rounds correctly, multiplication by a negative power does not.
    var exponent = 0
    var magnitude = abs(value)
    while magnitude >= 10 {
      magnitude /= 10
      exponent += 1
    }
    while magnitude < 1 {
      magnitude *= 10
      exponent -= 1
    }
    let decimals = significantDigits - 1 - exponent
    if decimals > 0, decimals <= 15, exponent >= -5 {
      let scale = power(decimals)
      let scaled = (abs(value) * scale).rounded()
      guard scaled < 9e15 else { return "\(value)" }
      let whole = Int64(scaled)
      var digits = String(whole)
      if digits.count <= decimals {
        digits = String(repeating: "0", count: decimals + 1 - digits.count) + digits
      }
      let split = digits.index(digits.endIndex, offsetBy: -decimals)
      var text = digits[..<split] + "." + digits[split...]
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
      return (value < 0 ? "-" : "") + text
    }
    let scale = power(significantDigits - 1)
    var mantissa = (magnitude * scale).rounded() / scale
    if mantissa >= 10 {
      mantissa /= 10
      exponent += 1
    }
    return (value < 0 ? "-" : "") + "\(mantissa)e\(exponent)"
  }

  private static func power(_ exponent: Int) -> Double {
    var result = 1.0
    for _ in 0..<exponent { result *= 10 }
    return result
  }
}

extension VR {
  /// Whether a single value is legal: length in characters and repertoire.
  ///
  /// PS3.5 Table 6.2-1.
  package func permits(_ text: String) -> Bool {
    let count = text.unicodeScalars.count
    func only(_ isAllowed: (UInt8) -> Bool) -> Bool { text.utf8.allSatisfy(isAllowed) }
    let isClean = text.unicodeScalars.allSatisfy {
      $0.value >= 0x20 && $0 != "\\" && $0.value != 0x7F
    }
    switch self {
    case .AE: return count <= 16 && isClean && text.utf8.allSatisfy { $0 < 0x80 }
    case .CS:
      return count <= 16
        && only {
          (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x20 || $0 == 0x5F
        }
    case .DA: return text.isEmpty || (count == 8 && CalendarDate(dicom: text) != nil)
    case .TM: return count <= 14 && only { (0x30...0x39).contains($0) || $0 == 0x2E }
    case .DT:
      return count <= 26
        && only { (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x2B || $0 == 0x2D }
    case .DS: return count <= 16 && (text.isEmpty || Double(decimalString: text) != nil)
    case .IS: return count <= 12 && (text.isEmpty || Int32(text) != nil)
    case .LO: return count <= 64 && isClean
    case .SH: return count <= 16 && isClean
    case .PN:
      return isClean
        && text.split(separator: "=", omittingEmptySubsequences: false).allSatisfy {
          $0.unicodeScalars.count <= 64
        }
    case .ST: return count <= 1024
    case .LT: return count <= 10240
    case .UI:
      return text.isEmpty
        || (count <= 64
          && text.split(separator: ".", omittingEmptySubsequences: false)
            .allSatisfy { part in
              !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
                && (part.count == 1 || !part.hasPrefix("0"))
            })
    default: return true
    }
  }
}

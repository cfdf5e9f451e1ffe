extension JSON {
  /// How deep a document may be nested unless the caller says otherwise.
  package static let depthLimit = 64

  /// Reads a whole document: strict RFC 8259, each key once, valid UTF-8.
  ///
  /// A byte order mark at the start is passed over, as some editors write one. What is read takes
  /// a small multiple of the bytes given; the depth is bounded.
  package init(parsing bytes: [UInt8], depthLimit: Int = JSON.depthLimit) throws(JSONError) {
    var parser = JSONParser(bytes: bytes, depthLimit: depthLimit)
    self = try parser.document()
  }

  package init(parsing text: String, depthLimit: Int = JSON.depthLimit) throws(JSONError) {
    try self.init(parsing: Array(text.utf8), depthLimit: depthLimit)
  }
}

/// Reads one document from bytes that anybody may have written.
private struct JSONParser {
  let bytes: [UInt8]
  let depthLimit: Int
  var offset = 0

  init(bytes: [UInt8], depthLimit: Int) {
    self.bytes = bytes
    self.depthLimit = depthLimit
  }

  mutating func document() throws(JSONError) -> JSON {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    skipSpace()
    let value = try value(depth: 0)
    skipSpace()
    guard offset == bytes.count else { throw error(.moreAfterTheEnd) }
    return value
  }

  private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      offset += 1
    }
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSON {
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", is: .bool(true))
    case UInt8(ascii: "f"): return try word("false", is: .bool(false))
    case UInt8(ascii: "n"): return try word("null", is: .null)
    case let byte? where byte == UInt8(ascii: "-") || byte.isDigit: return try number()
    default: throw unexpected("a value")
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSON {
    guard depth < depthLimit else { throw error(.tooDeep(limit: depthLimit)) }
    offset += 1
    var object = JSONObject()
    skipSpace()
    if next == UInt8(ascii: "}") {
      offset += 1
      return .object(object)
    }
    while true {
      let start = offset
      guard next == UInt8(ascii: "\"") else { throw unexpected("a key in double quotes") }
      let key = try string()
      skipSpace()
      guard next == UInt8(ascii: ":") else { throw unexpected("':'") }
      offset += 1
      skipSpace()
      let value = try value(depth: depth + 1)
      guard object.append(key, value) else { throw error(.duplicateKey(key), at: start) }
      skipSpace()
      switch next {
      case UInt8(ascii: ","): offset += 1
      case UInt8(ascii: "}"):
        offset += 1
        return .object(object)
      default: throw unexpected("',' or '}'")
      }
      skipSpace()
    }
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSON {
    guard depth < depthLimit else { throw error(.tooDeep(limit: depthLimit)) }
    offset += 1
    var values: [JSON] = []
    skipSpace()
    if next == UInt8(ascii: "]") {
      offset += 1
      return .array(values)
    }
    while true {
      values.append(try value(depth: depth + 1))
      skipSpace()
      switch next {
      case UInt8(ascii: ","): offset += 1
      case UInt8(ascii: "]"):
        offset += 1
        return .array(values)
      default: throw unexpected("',' or ']'")
      }
      skipSpace()
    }
  }

  private mutating func word(_ text: StaticString, is value: JSON) throws(JSONError) -> JSON {
    for byte in text.description.utf8 {
      guard next == byte else { throw unexpected("'\(text)'") }
      offset += 1
    }
    return value
  }

  /// A number by the grammar of RFC 8259 section 6: no leading zero, no `+`, no bare point.
  private mutating func number() throws(JSONError) -> JSON {
    let start = offset
    var isWhole = true
    if next == UInt8(ascii: "-") { offset += 1 }
    let leading = next
    let wholeDigits = try digits()
    if leading == UInt8(ascii: "0"), wholeDigits > 1 { throw error(.leadingZero, at: start) }
    if next == UInt8(ascii: ".") {
      isWhole = false
      offset += 1
      _ = try digits()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      isWhole = false
      offset += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { offset += 1 }
      _ = try digits()
    }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    if isWhole, let value = Int(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else {
      throw error(.numberOutOfRange(String(text.prefix(40))), at: start)
    }
    return .number(value)
  }

  /// Passes at least one digit and answers how many there were.
  private mutating func digits() throws(JSONError) -> Int {
    let start = offset
    while let byte = next, byte.isDigit { offset += 1 }
    guard offset > start else { throw unexpected("a digit") }
    return offset - start
  }

  private mutating func string() throws(JSONError) -> String {
    offset += 1
    var text: [UInt8] = []
    var start = offset
    while true {
      guard let byte = next else { throw error(.endsTooEarly) }
      switch byte {
      case UInt8(ascii: "\""):
        text += bytes[start..<offset]
        guard let string = String(validating: text, as: UTF8.self) else {
          throw error(.notUTF8, at: firstInvalidByte(to: offset))
        }
        offset += 1
        return string
      case UInt8(ascii: "\\"):
        text += bytes[start..<offset]
        text += try escape()
        start = offset
      case 0..<0x20: throw error(.controlCharacter(byte))
      default: offset += 1
      }
    }
  }

  /// The UTF-8 of the character that a backslash stands for.
  private mutating func escape() throws(JSONError) -> [UInt8] {
    let start = offset
    offset += 1
    guard let byte = next else { throw error(.endsTooEarly) }
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"): break
    default:
      let shown = byte > 0x20 && byte < 0x7F ? String(UnicodeScalar(byte)) : "character"
      throw error(.unknownEscape("\\\(shown)"), at: start)
    }
    var value = try fourHexDigits()
    if value >= 0xD800, value < 0xDC00 {
      guard next == UInt8(ascii: "\\"), offset + 1 < bytes.count,
        bytes[offset + 1] == UInt8(ascii: "u")
      else { throw error(.loneSurrogate, at: start) }
      offset += 2
      let low = try fourHexDigits()
      guard low >= 0xDC00, low < 0xE000 else { throw error(.loneSurrogate, at: start) }
      value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = UnicodeScalar(value) else { throw error(.loneSurrogate, at: start) }
    return Array(String(scalar).utf8)
  }

  private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next else { throw error(.endsTooEarly) }
      guard let digit = Character(UnicodeScalar(byte)).hexDigitValue, byte < 0x80 else {
        throw unexpected("a hexadecimal digit")
      }
      value = value << 4 | UInt32(digit)
      offset += 1
    }
    return value
  }
}

extension JSONParser {
  private func unexpected(_ wanted: String) -> JSONError {
    guard let byte = next else { return error(.endsTooEarly) }
    let found =
      byte > 0x20 && byte < 0x7F ? "'\(UnicodeScalar(byte))'" : "a character that has no place here"
    return error(.expected(wanted, found: found))
  }

  private func error(_ reason: JSONError.Reason, at place: Int? = nil) -> JSONError {
    var line = 1
    var column = 1
    for byte in bytes[..<min(place ?? offset, bytes.count)] {
      if byte == 0x0A {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1  // not a continuation byte: a new character
      }
    }
    return JSONError(reason, line: line, column: column)
  }

  /// Where the bytes before `end`, which hold an invalid sequence, first stop being UTF-8.
  private func firstInvalidByte(to end: Int) -> Int {
    let whole = bytes.span
    do {
      _ = try UTF8Span(validating: whole.extracting(..<end))
      return end
    } catch { return error.byteOffsets.lowerBound }
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { UInt8(ascii: "0") <= self && self <= UInt8(ascii: "9") }
}

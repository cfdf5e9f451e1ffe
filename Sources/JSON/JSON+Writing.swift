extension JSON {
  /// The document as text, the same for equal values, without a line end after it.
  ///
  /// - Parameter pretty: two spaces for each level, one entry a line; otherwise one line.
  package func serialized(pretty: Bool = false) -> String {
    String(decoding: bytes(pretty: pretty), as: UTF8.self)
  }

  /// The document as UTF-8, without a line end after it.
  package func bytes(pretty: Bool = false) -> [UInt8] {
    var writer = JSONWriter(pretty: pretty)
    writer.write(self, level: 0)
    return writer.bytes
  }
}

/// Writes JSON values to bytes.
private struct JSONWriter {
  let pretty: Bool
  var bytes: [UInt8] = []

  init(pretty: Bool) { self.pretty = pretty }

  mutating func write(_ value: JSON, level: Int) {
    switch value {
    case .null: bytes += "null".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .integer(let value): bytes += value.description.utf8
    case .number(let value): bytes += (value.isFinite ? value.description : "null").utf8
    case .string(let value): write(string: value)
    case .array(let values): write(array: values, level: level)
    case .object(let object): write(object: object, level: level)
    }
  }

  /// An array of plain values stays on one line: a position, a matrix row.
  private mutating func write(array values: [JSON], level: Int) {
    let isPlain = values.count <= 16 && values.allSatisfy(\.isPlain)
    bytes.append(UInt8(ascii: "["))
    for (place, value) in values.enumerated() {
      if place > 0 { bytes.append(UInt8(ascii: ",")) }
      if isPlain {
        if pretty, place > 0 { bytes.append(UInt8(ascii: " ")) }
      } else {
        breakLine(level: level + 1)
      }
      write(value, level: level + 1)
    }
    if !isPlain { breakLine(level: level) }
    bytes.append(UInt8(ascii: "]"))
  }

  private mutating func write(object: JSONObject, level: Int) {
    bytes.append(UInt8(ascii: "{"))
    for (place, entry) in object.entries.enumerated() {
      if place > 0 { bytes.append(UInt8(ascii: ",")) }
      breakLine(level: level + 1)
      write(string: entry.key)
      bytes.append(UInt8(ascii: ":"))
      if pretty { bytes.append(UInt8(ascii: " ")) }
      write(entry.value, level: level + 1)
    }
    if !object.isEmpty { breakLine(level: level) }
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func breakLine(level: Int) {
    guard pretty else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * level))
  }

  /// A string with its escapes, RFC 8259 section 7.
  ///
  /// Delete, the C1 controls and the two line separators are escaped as well: a document that is
  /// shown on a terminal must not steer it, one that is put into a script must not break it.
  private mutating func write(string: String) {
    bytes.append(UInt8(ascii: "\""))
    let text = Array(string.utf8)
    var start = 0  // of what is copied as it is
    var place = 0
    while place < text.count {
      let byte = text[place]
      if byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        place += 1
        continue
      }
      guard let (escaped, length) = Self.escape(text[place...]) else {
        place += 1
        continue
      }
      bytes += text[start..<place]
      bytes += escaped.utf8
      place += length
      start = place
    }
    bytes += text[start...]
    bytes.append(UInt8(ascii: "\""))
  }

  /// What stands for the character that begins here and how many bytes it has, if it is escaped.
  private static func escape(_ text: ArraySlice<UInt8>) -> (String, length: Int)? {
    let next = text.prefix(3).map(\.self)
    switch next[0] {
    case UInt8(ascii: "\""): return ("\\\"", 1)
    case UInt8(ascii: "\\"): return ("\\\\", 1)
    case 0x0A: return ("\\n", 1)
    case 0x0D: return ("\\r", 1)
    case 0x09: return ("\\t", 1)
    case 0x08: return ("\\b", 1)
    case 0x0C: return ("\\f", 1)
    case 0..<0x20, 0x7F:
      let digits = String(next[0], radix: 16)
      return ("\\u00" + (digits.utf8.count == 1 ? "0" : "") + digits, 1)
    case 0xC2 where next.count > 1 && next[1] < 0xA0:  // U+0080 to U+009F
      return ("\\u00" + String(next[1], radix: 16), 2)
    case 0xE2 where next.count > 2 && next[1] == 0x80 && (next[2] == 0xA8 || next[2] == 0xA9):
      return (next[2] == 0xA8 ? "\\u2028" : "\\u2029", 3)
    default: return nil
    }
  }
}

extension JSON {
  /// Neither array nor object, nor a text long enough to want a line of its own.
  fileprivate var isPlain: Bool {
    switch self {
    case .array, .object: false
    case .string(let text): text.utf8.count <= 24
    default: true
    }
  }
}

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
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": bytes += "\\\"".utf8
      case "\\": bytes += "\\\\".utf8
      case "\n": bytes += "\\n".utf8
      case "\r": bytes += "\\r".utf8
      case "\t": bytes += "\\t".utf8
      case "\u{8}": bytes += "\\b".utf8
      case "\u{C}": bytes += "\\f".utf8
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        bytes += "\\u".utf8
        bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count))
        bytes += digits.utf8
      default: bytes += UTF8.encode(scalar).map { Array($0) } ?? []
      }
    }
    bytes.append(UInt8(ascii: "\""))
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

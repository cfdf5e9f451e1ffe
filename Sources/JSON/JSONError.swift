/// Why bytes are no JSON document, and where.
package struct JSONError: Error, Equatable {
  package enum Reason: Sendable, Equatable {
    /// Something else should stand here; what was found is one character or the end.
    case expected(String, found: String)
    case endsTooEarly
    case moreAfterTheEnd
    case tooDeep(limit: Int)
    case duplicateKey(String)
    case notUTF8
    case controlCharacter(UInt8)
    case unknownEscape(String)
    case loneSurrogate
    case leadingZero
    case numberOutOfRange(String)
  }

  package let reason: Reason
  /// Counted from 1.
  package let line: Int
  /// In characters (Unicode scalars) of the line, counted from 1.
  package let column: Int

  package init(_ reason: Reason, line: Int, column: Int) {
    self.reason = reason
    self.line = line
    self.column = column
  }
}

extension JSONError: CustomStringConvertible {
  package var description: String { "line \(line), column \(column): \(reason)" }
}

extension JSONError.Reason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .expected(let wanted, let found): "\(wanted) expected, \(found) found"
    case .endsTooEarly: "the JSON document ends too early; copy the file again"
    case .moreAfterTheEnd: "something follows the end of the JSON document"
    case .tooDeep(let limit): "nested more than \(limit) levels deep"
    case .duplicateKey(let key): "the key \(JSON.string(key).serialized()) is there twice"
    case .notUTF8: "a byte that is not UTF-8; save the file as UTF-8"
    case .controlCharacter(let byte):
      "control character \(byte) in a string; write it with a backslash"
    case .unknownEscape(let text): "unknown escape \(text) in a string"
    case .loneSurrogate: "half of a surrogate pair in a string"
    case .leadingZero: "a number does not begin with 0 and another digit"
    case .numberOutOfRange(let text): "number \(text) is out of range"
    }
  }
}

/// A value of a document together with its path in it, for reading documents of a known shape.
///
/// Every error names the path, what was expected and what was found.
package struct JSONReader: Sendable {
  package let value: JSON
  /// As a person would write it: `pacs.main.port`, `instances[3].file`; empty for the document.
  package let path: String

  package init(_ document: JSON, path: String = "") {
    value = document
    self.path = path
  }

  /// The value of a key that must be there.
  package func required(_ key: String) throws(JSONShapeError) -> JSONReader {
    guard let reader = try optional(key) else { throw .missing(path: self.path(of: key)) }
    return reader
  }

  /// The value of a key, `nil` where it is absent or `null`.
  package func optional(_ key: String) throws(JSONShapeError) -> JSONReader? {
    guard let found = try object()[key], found != .null else { return nil }
    return JSONReader(found, path: path(of: key))
  }

  /// Refuses every key that is not one of these.
  package func allowOnly(_ keys: [String]) throws(JSONShapeError) {
    for key in try object().keys where !keys.contains(key) {
      throw .unknownKey(path: path(of: key), allowed: keys)
    }
  }

  package func object() throws(JSONShapeError) -> JSONObject {
    guard let object = value.objectValue else { throw unexpected("an object") }
    return object
  }

  /// The entries of an object whose keys are names that somebody chose.
  package func named() throws(JSONShapeError) -> [(name: String, value: JSONReader)] {
    try object().entries.map { ($0.key, JSONReader($0.value, path: path(of: $0.key))) }
  }

  package func array() throws(JSONShapeError) -> [JSONReader] {
    guard let values = value.arrayValue else { throw unexpected("an array") }
    return values.enumerated().map { JSONReader($0.element, path: "\(path)[\($0.offset)]") }
  }

  package func string() throws(JSONShapeError) -> String {
    guard let text = value.stringValue else { throw unexpected("a string") }
    return text
  }

  /// One of a few words.
  package func string(oneOf words: [String]) throws(JSONShapeError) -> String {
    let text = try string()
    guard words.contains(text) else {
      throw .unexpected(
        path: path, expected: words.map { "\"\($0)\"" }.joined(separator: " or "),
        found: value.serialized())
    }
    return text
  }

  package func bool() throws(JSONShapeError) -> Bool {
    guard let value = value.boolValue else { throw unexpected("true or false") }
    return value
  }

  package func integer(in range: ClosedRange<Int> = .min ... .max) throws(JSONShapeError) -> Int {
    guard let number = value.integerValue else { throw unexpected("a whole number") }
    guard range.contains(number) else {
      throw .outOfRange(
        path: path, found: "\(number)", from: "\(range.lowerBound)", to: "\(range.upperBound)")
    }
    return number
  }

  package func double(
    in range: ClosedRange<Double> = -.infinity ... .infinity
  ) throws(JSONShapeError) -> Double {
    guard let number = value.doubleValue else { throw unexpected("a number") }
    guard range.contains(number) else {
      throw .outOfRange(
        path: path, found: "\(number)", from: "\(range.lowerBound)", to: "\(range.upperBound)")
    }
    return number
  }

  private func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  private func unexpected(_ expected: String) -> JSONShapeError {
    .unexpected(path: path, expected: expected, found: value.kind)
  }
}

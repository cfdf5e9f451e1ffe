/// Looking into a value: each answer is `nil` where the value is of another kind.
extension JSON {
  package var isNull: Bool { self == .null }

  package var boolValue: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The whole number; `5.0` is one too.
  package var integerValue: Int? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }

  /// The number, whole or not.
  package var doubleValue: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  package var stringValue: String? {
    if case .string(let value) = self { value } else { nil }
  }

  package var arrayValue: [JSON]? {
    if case .array(let values) = self { values } else { nil }
  }

  package var objectValue: JSONObject? {
    if case .object(let object) = self { object } else { nil }
  }

  /// The value of a key of an object.
  ///
  /// Setting makes an object of whatever is no object; setting `nil` takes the key away.
  package subscript(key: String) -> JSON? {
    get { objectValue?[key] }
    set {
      var object = objectValue ?? JSONObject()
      object[key] = newValue
      self = .object(object)
    }
  }

  /// The element of an array, `nil` past its ends.
  package subscript(index: Int) -> JSON? {
    guard case .array(let values) = self, values.indices.contains(index) else { return nil }
    return values[index]
  }

  /// The same value with the keys of all objects sorted by their UTF-8 bytes: what is signed.
  package var sortedByKey: JSON {
    switch self {
    case .array(let values): .array(values.map(\.sortedByKey))
    case .object(let object):
      .object(
        JSONObject(
          object.entries
            .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            .map { JSONObject.Entry(key: $0.key, value: $0.value.sortedByKey) }))
    default: self
    }
  }

  /// What kind of value this is, in words for an error: `a string`.
  package var kind: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .integer: "a whole number"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// A JSON value as RFC 8259 has it, with the order of an object's keys kept.
///
/// Whole numbers and others are two cases, so that a count stays a count. Two values are equal when
/// they would be written the same: the order of keys counts. (Strings compare as Swift's do, by
/// canonical equivalence.)
package enum JSON: Sendable, Equatable {
  case null
  case bool(Bool)
  case integer(Int)
  /// Written as the shortest text that reads back as the same number; not finite: as `null`.
  case number(Double)
  case string(String)
  case array([JSON])
  case object(JSONObject)

  package init(_ value: Bool?) { self = value.map(JSON.bool) ?? .null }
  package init(_ value: Int?) { self = value.map(JSON.integer) ?? .null }
  package init(_ value: Double?) { self = value.map(JSON.number) ?? .null }
  package init(_ value: String?) { self = value.map(JSON.string) ?? .null }
  package init(_ values: [JSON]) { self = .array(values) }
  package init(_ values: [String]) { self = .array(values.map(JSON.string)) }
  package init(_ values: [Double]) { self = .array(values.map(JSON.number)) }
  package init(_ values: [Int]) { self = .array(values.map(JSON.integer)) }
}

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  package init(nilLiteral: ()) { self = .null }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }
  package init(floatLiteral value: Double) { self = .number(value) }
  package init(stringLiteral value: String) { self = .string(value) }
  package init(arrayLiteral elements: JSON...) { self = .array(elements) }
  /// An object with the keys in the order written; each key once.
  package init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(JSONObject(elements.map { JSONObject.Entry(key: $0.0, value: $0.1) }))
  }
}

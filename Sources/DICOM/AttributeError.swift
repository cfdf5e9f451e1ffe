/// Why an attribute does not say what is asked of it.
package enum AttributeError: Error, Equatable {
  case missing(Tag)
  /// A value that is no number, date or code of its VR.
  case unreadable(Tag, value: String)
  case count(Tag, expected: Int, found: Int)
}

extension AttributeError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missing(let tag): "\(tag) is missing"
    case .unreadable(let tag, let value): "\(tag) holds '\(value.prefix(40))', which cannot be read"
    case .count(let tag, let expected, let found):
      "\(tag) holds \(found) values, \(expected) expected"
    }
  }
}

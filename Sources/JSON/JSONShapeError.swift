import Spelling

/// Why a JSON document has not the shape that it should have.
package enum JSONShapeError: Error, Equatable {
  case missing(path: String)
  case unknownKey(path: String, allowed: [String])
  case unexpected(path: String, expected: String, found: String)
  case outOfRange(path: String, found: String, from: String, to: String)
}

extension JSONShapeError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missing(let path): "'\(path)' is missing"
    case .unknownKey(let path, let allowed):
      "unknown key '\(path)'; "
        + (nearest(to: Self.lastKey(of: path), among: allowed).map { "did you mean '\($0)'? " }
          ?? "")
        + "allowed here: \(allowed.joined(separator: ", "))"
    case .unexpected(let path, let expected, let found):
      "\(path.isEmpty ? "the document" : path): \(expected) expected, \(found) found"
    case .outOfRange(let path, let found, let from, let to):
      "\(path): \(found) is not between \(from) and \(to)"
    }
  }

  private static func lastKey(of path: String) -> String {
    path.split(separator: ".").last.map(String.init) ?? path
  }
}

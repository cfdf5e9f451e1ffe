/// What a body is: `multipart/related; type="application/dicom"; boundary=B`.
///
/// RFC 9110 8.3.1.
package struct MediaType: Sendable, Equatable {
  /// Type and subtype in lower case.
  package let name: String
  /// By their names in lower case.
  package let parameters: [String: String]

  /// No header that anybody sends is longer.
  private static let limit = 4096

  /// Reads the value of a header Content-Type; `nil` where it is none.
  package init?(_ text: String) {
    guard text.utf8.count <= Self.limit else { return nil }
    var parts = Self.split(text)
    let name = Self.trimmed(parts.removeFirst()).lowercased()
    let halves = name.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2, halves.allSatisfy({ !$0.isEmpty }) else { return nil }
    var parameters: [String: String] = [:]
    for part in parts {
      guard let equals = part.firstIndex(of: "=") else { continue }
      let key = Self.trimmed(part[..<equals]).lowercased()
      let value = Self.unquoted(Self.trimmed(part[part.index(after: equals)...]))
      // The first one counts: two readers must not find two boundaries.
      if !key.isEmpty, parameters[key] == nil { parameters[key] = value }
    }
    self.name = name
    self.parameters = parameters
  }

  /// The parts between semicolons that stand in no quotation marks; at least one.
  private static func split(_ text: String) -> [Substring] {
    var parts: [Substring] = []
    var start = text.startIndex
    var isQuoted = false
    var isEscaped = false
    for index in text.indices {
      let character = text[index]
      if isEscaped {
        isEscaped = false
      } else if isQuoted, character == "\\" {
        isEscaped = true
      } else if character == "\"" {
        isQuoted.toggle()
      } else if character == ";", !isQuoted {
        parts.append(text[start..<index])
        start = text.index(after: index)
      }
    }
    return parts + [text[start...]]
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return text
  }

  private static func unquoted(_ text: Substring) -> String {
    guard text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return String(text) }
    var result = ""
    var isEscaped = false
    for character in text.dropFirst().dropLast() {
      if !isEscaped, character == "\\" {
        isEscaped = true
      } else {
        result.append(character)
        isEscaped = false
      }
    }
    return result
  }
}

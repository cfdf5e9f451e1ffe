/// A person's name by its components.
///
/// PS3.5 6.2.1.
struct PersonName {
  let family: String?
  let given: [String]
  let prefix: String?
  let suffix: String?

  init(_ text: String) {
    // The alphabetic group; else the one that somebody has filled in.
    let groups = text.split(separator: "=", omittingEmptySubsequences: false)
    let group = groups.first { $0.contains { $0 != "^" && !$0.isWhitespace } } ?? ""
    let parts = group.split(separator: "^", omittingEmptySubsequences: false).map {
      String($0).trimmedBlanks
    }
    func part(_ index: Int) -> String? {
      index < parts.count && !parts[index].isEmpty ? parts[index] : nil
    }
    family = part(0)
    given = [part(1), part(2)].compactMap(\.self)
    prefix = part(3)
    suffix = part(4)
  }

  /// As people say it: `Dr. Erika Example`.
  var spoken: String? {
    let words = [prefix].compactMap(\.self) + given + [family].compactMap(\.self)
    return words.isEmpty ? nil : words.joined(separator: " ")
  }
}

extension String {
  /// Without blanks at both ends.
  fileprivate var trimmedBlanks: String {
    let start = firstIndex { !$0.isWhitespace } ?? endIndex
    let end = lastIndex { !$0.isWhitespace }.map { index(after: $0) } ?? endIndex
    return start < end ? String(self[start..<end]) : ""
  }
}

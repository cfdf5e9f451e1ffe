/// A pattern for names as a shell has them: `*` stands for anything, `?` for one character.
///
/// Capitals and small letters count as the same.
struct NamePattern: Sendable {
  private let pattern: [Character]

  init(_ text: String) { pattern = Array(text.lowercased()) }

  func matches(_ name: String) -> Bool {
    let name = Array(name.lowercased())
    var (at, of) = (0, 0)
    // Where the last star stands, and what of the name it has taken so far.
    var star: (pattern: Int, name: Int)?
    while at < name.count {
      if of < pattern.count, pattern[of] == "*" {
        star = (of, at)
        of += 1
      } else if of < pattern.count, pattern[of] == "?" || pattern[of] == name[at] {
        at += 1
        of += 1
      } else if let last = star {
        star = (last.pattern, last.name + 1)
        at = last.name + 1
        of = last.pattern + 1
      } else {
        return false
      }
    }
    return pattern[of...].allSatisfy { $0 == "*" }
  }
}

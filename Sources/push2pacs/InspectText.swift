import Console

/// A tree of text: entries below entries, drawn with lines of at most so many columns.
struct TextTree {
  var text: String
  var children: [TextTree] = []

  init(_ text: String, _ children: [TextTree] = []) {
    self.text = text
    self.children = children
  }

  /// The tree as lines; what is too long goes on below its own beginning.
  func lines(width: Int) -> [String] { lines(head: "", rest: "", width: width) }

  private func lines(head: String, rest: String, width: Int) -> [String] {
    let trunk = rest + (children.isEmpty ? "  " : "| ")
    let parts = text.printable.wrapped(width: max(20, width - trunk.count))
    var lines: [String] = []
    for (index, part) in parts.enumerated() { lines.append((index == 0 ? head : trunk) + part) }
    for (index, child) in children.enumerated() {
      let isLast = index == children.count - 1
      lines += child.lines(
        head: rest + (isLast ? "`- " : "|- "), rest: rest + (isLast ? "   " : "|  "),
        width: width)
    }
    return lines
  }
}

/// Words that several parts of `inspect` use.
enum InspectText {
  /// `1 file`, `2 files`.
  static func counted(_ count: Int, _ one: String) -> String {
    "\(count) \(one)\(count == 1 ? "" : "s")"
  }

  /// A note on as many lines as it needs, the further ones indented.
  static func note(_ text: String, width: Int) -> [String] {
    text.printable.wrapped(width: width - 2).enumerated().map { ($0 == 0 ? "" : "  ") + $1 }
  }
}

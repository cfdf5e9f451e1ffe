extension String {
  /// The text on lines of at most so many columns, for a person to read.
  ///
  /// Lines are broken at spaces alone and go on below where their text begins: behind a label
  /// (`Scan       MR ...`), else two columns further in. A command of `program` is somebody's to
  /// copy: it begins a line of its own where the text is too wide, and is never broken. What is
  /// narrow enough, or styled, stays as it is.
  package func folded(width: Int, program: String? = nil) -> [String] {
    guard !contains("\u{1B}") else { return [self] }
    return split(separator: "\n", omittingEmptySubsequences: false).flatMap {
      Self.folded(String($0), width, program)
    }
  }

  private static func folded(_ line: String, _ width: Int, _ program: String?) -> [String] {
    guard line.displayWidth > width else { return [line] }
    if let program, line.drop(while: { $0 == " " }).hasPrefix("\(program) ") { return [line] }
    let lead = line.prefix { $0 == " " }.count
    let indent = hangingIndent(of: line, lead, width)
    let margin = String(repeating: " ", count: indent)
    var text = line[...]
    var command: Substring?
    if let program, let start = line.firstRange(of: " \(program) ")?.lowerBound,
      line[..<start].contains(where: { $0 != " " })
    {
      command = line[line.index(after: start)...]
      text = line[..<start]
    }
    var lines: [String] = []
    var current = String(repeating: " ", count: lead)
    var isEmpty = true
    for word in words(of: text.dropFirst(lead)) {
      let gap = isEmpty ? "" : word.gap
      let columns = word.text.displayWidth
      // A path that fits no line stays behind its label, or the first word.
      let isHopeless =
        indent + columns > width
        && (current.displayWidth <= indent || !current.dropFirst(lead).contains(" "))
      if !isEmpty, current.displayWidth + gap.count + columns > width, !isHopeless {
        lines.append(current)
        current = margin + word.text
      } else {
        current += gap + word.text
      }
      isEmpty = false
    }
    if !isEmpty { lines.append(current) }
    if let command { lines.append(margin + command) }
    return lines
  }

  /// Where the further lines begin.
  private static func hangingIndent(of line: String, _ lead: Int, _ width: Int) -> Int {
    let limit = Swift.min(24, width / 2)
    var column = lead
    var spaces = 0
    for character in line.dropFirst(lead) {
      if character == " " {
        spaces += 1
      } else {
        if spaces >= 2 { return column <= limit ? column : Swift.min(lead + 2, limit) }
        spaces = 0
      }
      column += character.displayWidth
      if column > limit { break }
    }
    return Swift.min(lead + 2, limit)
  }

  /// The words of a line, each with the spaces before it.
  private static func words(of line: Substring) -> [(gap: String, text: String)] {
    var words: [(gap: String, text: String)] = []
    var rest = line
    while !rest.isEmpty {
      let gap = rest.prefix { $0 == " " }
      rest = rest.dropFirst(gap.count)
      let text = rest.prefix { $0 != " " }
      rest = rest.dropFirst(text.count)
      if !text.isEmpty { words.append((String(gap), String(text))) }
    }
    return words
  }
}

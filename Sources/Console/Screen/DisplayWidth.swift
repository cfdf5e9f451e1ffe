extension String {
  /// How many columns of a terminal the text takes.
  package var displayWidth: Int {
    utf8.allSatisfy { $0 < 0x80 } ? utf8.count : reduce(0) { $0 + $1.displayWidth }
  }

  /// The text without anything that steers a terminal: what came from a file or a peer.
  ///
  /// Line ends become spaces, other controls and the marks that turn the direction of writing
  /// become U+FFFD.
  package var printable: String {
    guard unicodeScalars.contains(where: \.steersTerminal) else { return self }
    var scalars = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      switch scalar {
      case "\n", "\r", "\t": scalars.append(" ")
      default: scalars.append(scalar.steersTerminal ? "\u{FFFD}" : scalar)
      }
    }
    return String(scalars)
  }

  /// The text, or its beginning and an ellipsis where it is wider.
  package func truncated(width: Int) -> String {
    guard displayWidth > width else { return self }
    guard width > 0 else { return "" }
    var kept = ""
    var used = 0
    for character in self {
      let columns = character.displayWidth
      if used + columns > width - 1 { break }
      kept.append(character)
      used += columns
    }
    return kept + "…"
  }

  /// The text in lines of at most so many columns, broken at spaces, else inside a word.
  package func wrapped(width: Int) -> [String] {
    let width = max(1, width)
    var lines: [String] = []
    var line = ""
    for word in split(separator: " ") {
      var word = String(word)
      if !line.isEmpty, line.displayWidth + 1 + word.displayWidth <= width {
        line += " " + word
        continue
      }
      if !line.isEmpty { lines.append(line) }
      while word.displayWidth > width {
        let head = word.head(width: width)
        lines.append(head)
        word.removeFirst(head.count)
      }
      line = word
    }
    if !line.isEmpty || lines.isEmpty { lines.append(line) }
    return lines
  }

  /// The text with spaces to fill so many columns.
  func padded(to width: Int, alignment: Table.Alignment) -> String {
    let space = String(repeating: " ", count: max(0, width - displayWidth))
    return alignment == .left ? self + space : space + self
  }

  var withoutTrailingSpace: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }

  /// Paragraphs that are apart by empty lines, each as one line.
  var paragraphs: [String] {
    var paragraphs: [[Substring]] = [[]]
    for line in split(separator: "\n", omittingEmptySubsequences: false) {
      if line.allSatisfy(\.isWhitespace) {
        paragraphs.append([])
      } else {
        paragraphs[paragraphs.count - 1].append(line)
      }
    }
    return paragraphs.filter { !$0.isEmpty }.map { $0.joined(separator: " ") }
  }

  /// As many whole characters as fit, one at least.
  private func head(width: Int) -> String {
    var head = ""
    var used = 0
    for character in self {
      used += character.displayWidth
      if used > width, !head.isEmpty { break }
      head.append(character)
    }
    return head
  }
}

extension Character {
  /// Two for wide East Asian characters and emoji, none for marks that stand alone, else one.
  var displayWidth: Int {
    if let ascii = asciiValue { return ascii < 0x20 || ascii == 0x7F ? 0 : 1 }
    if unicodeScalars.contains("\u{FE0F}") { return 2 }  // asks for the emoji form
    // half-width voicing marks join their letter but take a column of their own
    let marks = unicodeScalars.count { $0 == "\u{FF9E}" || $0 == "\u{FF9F}" }
    let widest = unicodeScalars.reduce(0) { max($0, $1.displayWidth) }
    return unicodeScalars.count > marks ? widest + marks : marks
  }
}

extension Unicode.Scalar {
  fileprivate var displayWidth: Int {
    switch properties.generalCategory {
    case .format: self == "\u{AD}" ? 1 : 0  // a soft hyphen is shown
    case .nonspacingMark, .enclosingMark, .control: 0
    default: isWide ? 2 : 1
    }
  }

  /// East Asian Width W or F, Unicode Annex 11, as blocks, and what is shown as emoji.
  private var isWide: Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x17000...0x18D8F, 0x1B000...0x1B2FF, 0x1F200...0x1F2FF,
      0x20000...0x3FFFD:
      true
    default: properties.isEmojiPresentation
    }
  }

  /// Controls of ASCII and C1, and the marks that turn or hide writing.
  fileprivate var steersTerminal: Bool {
    switch value {
    case 0..<0x20, 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }
}

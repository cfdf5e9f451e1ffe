extension CommandSpecification {
  /// The usage line without its `Usage: `.
  package func usage(program: String) -> String {
    let required = options.filter(\.isRequired).map(\.usage)
    let words = [program, name] + positionals.map(\.usage) + required
    return words.joined(separator: " ") + (groups.isEmpty ? "" : " [options]")
  }

  /// What `--help` shows.
  ///
  /// - Parameters:
  ///   - width: columns to fill; never more than 80.
  ///   - style: how headings stand out.
  package func help(
    program: ProgramSpecification, width: Int = 80, style: TextStyle = .plain
  ) -> String {
    var page = HelpPage(width: width, style: style)
    page.paragraph("Usage: " + usage(program: program.name), indent: 0, hanging: 7)
    page.gap()
    page.paragraph(abstract.asSentence, indent: 0)
    for part in discussion.paragraphs {
      page.gap()
      page.paragraph(part, indent: 0)
    }
    if !positionals.isEmpty {
      page.heading("Arguments")
      page.entries(positionals.map { ($0.name, $0.help) })
    }
    for group in groups + [program.globalOptions] {
      page.heading(group.title)
      page.entries(group.options.map { ($0.helpTerm, $0.fullHelp) })
    }
    if !examples.isEmpty {
      page.heading("Examples")
      for example in examples { page.example(example) }
    }
    page.exitStatuses(exitStatuses)
    let others = ExitStatus.ofEveryCommand.filter { !exitStatuses.contains($0) }
    if !exitStatuses.isEmpty {
      page.paragraph(
        others.map { "\($0.rawValue)" }.joined(separator: ", ")
          + ": as of every command; see \(program.name) --help", indent: 2, hanging: 5)
    }
    return page.text
  }
}

extension ProgramSpecification {
  /// What the program's own `--help` shows: all commands, a line each.
  package func help(width: Int = 80, style: TextStyle = .plain) -> String {
    var page = HelpPage(width: width, style: style)
    page.paragraph("Usage: \(name) COMMAND [arguments] [options]", indent: 0, hanging: 7)
    page.gap()
    page.paragraph(abstract.asSentence, indent: 0)
    let widest = commands.map(\.name.displayWidth).max() ?? 0
    for heading in headings {
      page.heading(heading)
      page.entries(
        commands.filter { $0.heading == heading }.map { ($0.name, $0.abstract.asSentence) },
        column: widest)
    }
    page.heading(globalOptions.title)
    page.entries(globalOptions.options.map { ($0.helpTerm, $0.fullHelp) })
    if !essentials.isEmpty {
      page.heading("Examples")
      for example in essentials { page.example(example) }
    }
    page.exitStatuses(ExitStatus.allCases)
    page.gap()
    page.paragraph("More on a command: \(name) COMMAND --help", indent: 0)
    return page.text
  }

  /// What the program alone shows: the commands that matter and the next step.
  package func overview(width: Int = 80, style: TextStyle = .plain) -> String {
    var page = HelpPage(width: width, style: style)
    page.paragraph(abstract.asSentence, indent: 0)
    page.gap()
    for example in essentials { page.example(example) }
    if !nextStep.isEmpty {
      page.gap()
      page.paragraph(nextStep, indent: 0)
    }
    page.gap()
    page.paragraph("All commands: \(name) --help", indent: 0)
    return page.text
  }
}

extension OptionSpecification {
  /// As the help lists it: `-o, --output DIR`.
  fileprivate var helpTerm: String { (short.map { "-\($0), " } ?? "    ") + usage }
}

/// A page of help under construction, line by line.
private struct HelpPage {
  let width: Int
  let style: TextStyle
  var lines: [String] = []

  init(width: Int, style: TextStyle) {
    self.width = max(40, min(80, width))
    self.style = style
  }

  var text: String { lines.joined(separator: "\n") + "\n" }

  mutating func gap() { if lines.last != "" { lines.append("") } }

  mutating func heading(_ title: String) {
    gap()
    lines += (title + ":").wrapped(width: width).map(style.bold)
  }

  mutating func paragraph(_ text: String, indent: Int, hanging: Int = 0) {
    let margin = String(repeating: " ", count: indent)
    let wrapped = text.wrapped(width: width - indent - hanging)
    for (place, line) in wrapped.enumerated() {
      lines.append(margin + (place > 0 ? String(repeating: " ", count: hanging) : "") + line)
    }
  }

  /// Terms with what they mean beside them; a term too long for its column gets its own line.
  mutating func entries(_ entries: [(term: String, text: String)], column: Int = 0) {
    let widest = max(column, entries.map(\.term.displayWidth).filter { $0 <= 26 }.max() ?? 0)
    let column = 2 + widest + 2
    let margin = String(repeating: " ", count: column)
    for (term, text) in entries {
      var first = "  " + term
      let texts = text.wrapped(width: width - column)
      if term.displayWidth > widest {
        lines.append(first)
        lines += texts.map { margin + $0 }
        continue
      }
      first += String(repeating: " ", count: column - 2 - term.displayWidth)
      lines.append((first + (texts.first ?? "")).withoutTrailingSpace)
      lines += texts.dropFirst().map { margin + $0 }
    }
  }

  /// An example stays on one line, whatever its length: it is there to be copied.
  mutating func example(_ example: CommandSpecification.Example) {
    paragraph("# " + example.purpose, indent: 2, hanging: 2)
    lines.append("  " + example.line)
  }

  mutating func exitStatuses(_ statuses: [ExitStatus]) {
    guard !statuses.isEmpty else { return }
    heading("Exit status")
    entries(
      statuses.map { status in
        let number = "\(status.rawValue)"
        return (String(repeating: " ", count: 3 - number.count) + number, status.meaning)
      })
  }
}

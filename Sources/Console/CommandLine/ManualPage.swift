extension ProgramSpecification {
  /// The manual page as roff, made from the same tables as the help; section 1.
  ///
  /// - Parameter date: the day the page speaks of, as the footer shows it.
  package func manualPage(date: String = "") -> String {
    var page = RoffPage()
    page.title([name.uppercased(), "1", date, "\(name) \(version)", "User Commands"])
    page.heading("NAME")
    page.paragraph("\(name) - \(abstract.loweringFirst)")
    page.heading("SYNOPSIS")
    for command in commands { page.synopsis(command.usage(program: name)) }
    page.heading("DESCRIPTION")
    page.paragraph(abstract.asSentence)
    if !essentials.isEmpty {
      page.paragraph("To begin with:")
      page.examples(essentials)
    }
    page.heading("COMMANDS")
    for command in commands { page.command(command, program: name) }
    page.heading("COMMON OPTIONS")
    page.options(globalOptions.options)
    page.heading("EXIT STATUS")
    for status in ExitStatus.allCases {
      page.entry("\(status.rawValue)", status.meaning.asSentence)
    }
    for section in sections {
      page.heading(section.title.uppercased())
      for paragraph in section.text.paragraphs { page.paragraph(paragraph) }
    }
    return page.text
  }
}

/// A page in the `man` macros of roff under construction.
private struct RoffPage {
  private var lines: [String] = [#".\" Made by the program from the tables of its --help."#]

  var text: String { lines.joined(separator: "\n") + "\n" }

  /// The `TH` line, in which a date and a version have plain dashes.
  mutating func title(_ fields: [String]) {
    let quoted = fields.map { field in
      "\"" + field.filter { $0 != "\"" && $0 != "\\" } + "\""
    }
    lines.append(([".TH"] + quoted).joined(separator: " "))
  }

  mutating func request(_ name: String, _ arguments: [String]) {
    let quoted = arguments.map { "\"\(Self.escaped($0).replacing("\"", with: "\\(dq"))\"" }
    lines.append(([".\(name)"] + quoted).joined(separator: " "))
  }

  mutating func heading(_ title: String) { request("SH", [title]) }

  mutating func paragraph(_ text: String) {
    // a heading begins a paragraph already
    if lines.last?.hasPrefix(".SH") != true { lines.append(".PP") }
    lines.append(Self.line(text))
  }

  mutating func synopsis(_ usage: String) {
    if lines.last?.hasPrefix(".SH") != true { lines.append(".br") }
    lines.append(Self.line(usage))
  }

  mutating func entry(_ term: String, _ text: String) {
    lines.append(".TP")
    lines.append("\\fB\(Self.escaped(term))\\fR")
    lines.append(Self.line(text))
  }

  mutating func options(_ options: [OptionSpecification]) {
    for option in options {
      lines.append(".TP")
      let names = (option.short.map { ["-\($0)"] } ?? []) + ["--\(option.name)"]
      let term = names.map { "\\fB\(Self.escaped($0))\\fR" }.joined(separator: ", ")
      lines.append(term + (option.valueName.map { " \\fI\(Self.escaped($0))\\fR" } ?? ""))
      lines.append(Self.line(option.fullHelp))
    }
  }

  mutating func examples(_ examples: [CommandSpecification.Example]) {
    for example in examples {
      entry(example.line, example.purpose.asSentence)
    }
  }

  mutating func command(_ command: CommandSpecification, program: String) {
    request("SS", [command.name])
    lines.append(Self.line(command.usage(program: program)))
    paragraph(command.abstract.asSentence)
    for text in command.discussion.paragraphs { paragraph(text) }
    for positional in command.positionals {
      lines.append(".TP")
      lines.append("\\fI\(Self.escaped(positional.name))\\fR")
      lines.append(Self.line(positional.help))
    }
    for group in command.groups {
      paragraph(group.title + ":")
      options(group.options)
    }
    if !command.examples.isEmpty {
      paragraph("Examples:")
      examples(command.examples)
    }
    if !command.exitStatuses.isEmpty {
      paragraph(
        "Exit status: " + command.exitStatuses.map { "\($0.rawValue)" }.joined(separator: ", ")
          + ".")
    }
  }

  /// A line of text that is none of roff's requests.
  private static func line(_ text: String) -> String {
    let text = escaped(text)
    return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
  }

  /// Backslashes, and the dashes and quotes that are to be copied as they are.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "\\": escaped += "\\e"
      case "-": escaped += "\\-"
      case "'": escaped += "\\(aq"
      case "`": escaped += "\\(ga"
      case "~": escaped += "\\(ti"
      case "^": escaped += "\\(ha"
      case "\n": escaped += " "
      default: escaped.append(character)
      }
    }
    return escaped
  }
}

extension String {
  /// With a small first letter, as the NAME line of a manual page has it.
  fileprivate var loweringFirst: String { prefix(1).lowercased() + dropFirst() }

  fileprivate func replacing(_ character: Character, with text: String) -> String {
    reduce(into: "") { $0 += $1 == character ? text : String($1) }
  }
}

extension ProgramSpecification {
  /// For fish 3 and later.
  var fishCompletions: String {
    let taking = globalOptions.options.filter { $0.valueName != nil }.map { "--\($0.name)" }
    var lines = [
      "# fish completion for \(name); made by: \(name) completions fish",
      "function _\(completionFunction)_in",
      "  set -l words (commandline -opc)",
      "  set -e words[1]",
      "  set -l found ''",
      "  set -l skips no",
      "  for word in $words",
      "    if test $skips = yes",
      "      set skips no",
      "      continue",
      "    end",
      "    switch $word",
      "      case \((taking.isEmpty ? ["''"] : taking).joined(separator: " "))",
      "        set skips yes",
      "      case '-*'",
      "      case '*'",
      "        set found $word",
      "        break",
      "    end",
      "  end",
      "  test \"$found\" = \"$argv[1]\"",
      "end",
      "complete -c \(name) -f",
    ]
    for option in globalOptions.options { lines.append(fishLine(option, condition: nil)) }
    for command in commands {
      lines.append(
        "complete -c \(name) \(fishCondition("")) -a \(command.name)"
          + " -d \(Self.fishQuoted(command.abstract))")
    }
    lines.append(
      "complete -c \(name) \(fishCondition("")) -a help -d 'Show the help of a command'")
    lines.append(
      "complete -c \(name) \(fishCondition("help"))"
        + " -a \(Self.fishQuoted(commands.map(\.name).joined(separator: " ")))")
    for command in commands {
      let condition = fishCondition(command.name)
      for option in command.options { lines.append(fishLine(option, condition: condition)) }
      if let positional = command.positionals.first {
        let offered = fishOffer(positional.kind, forOption: false)
        if !offered.isEmpty { lines.append("complete -c \(name) \(condition) \(offered)") }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Holds while this is the command on the line; `""` while there is none.
  private func fishCondition(_ command: String) -> String {
    "-n \"_\(completionFunction)_in '\(command)'\""
  }

  private func fishLine(_ option: OptionSpecification, condition: String?) -> String {
    var words = ["complete -c \(name)"]
    if let condition { words.append(condition) }
    if let short = option.short { words.append("-s \(short)") }
    words.append("-l \(option.name)")
    if option.valueName != nil { words.append(fishOffer(option.kind, forOption: true)) }
    words.append("-d \(Self.fishQuoted(option.help.firstSentence))")
    return words.joined(separator: " ")
  }

  private func fishOffer(_ kind: ValueKind, forOption: Bool) -> String {
    switch kind {
    case .file, .path: forOption ? "-r -F" : "-F"
    case .folder: (forOption ? "-x " : "") + "-a '(__fish_complete_directories)'"
    case .listed(let arguments):
      (forOption ? "-x " : "") + "-a '(command \(name) \(arguments) 2>/dev/null)'"
    case .oneOf(let words):
      (forOption ? "-x " : "") + "-a \(Self.fishQuoted(words.joined(separator: " ")))"
    case .text, .number, .integer, .numbers, .date: forOption ? "-x" : ""
    }
  }

  /// In single quotes, where fish reads backslash and quote after a backslash.
  private static func fishQuoted(_ text: String) -> String {
    "'" + text.reduce(into: "") { $0 += "'\\".contains($1) ? "\\\($1)" : String($1) } + "'"
  }
}

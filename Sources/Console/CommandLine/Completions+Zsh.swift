extension ProgramSpecification {
  /// For zsh: as a file of `$fpath` or sourced.
  var zshCompletions: String {
    var lines = [
      "#compdef \(name)",
      "# zsh completion for \(name); made by: \(name) completions zsh",
      "\(completionFunction)() {",
      "  local curcontext=\"$curcontext\" context state state_descr line",
      "  typeset -A opt_args",
      "  local -a commands common",
      "  commands=(",
    ]
    for command in commands {
      lines.append("    " + "\(command.name):\(command.abstract)".singleQuoted)
    }
    lines += ["    'help:Show the help of a command'", "  )", "  common=("]
    for option in globalOptions.options { lines += zshSpecifications(option, indent: 4) }
    lines += [
      "  )",
      "  _arguments -s -C $common '1: :->command' '*:: :->arguments'",
      "  case $state in",
      "    command) _describe -t commands command commands ;;",
      "    arguments)",
      "      case $words[1] in",
      "        help) _arguments \"1:command:(\(commands.map(\.name).joined(separator: " ")))\" ;;",
    ]
    for command in commands {
      lines += ["        \(command.name))", "          _arguments -s $common \\"]
      for option in command.options {
        lines += zshSpecifications(option, indent: 12).map { $0 + " \\" }
      }
      for (place, positional) in command.positionals.enumerated() {
        let number = positional.isRepeatable ? "*" : "\(place + 1)"
        lines.append(
          "            "
            + "\(number):\(positional.name):\(zshAction(positional.kind))".singleQuoted
            + " \\")
      }
      lines += ["            && return 0", "          ;;"]
    }
    lines += [
      "      esac", "      ;;", "  esac", "}",
      "if [ \"$funcstack[1]\" = \(completionFunction.singleQuoted) ]; then",
      "  \(completionFunction) \"$@\"",
      "else",
      "  compdef \(completionFunction) \(name)",
      "fi",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// `'*--structures=[Structures to draw]:NAME: '`; one for each spelling of the option.
  private func zshSpecifications(_ option: OptionSpecification, indent: Int) -> [String] {
    let names =
      (option.short.map { ["-\($0)" + (option.valueName == nil ? "" : "+")] } ?? [])
      + ["--\(option.name)" + (option.valueName == nil ? "" : "=")]
    let spellings = (option.short.map { ["-\($0)"] } ?? []) + ["--\(option.name)"]
    let help = Self.zshEscaped(option.help.firstSentence)
    return names.map { name in
      var text = option.isRepeatable ? "*" : "(\(spellings.joined(separator: " ")))"
      text += "\(name)[\(help)]"
      if let valueName = option.valueName {
        text += ":\(Self.zshEscaped(valueName)):\(zshAction(option.kind))"
      }
      return String(repeating: " ", count: indent) + text.singleQuoted
    }
  }

  private func zshAction(_ kind: ValueKind) -> String {
    switch kind {
    case .file, .path: "_files"
    case .folder: "_files -/"
    case .listed(let arguments):
      "{local -a found; found=(${(f)\"$(command \(name) \(arguments) 2>/dev/null)\"});"
        + " compadd -a found}"
    case .oneOf(let words): "(\(words.joined(separator: " ")))"
    case .text, .number, .integer, .numbers, .date: " "
    }
  }

  /// Colons and brackets mean something inside a specification.
  private static func zshEscaped(_ text: String) -> String {
    text.reduce(into: "") { $0 += "[]:\\".contains($1) ? "\\\($1)" : String($1) }
  }
}

extension ProgramSpecification {
  /// For bash 4 and later, without the bash-completion package; 3.2 of macOS offers files more.
  var bashCompletions: String {
    let commandNames = commands.map(\.name)
    var lines = [
      "# bash completion for \(name); made by: \(name) completions bash",
      "\(completionFunction)_listed() {",
      "  # read line by line: compgen -W would evaluate what stands in a name",
      "  local word",
      "  compopt +o default 2>/dev/null",
      "  while IFS= read -r word; do",
      "    if [[ $word == \"$current\"* ]]; then COMPREPLY+=(\"$word\"); fi",
      "  done < <(command \(name) \"$@\" 2>/dev/null)",
      "}",
      "\(completionFunction)() {",
      "  local current=\"${COMP_WORDS[COMP_CWORD]}\" previous=\"\" command=\"\" index",
      "  (( COMP_CWORD > 0 )) && previous=\"${COMP_WORDS[COMP_CWORD-1]}\"",
      "  # --option=value arrives as three words, since = breaks words",
      "  if [[ $current == \"=\" ]]; then",
      "    current=\"\"",
      "  elif [[ $previous == \"=\" ]] && (( COMP_CWORD > 1 )); then",
      "    previous=\"${COMP_WORDS[COMP_CWORD-2]}\"",
      "  fi",
      "  for (( index = 1; index < COMP_CWORD; index++ )); do",
      "    case \"${COMP_WORDS[index]}\" in",
    ]
    let taking = globalOptions.options.filter { $0.valueName != nil }.map { "--\($0.name)" }
    if !taking.isEmpty { lines.append("      \(taking.joined(separator: "|"))) (( index++ )) ;;") }
    lines += [
      "      -*|=) ;;",
      "      *) command=\"${COMP_WORDS[index]}\"; break ;;",
      "    esac",
      "  done",
      "  COMPREPLY=()",
      "  case \"$command $previous\" in",
    ]
    for option in globalOptions.options where option.valueName != nil {
      lines += bashCase("*\" \(option.bashName)\"", option.kind)
    }
    for command in commands {
      for option in command.options where option.valueName != nil {
        lines += bashCase("\"\(command.name) \(option.bashName)\"", option.kind)
        if let short = option.short {
          lines += bashCase("\"\(command.name) -\(short)\"", option.kind)
        }
      }
    }
    lines += ["  esac", "  local options=\"\(Self.words(globalOptions.options))\" words=\"\""]
    lines += ["  case \"$command\" in"]
    lines.append("    \"\") words=\"\((commandNames + ["help"]).joined(separator: " "))\" ;;")
    lines.append("    help) words=\"\(commandNames.joined(separator: " "))\" ;;")
    for command in commands {
      let options = Self.words(command.options)
      var actions: [String] = options.isEmpty ? [] : ["options+=\" \(options)\""]
      switch command.positionals.first?.kind {
      case .oneOf(let words): actions.append("words=\"\(words.joined(separator: " "))\"")
      case .file, .path: actions.append("words=\"FILES\"")
      case .folder: actions.append("words=\"FOLDERS\"")
      case .listed(let arguments): actions.append("words=\"LISTED \(arguments)\"")
      case nil, .text, .date, .number, .integer, .numbers: break
      }
      if !actions.isEmpty {
        lines.append("    \(command.name)) \(actions.joined(separator: "; ")) ;;")
      }
    }
    lines += [
      "  esac",
      "  if [[ $current == -* ]]; then",
      "    COMPREPLY=( $(compgen -W \"$options\" -- \"$current\") )",
      "  elif [[ $words == FILES ]]; then",
      "    return",
      "  elif [[ $words == LISTED* ]]; then",
      "    \(completionFunction)_listed ${words#LISTED }",
      "  elif [[ $words == FOLDERS ]]; then",
      "    compopt -o dirnames +o default 2>/dev/null",
      "  else",
      "    compopt +o default 2>/dev/null",
      "    COMPREPLY=( $(compgen -W \"$words\" -- \"$current\") )",
      "  fi",
      "}",
      "complete -o default -F \(completionFunction) \(name)",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// What is offered behind an option; nothing offered means files, unless that is switched off.
  private func bashCase(_ pattern: String, _ kind: ValueKind) -> [String] {
    let action =
      switch kind {
      case .file, .path: "return"
      case .folder: "compopt -o dirnames +o default 2>/dev/null; return"
      case .oneOf(let words):
        "COMPREPLY=( $(compgen -W \"\(words.joined(separator: " "))\" -- \"$current\") ); return"
      case .listed(let arguments): "\(completionFunction)_listed \(arguments); return"
      case .text, .number, .integer, .numbers, .date: "compopt +o default 2>/dev/null; return"
      }
    return ["    \(pattern)) \(action) ;;"]
  }

  private static func words(_ options: [OptionSpecification]) -> String {
    options.map { "--\($0.name)" }.joined(separator: " ")
  }
}

extension OptionSpecification {
  fileprivate var bashName: String { "--\(name)" }
}

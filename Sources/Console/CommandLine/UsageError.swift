/// Why a command line is not understood; exit code 64.
package enum UsageError: Error, Equatable {
  case unknownCommand(String, nearest: String?)
  /// A path stands where a command should.
  case pathInsteadOfCommand(String, proposal: String)
  case missingCommand(after: String)
  case unknownOption(String, nearest: String?)
  /// The option exists, but other commands have it.
  case optionOfOthers(String, command: String, others: [String])
  case missingValue(option: String, valueName: String, expected: String)
  case unexpectedValue(option: String)
  case wrongValue(option: String, value: String, expected: String)
  case repeated(option: String)
  case missingOption(String, command: String)
  case exclusive([String])
  case missingPositional(String, command: String, usage: String)
  case tooManyPositionals(String, command: String, usage: String)
  /// A rule between arguments that the command itself knows: the whole sentence.
  case misuse(String)
}

extension UsageError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unknownCommand(let name, let nearest):
      "unknown command '\(name.printable)'; "
        + (nearest.map { "did you mean '\($0)'?" } ?? "--help lists the commands")
    case .pathInsteadOfCommand(let path, let proposal):
      "'\(path.printable)' is no command; to look into it: \(proposal)"
    case .missingCommand(let after): "a command is missing after '\(after.printable)'; see --help"
    case .unknownOption(let name, let nearest):
      "unknown option '\(name.printable)'; "
        + (nearest.map { "did you mean '\($0)'?" } ?? "--help lists the options")
    case .optionOfOthers(let name, let command, let others):
      "'\(command)' has no option '\(name)'; it belongs to"
        + " '\(others.joined(separator: "', '"))'"
    case .missingValue(let option, let valueName, let expected):
      "'\(option)' needs a value: \(option) \(valueName), \(expected)"
    case .unexpectedValue(let option): "'\(option)' takes no value"
    case .wrongValue(let option, let value, let expected):
      "\(option): '\(value.printable)' is not allowed; give \(expected)"
    case .repeated(let option): "'\(option)' is given twice; once is enough"
    case .missingOption(let option, let command): "'\(command)' needs '\(option)'"
    case .exclusive(let options):
      "'\(options.joined(separator: "' and '"))' exclude each other; give one of them"
    case .missingPositional(let name, let command, let usage):
      "'\(command)' needs \(name); usage: \(usage)"
    case .tooManyPositionals(let text, let command, let usage):
      "'\(text.printable)' is one argument too many for '\(command)'; usage: \(usage)"
    case .misuse(let sentence): sentence
    }
  }
}

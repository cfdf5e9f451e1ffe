/// What was typed after a command's name, checked against the command's definition.
///
/// Asking for an option that the command does not have is our own mistake and traps.
package struct ParsedArguments: Sendable {
  package let command: CommandSpecification
  /// The arguments without names, in order.
  package let positionals: [String]
  private let values: [String: [String]]
  private let options: [String: OptionSpecification]

  init(
    command: CommandSpecification, positionals: [String], values: [String: [String]],
    options: [OptionSpecification]
  ) {
    self.command = command
    self.positionals = positionals
    self.values = values
    self.options = Dictionary(options.map { ($0.name, $0) }) { own, _ in own }
  }

  /// Whether a switch was given.
  package func flag(_ name: String) -> Bool { !typed(name).isEmpty }

  /// Whether an option was given at all.
  package func has(_ name: String) -> Bool { !typed(name).isEmpty }

  /// The value of an option, `nil` where it was not given; the last one of a repeatable option.
  package func string(_ name: String) -> String? { typed(name).last }

  /// All values of a repeatable option, in order.
  package func strings(_ name: String) -> [String] { typed(name) }

  /// The value of an option of kind `number`.
  package func double(_ name: String) -> Double? {
    typed(name).last.flatMap(ValueKind.number)
  }

  /// The value of an option of kind `integer`.
  package func integer(_ name: String) -> Int? { typed(name).last.flatMap { Int($0) } }

  /// The value of an option of kind `numbers`.
  package func numbers(_ name: String) -> [Double]? {
    typed(name).last.flatMap(ValueKind.numbers)
  }

  private func typed(_ name: String) -> [String] {
    precondition(options[name] != nil, "\(command.name) has no option --\(name)")
    return values[name] ?? []
  }
}

/// What a command line asks for.
package enum Invocation: Sendable {
  /// Nothing was typed: show where to begin.
  case overview
  /// The help of a command, or of the program.
  case help(CommandSpecification?)
  case version
  case run(ParsedArguments)
}

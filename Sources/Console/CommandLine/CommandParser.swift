import Spelling

extension ProgramSpecification {
  /// Understands the arguments after the program's name.
  ///
  /// `--option value` and `--option=value` mean the same, short switches may be joined, `--` ends
  /// the options. Help and version win over every mistake beside them.
  package func parse(_ arguments: [String]) throws(UsageError) -> Invocation {
    do throws(UsageError) {
      var parser = CommandParser(program: self, arguments: arguments)
      return try parser.run()
    } catch {
      let typed = arguments.prefix { $0 != "--" }
      guard typed.contains("--help") || typed.contains("-h") else { throw error }
      return .help(typed.lazy.compactMap { self.command(named: $0) }.first)
    }
  }
}

/// Walks through the arguments once.
private struct CommandParser {
  let program: ProgramSpecification
  let arguments: [String]
  var index = 0
  var command: CommandSpecification?
  var positionals: [String] = []
  var values: [String: [String]] = [:]
  var optionsEnded = false

  init(program: ProgramSpecification, arguments: [String]) {
    self.program = program
    self.arguments = arguments
  }

  mutating func run() throws(UsageError) -> Invocation {
    guard !arguments.isEmpty else { return .overview }
    while index < arguments.count {
      let argument = arguments[index]
      index += 1
      if !optionsEnded, argument == "--" {
        optionsEnded = true
      } else if !optionsEnded, argument.hasPrefix("--") {
        try takeLong(argument.dropFirst(2))
      } else if !optionsEnded, argument.hasPrefix("-"), argument != "-" {
        try takeShorts(argument.dropFirst())
      } else if command == nil {
        guard argument != "help" else { return .help(try topicOfHelp()) }
        command = try namedCommand(argument)
      } else {
        positionals.append(argument)
      }
    }
    if values["help"] != nil { return .help(command) }
    if values["version"] != nil { return .version }
    guard let command else { throw .missingCommand(after: arguments.last ?? "") }
    try check(command)
    return .run(
      ParsedArguments(
        command: command, positionals: positionals, values: values, options: options))
  }

  /// The options that may be given here; before the command's name only the common ones.
  private var options: [OptionSpecification] {
    (command?.options ?? []) + program.globalOptions.options
  }

  /// `push2pacs help export`.
  private func topicOfHelp() throws(UsageError) -> CommandSpecification? {
    guard let topic = arguments[index...].first(where: { !$0.hasPrefix("-") }) else { return nil }
    return try namedCommand(topic)
  }

  private func namedCommand(_ name: String) throws(UsageError) -> CommandSpecification {
    if let command = program.command(named: name) { return command }
    let nearest = nearest(to: name, among: program.commands.map(\.name))
    if nearest == nil, let proposed = program.commandForPaths,
      name.contains("/") || name.contains(".")
    {
      throw .pathInsteadOfCommand(
        name, proposal: "\(program.name) \(proposed) \(name.printable.shellQuoted)")
    }
    // `push2pacs version`, as git has it
    let isOption = program.globalOptions.options.contains { $0.name == name }
    throw .unknownCommand(name, nearest: isOption ? "--\(name)" : nearest)
  }

  private mutating func takeLong(_ text: Substring) throws(UsageError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    guard let option = options.first(where: { $0.name == name }) else {
      throw unknownOption(name)
    }
    if option.valueName == nil {
      guard parts.count == 1 else { throw .unexpectedValue(option: "--\(name)") }
      try record("", for: option)
    } else if parts.count == 2 {
      try record(String(parts[1]), for: option)
    } else {
      try record(try nextValue(of: option), for: option)
    }
  }

  /// Switches joined behind one dash; the last one may take a value: `-qo DIR`, `-oDIR`.
  private mutating func takeShorts(_ text: Substring) throws(UsageError) {
    var rest = text
    while let letter = rest.popFirst() {
      guard let option = options.first(where: { $0.short == letter }) else {
        // somebody who types -json means --json
        let long = nearest(to: String(text), among: options.map(\.name))
        throw .unknownOption("-\(text)", nearest: long.map { "--\($0)" })
      }
      guard option.valueName != nil else {
        try record("", for: option)
        continue
      }
      let attached = rest.first == "=" ? rest.dropFirst() : rest
      try record(rest.isEmpty ? try nextValue(of: option) : String(attached), for: option)
      return
    }
  }

  /// The argument after an option; one that looks like an option is none, a negative number is.
  private mutating func nextValue(of option: OptionSpecification) throws(UsageError) -> String {
    if index < arguments.count {
      let next = arguments[index]
      let second = next.dropFirst().first
      if !next.hasPrefix("-") || next == "-" || second == "." || second?.isNumber == true {
        index += 1
        return next
      }
    }
    throw .missingValue(
      option: "--\(option.name)", valueName: option.valueName ?? "",
      expected: option.kind.expected)
  }

  private mutating func record(
    _ value: String, for option: OptionSpecification
  ) throws(UsageError) {
    if values[option.name] != nil, !option.isRepeatable {
      // a switch said twice says the same
      guard option.valueName == nil else { throw .repeated(option: "--\(option.name)") }
      return
    }
    if option.valueName != nil, !option.kind.allows(value) {
      throw .wrongValue(
        option: "--\(option.name)", value: value, expected: option.kind.expected)
    }
    values[option.name, default: []].append(value)
  }

  private func unknownOption(_ name: String) -> UsageError {
    if let command {
      let others = program.commands.filter { $0.options.contains { $0.name == name } }
      if !others.isEmpty {
        return .optionOfOthers("--\(name)", command: command.name, others: others.map(\.name))
      }
    }
    // before the command's name, the option of a command stands in the wrong place only
    let known = command == nil ? program.commands.flatMap(\.options) + options : options
    if command == nil, known.contains(where: { $0.name == name }) {
      return .misuse("'--\(name)' belongs behind the command; see \(program.name) --help")
    }
    return .unknownOption(
      "--\(name)", nearest: nearest(to: name, among: known.map(\.name)).map { "--\($0)" })
  }

  private func check(_ command: CommandSpecification) throws(UsageError) {
    for names in command.exclusive {
      let given = names.filter { values[$0] != nil }
      guard given.count < 2 else { throw .exclusive(given.map { "--\($0)" }) }
    }
    let usage = command.usage(program: program.name)
    let needed = command.positionals.filter(\.isRequired)
    if positionals.count < needed.count {
      throw .missingPositional(
        needed[positionals.count].name, command: command.name, usage: usage)
    }
    if positionals.count > command.positionals.count,
      command.positionals.last?.isRepeatable != true
    {
      throw .tooManyPositionals(
        positionals[command.positionals.count], command: command.name, usage: usage)
    }
    for (place, text) in positionals.enumerated() {
      let positional = command.positionals[min(place, command.positionals.count - 1)]
      guard positional.kind.allows(text) else {
        throw .wrongValue(
          option: positional.name, value: text, expected: positional.kind.expected)
      }
    }
    if let missing = command.options.first(where: { $0.isRequired && values[$0.name] == nil }) {
      throw .missingOption(missing.usage, command: command.name)
    }
  }
}

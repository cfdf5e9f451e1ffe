/// The program: its commands and the options that all of them share.
package struct ProgramSpecification: Sendable {
  package let name: String
  package let version: String
  /// One sentence that says what it is; kept without its full stop.
  package let abstract: String
  package let commands: [CommandSpecification]
  /// Options that every command takes, before or after the command's name.
  package let globalOptions: OptionGroup
  /// The commands to begin with, in the order of use, each with what it does for one.
  package let essentials: [CommandSpecification.Example]
  /// What the program alone ends with: the next step.
  package let nextStep: String
  /// The command to propose where a path stands in place of a command.
  package let commandForPaths: String?
  /// More sections of the manual page, such as FILES and ENVIRONMENT: title and paragraphs.
  package let sections: [(title: String, text: String)]

  package init(
    name: String, version: String, abstract: String, commands: [CommandSpecification],
    globalOptions: OptionGroup = Self.commonOptions,
    essentials: [CommandSpecification.Example] = [], nextStep: String = "",
    commandForPaths: String? = nil, sections: [(title: String, text: String)] = []
  ) {
    self.name = name
    self.version = version
    self.abstract = abstract.withoutFullStop
    self.commands = commands
    self.globalOptions = globalOptions
    self.essentials = essentials
    self.nextStep = nextStep
    self.commandForPaths = commandForPaths
    self.sections = sections
  }

  /// What every command takes.
  package static let commonOptions = OptionGroup(
    "Common to all commands",
    [
      OptionSpecification("json", help: "Write one JSON document to stdout; messages to stderr."),
      OptionSpecification("quiet", short: "q", help: "Show errors and results only."),
      OptionSpecification(
        "config", value: "FILE", .file,
        help: "Use this configuration in place of $PUSH2PACS_CONFIG or"
          + " ~/.config/push2pacs/config.json."),
      OptionSpecification("help", short: "h", help: "Show this help."),
      OptionSpecification("version", help: "Show the version."),
    ])

  /// The headings of the list of commands, each where its first command stands.
  var headings: [String] {
    commands.reduce(into: []) { if !$0.contains($1.heading) { $0.append($1.heading) } }
  }

  package func command(named name: String) -> CommandSpecification? {
    commands.first { $0.name == name }
  }
}

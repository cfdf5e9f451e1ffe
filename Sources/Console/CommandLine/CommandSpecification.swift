/// A command: its one definition for parsing, help, manual page and completions.
package struct CommandSpecification: Sendable, Equatable {
  /// A line to copy, and what it is for.
  package struct Example: Sendable, Equatable {
    package let line: String
    package let purpose: String

    package init(_ line: String, _ purpose: String) {
      self.line = line
      self.purpose = purpose
    }
  }

  package let name: String
  /// One sentence that fits one line of the list of commands; kept without its full stop.
  package let abstract: String
  /// Under which heading the list of commands has it.
  package let heading: String
  /// What else a person should know before running it; paragraphs are apart by an empty line.
  package let discussion: String
  package let positionals: [PositionalSpecification]
  package let groups: [OptionGroup]
  /// Options of which only one may be given.
  package let exclusive: [[String]]
  package let examples: [Example]
  package let exitStatuses: [ExitStatus]

  package init(
    _ name: String, abstract: String, heading: String = "Commands", discussion: String = "",
    positionals: [PositionalSpecification] = [], groups: [OptionGroup] = [],
    exclusive: [[String]] = [], examples: [Example] = [], exitStatuses: [ExitStatus] = []
  ) {
    self.name = name
    self.abstract = abstract.withoutFullStop
    self.heading = heading
    self.discussion = discussion
    self.positionals = positionals
    self.groups = groups
    self.exclusive = exclusive
    self.examples = examples
    self.exitStatuses = exitStatuses
  }

  package var options: [OptionSpecification] { groups.flatMap(\.options) }
}

import Console

extension Program {
  /// What the manual page says beside the commands.
  static let manualSections: [(title: String, text: String)] = [
    (
      "Files",
      """
      ~/.config/push2pacs/config.json: the configuration; push2pacs config schema lists what can stand in it.

      ~/.config/push2pacs/key: the key that confirmations are sealed with, made on first use; confirmation.keyFile names another one.

      ~/.local/state/push2pacs/audit.jsonl: the audit log; audit in the configuration names another one.
      """
    ),
    (
      "Environment",
      """
      PUSH2PACS_CONFIG: a configuration in place of the account's own; --config wins over it.

      FHIR_TOKEN: the bearer token of a FHIR server, unless --token or the configuration names another variable.

      NO_COLOR: where it is set and not empty, nothing is coloured. With TERM=dumb no line changes in place either.

      COLUMNS: the width, where the terminal does not tell its own.
      """
    ),
  ]

  static let setup = CommandSpecification(
    "setup",
    abstract: "Asks for a PACS, tries the connection and writes the configuration",
    heading: Heading.machine,
    discussion:
      "Asks for the AE title of this machine, for the PACS (host, port and AE title, or the address of its DICOMweb service) and, where there is one, for a FHIR server; tries them as doctor does; writes the file for its owner alone (0600), whole or not at all. A file that is there is changed only after a yes, and keeps what else stands in it. Of a token it asks for the variable that holds it, never for the token.",
    examples: [
      .init("push2pacs setup", "the first time on a machine"),
      .init("push2pacs setup --config site.json", "into a file of one's own choosing"),
    ],
    exitStatuses: [
      .done, .unavailable, .cannotCreate, .tryAgain, .notConfirmed, .configuration, .interrupted,
    ])

  static let conformance = CommandSpecification(
    "conformance",
    abstract: "Writes the DICOM conformance statement, from the tables that the program runs on",
    heading: Heading.machine,
    discussion:
      "In the order of PS3.2, as Markdown that reads as plain text; with --json the tables alone.",
    examples: [
      .init("push2pacs conformance > conformance.md", "for the PACS team and the purchase"),
      .init("push2pacs conformance --json", "the tables, for a program"),
    ],
    exitStatuses: [.done])

  static let config = CommandSpecification(
    "config",
    abstract: "Shows the configuration, checks it, or lists what can stand in it",
    heading: Heading.machine,
    discussion:
      "show (which is meant without a word) lists each value with where it comes from: the file, the defaults, or the environment. check says whether the file can be used. schema lists every key; with --json as JSON Schema.",
    positionals: [
      PositionalSpecification(
        "WHAT", .oneOf(["show", "check", "schema"]), required: false,
        help: "show, check or schema. Default: show.")
    ],
    groups: [
      OptionGroup(
        "For the completions",
        [
          OptionSpecification(
            "list", value: "KIND", .oneOf(["pacs", "fhir", "schemes"]),
            help: "Only the names of one kind, one a line.")
        ])
    ],
    exclusive: [["list", "json"]],
    examples: [
      .init("push2pacs config", "what holds here, and why"),
      .init("push2pacs config check --config site.json", "is this file in order?"),
      .init("push2pacs config schema", "every key, what it may be, and its default"),
      .init("push2pacs config --list pacs", "which PACSs have a name here"),
    ],
    exitStatuses: [.done, .configuration])
}

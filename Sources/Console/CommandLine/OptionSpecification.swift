/// One option of a command: what it is called, what it takes, what it is for.
///
/// The one definition that parsing, help, manual page and completions are made from.
package struct OptionSpecification: Sendable, Equatable {
  /// The long name without its dashes: `levels`.
  package let name: String
  package let short: Character?
  /// What the value is called in the help, `FILE`; `nil` for a switch that takes none.
  package let valueName: String?
  package let kind: ValueKind
  /// Whether it may be given several times.
  package let isRepeatable: Bool
  package let isRequired: Bool
  /// What holds when it is not given, in words.
  package let defaultText: String?
  package let help: String

  /// An option; without a `value` a switch.
  package init(
    _ name: String, short: Character? = nil, value valueName: String? = nil,
    _ kind: ValueKind = .text, repeatable isRepeatable: Bool = false,
    required isRequired: Bool = false, default defaultText: String? = nil, help: String
  ) {
    self.name = name
    self.short = short
    self.valueName = valueName
    self.kind = kind
    self.isRepeatable = isRepeatable
    self.isRequired = isRequired
    self.defaultText = defaultText
    self.help = help
  }

  /// As it is typed: `--levels LIST`.
  package var usage: String { valueName.map { "--\(name) \($0)" } ?? "--\(name)" }

  /// The help with what is allowed, what holds otherwise, and whether it may be repeated.
  package var fullHelp: String {
    var text = help
    if case .oneOf(let words) = kind, !words.contains(where: { !help.contains($0) }) {
      // the help names them all already
    } else if case .oneOf(let words) = kind {
      text += " One of: \(words.joined(separator: ", "))."
    }
    if isRequired { text += " Required." }
    if isRepeatable { text += " May be repeated." }
    if let defaultText { text += " Default: \(defaultText)." }
    return text
  }
}

/// Options that serve one purpose of a person, under a heading of the help.
package struct OptionGroup: Sendable, Equatable {
  package let title: String
  package let options: [OptionSpecification]

  package init(_ title: String, _ options: [OptionSpecification]) {
    self.title = title
    self.options = options
  }
}

/// An argument that is known by its place, not by a name.
package struct PositionalSpecification: Sendable, Equatable {
  /// As the help calls it: `PATH`.
  package let name: String
  package let kind: ValueKind
  package let isRepeatable: Bool
  package let isRequired: Bool
  package let help: String

  package init(
    _ name: String, _ kind: ValueKind = .text, repeatable isRepeatable: Bool = false,
    required isRequired: Bool = true, help: String
  ) {
    self.name = name
    self.kind = kind
    self.isRepeatable = isRepeatable
    self.isRequired = isRequired
    self.help = help
  }

  /// As the usage line shows it: `PATH...`, `[STAGE]`.
  package var usage: String {
    let text = isRepeatable ? "\(name)..." : name
    return isRequired ? text : "[\(text)]"
  }
}

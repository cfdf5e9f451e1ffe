import Configuration
import Console
import Files
import JSON

/// `push2pacs config`: what holds and where it comes from, whether it is in order, and the schema.
struct ConfigCommand {
  let context: Context

  func run() throws(CommandFailure) {
    if let kind = context.arguments.string("list") { return try list(kind) }
    switch context.arguments.positionals.first ?? "show" {
    case "check": try check()
    case "schema": showSchema()
    default: try show()
    }
  }

  /// The names that an option takes, for the completions.
  private func list(_ kind: String) throws(CommandFailure) {
    let site = try context.site()
    let names: [String] =
      switch kind {
      case "pacs": site.pacs.keys.sorted()
      case "fhir": site.fhir.keys.sorted()
      default: ["standard", "paper"] + site.isodoses.keys.sorted()
      }
    for name in names { context.terminal.print(name.printable) }
  }

  private func show() throws(CommandFailure) {
    let place = ConfigurationPlace(context.arguments)
    var written: JSON?
    if let path = place.readPath {
      do { written = try Site.writtenDocument(path) } catch {
        throw CommandFailure(.configuration, "\(error)")
      }
    }
    let site = try context.site()
    let settings = site.settings(writtenIn: written)
    let tokens = Self.tokens(site)
    let terminal = context.terminal
    if context.isJSON {
      terminal.print([
        "file": JSON(place.readPath), "chosenBy": .string(place.reason.rawValue),
        "settings": .array(
          settings.map {
            [
              "key": .string($0.path), "value": $0.value,
              "from": .string($0.isWritten ? "file" : "default"),
            ]
          }),
        "tokens": .array(
          tokens.map {
            [
              "key": .string($0.key), "variable": .string($0.variable), "isSet": .bool($0.isSet),
              "from": "environment",
            ]
          }),
      ])
      return
    }
    let head =
      place.readPath.map { "Configuration: \($0.printable) (\(place.reason.rawValue))" }
      ?? "Configuration: none; the defaults hold. To make \(place.path.printable): push2pacs setup"
    terminal.print(folding: head)
    terminal.print("")
    var table = Table([.init("KEY"), .init("VALUE", flexible: .wrap), .init("FROM")])
    for setting in settings {
      table.add([setting.path, Self.text(setting), setting.isWritten ? "file" : "default"])
    }
    for token in tokens {
      table.add([
        token.key, token.isSet ? "$\(token.variable), set" : "$\(token.variable), NOT SET",
        "environment",
      ])
    }
    terminal.print(table)
  }

  /// A value in words; what nobody has set, as the schema says what holds then.
  private static func text(_ setting: Setting) -> String {
    switch setting.value {
    case .null: SiteSchema.table.first { $0.path == setting.path }?.standard ?? "none"
    case .string(let text): text
    case .array(let values) where values.isEmpty: "none"
    case .array(let values):
      values.map { $0.stringValue ?? $0.serialized() }.joined(separator: ", ")
    default: setting.value.serialized()
    }
  }

  /// The variables that tokens are looked for in; the tokens themselves are never shown.
  private static func tokens(_ site: Site) -> [(key: String, variable: String, isSet: Bool)] {
    let archives = site.pacs.map { ("pacs.\($0.key)", $0.value.web?.tokenVariable) }
    let servers = site.fhir.map { ("fhir.\($0.key)", $0.value.tokenVariable) }
    return (archives + servers).sorted { $0.0 < $1.0 }.compactMap { key, variable in
      variable.map { ("\(key) token", $0, Surroundings.variable($0) != nil) }
    }
  }

  private func check() throws(CommandFailure) {
    let place = ConfigurationPlace(context.arguments)
    let site = try context.site()
    _ = try context.group(site)
    let keyFile = Surroundings.expanded(site.confirmation.keyFile)
    guard !Surroundings.isReadableByOthers(keyFile) else {
      throw CommandFailure(
        .configuration,
        "\(keyFile): everybody can read the site's key; take that away with chmod o= \(keyFile)")
    }
    let missing = Self.tokens(site).filter { !$0.isSet }
    if context.isJSON {
      context.terminal.print([
        "file": JSON(place.readPath), "version": .integer(SiteSchema.version), "ok": true,
        "unsetVariables": JSON(missing.map(\.variable)),
      ])
      return
    }
    if let path = place.readPath {
      context.terminal.print("\(path.printable): in order (schema version \(SiteSchema.version))")
    } else {
      context.terminal.print("no configuration: the defaults hold, which are in order")
    }
    for token in missing {
      context.terminal.print(
        "note: \(token.key) is looked for in $\(token.variable), which is not set")
    }
    if !site.pacs.isEmpty, let name = site.pacs.keys.sorted().first {
      context.terminal.note("Try the connection: push2pacs doctor --pacs \(name.printable)")
    }
  }

  private func showSchema() {
    let terminal = context.terminal
    if context.isJSON {
      terminal.print(SiteSchema.document)
      return
    }
    terminal.print(
      folding:
        "Configuration schema, version \(SiteSchema.version); --json writes it as JSON Schema.")
    terminal.print("")
    let width = terminal.outputWidth.map { min($0, 80) } ?? 80
    for key in SiteSchema.table {
      let standard = key.standard.map { "default: \($0)" } ?? "required"
      let head = "\(key.path)  (\(Self.words(key.kind)); \(standard))"
      for (index, line) in CheckTable.wrapped(head, width: width - 4).enumerated() {
        terminal.print((index == 0 ? "" : "    ") + line)
      }
      for line in CheckTable.wrapped(key.help, width: width - 4) { terminal.print("    " + line) }
    }
  }

  private static func words(_ kind: SiteSchema.Kind) -> String {
    switch kind {
    case .text: "text"
    case .texts: "list of texts"
    case .flag: "true or false"
    case .whole(let range): "whole number, \(range.lowerBound) to \(range.upperBound)"
    case .number(let range): "number, \(range.lowerBound) to \(range.upperBound)"
    case .oneOf(let words): words.joined(separator: ", ")
    }
  }
}

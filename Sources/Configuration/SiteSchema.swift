/// Every key that a configuration may have: reading, `config show` and `config schema` are made
/// from this table.
///
/// A path has `NAME` where the site chooses the name, `CHECK` for the id of a check, `[]` for the
/// entries of a list.
package enum SiteSchema {
  /// The version that is written, and the highest one that is read.
  package static let version = 1

  /// What a value may be.
  package enum Kind: Sendable, Equatable {
    case text
    case texts
    case flag
    case whole(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case oneOf([String])
  }

  package struct Key: Sendable, Equatable {
    package let path: String
    package let kind: Kind
    /// What holds where it is not written, in words; `nil`: it is required there.
    package let standard: String?
    package let help: String

    init(_ path: String, _ kind: Kind, standard: String?, _ help: String) {
      self.path = path
      self.kind = kind
      self.standard = standard
      self.help = help
    }
  }

  /// Checks whose limit a site may move.
  package static let limits = ["dose.plausible"]

  package static let table: [Key] = general + archives + drawing + people

  private static let general: [Key] = [
    Key(
      "version", .whole(1...version), standard: "\(version)",
      "The version of this schema that the file is written for."),
    Key("aeTitle", .text, standard: "PUSH2PACS", "How this machine names itself to archives."),
    Key(
      "port", .whole(1...65535), standard: "11104",
      "Where it listens for what archives send back (C-MOVE, storage commitment)."),
    Key("contact", .text, standard: "none", "Whom a reader of the map may ask; drawn on it."),
    Key(
      "audit", .text, standard: "~/.local/state/push2pacs/audit.jsonl", "The file of the audit log."
    ),
    Key("stage.group", .text, standard: "none", "The group that may read and write stages."),
  ]

  private static let archives: [Key] = [
    Key("pacs.NAME.host", .text, standard: nil, "Name or address of the PACS."),
    Key("pacs.NAME.port", .whole(1...65535), standard: nil, "Its DICOM port, often 104 or 11112."),
    Key("pacs.NAME.aeTitle", .text, standard: nil, "Its AE title."),
    Key(
      "pacs.NAME.query", .flag, standard: "true", "Whether it can be asked what it holds (C-FIND)."),
    Key(
      "pacs.NAME.retrieve", .oneOf(Site.Retrieve.allCases.map(\.rawValue)), standard: "get",
      "How instances are fetched back; web where there is only a DICOMweb address."),
    Key(
      "pacs.NAME.commit", .oneOf(Site.Commit.allCases.map(\.rawValue)), standard: "off",
      "Whether verify asks for storage commitment."),
    Key(
      "pacs.NAME.associations", .whole(1...16), standard: "1",
      "How many associations share the sending."),
    Key("pacs.NAME.timeouts.connect", seconds, standard: "10", "Seconds to connect."),
    Key(
      "pacs.NAME.timeouts.associate", seconds, standard: "15", "Seconds to agree on an association."
    ),
    Key("pacs.NAME.timeouts.response", seconds, standard: "60", "Seconds to wait for an answer."),
    Key(
      "pacs.NAME.timeouts.read", seconds, standard: "as response",
      "Seconds to wait for the rest of what has begun to arrive."),
    Key("pacs.NAME.timeouts.write", seconds, standard: "60", "Seconds in which some byte must go."),
    Key("pacs.NAME.timeouts.release", seconds, standard: "5", "Seconds to take leave."),
    Key(
      "pacs.NAME.timeouts.commitment", seconds, standard: "60",
      "Seconds to wait for the promise of storage."),
    Key(
      "pacs.NAME.url", .text, standard: "none",
      "Its DICOMweb address; alone, or beside host, port and aeTitle."),
    Key(
      "pacs.NAME.tokenVariable", .text, standard: "none",
      "The environment variable that holds the bearer token of that address."),
    Key("fhir.NAME.url", .text, standard: nil, "Base address of a FHIR server."),
    Key(
      "fhir.NAME.tokenVariable", .text, standard: "none",
      "The environment variable that holds its bearer token."),
  ]

  private static let seconds = Kind.number(0.1...86400)

  private static let drawing: [Key] = [
    Key(
      "isodoses.NAME.levels", .texts, standard: "those of the fractionation",
      "Isodose levels: \"18 Gy\" or \"50%\"."),
    Key(
      "isodoses.NAME.colors", .texts, standard: "the standard colours",
      "Their colours, highest first: \"#dc3220\"."),
    Key(
      "label.date", .text, standard: "MM.dd.yyyy", "The date in labels: yyyy, MM, dd with . - or _."
    ),
    Key(
      "label.template", .text, standard: "RT_{dose}{unit}_{fractions}Fx_{date}",
      "What labels are made of; each part in braces once."),
    Key(
      "limits.CHECK.max", .number(0...1e6), standard: "the check's own",
      "A limit that the site moves, of: \(limits.joined(separator: ", "))."),
  ]

  private static let people: [Key] = [
    Key(
      "confirmation.expiresHours", .number(0...1e5), standard: "0",
      "After so many hours a confirmation is void; 0: never."),
    Key(
      "confirmation.keyFile", .text, standard: Site.Confirmation.ownKeyFile,
      "The key that seals confirmations."),
    Key(
      "confirmation.differentAccounts", .flag, standard: "false",
      "Whether two people need accounts of their own."),
    Key(
      "confirmation.expected", .texts, standard: "none",
      "Checks whose warnings are accepted together."),
    Key("confirmation.people[].name", .text, standard: nil, "Somebody who may confirm."),
    Key(
      "confirmation.people[].role", .text, standard: nil,
      "Their role: dosimetrist, physicist, physician or resident."),
    Key(
      "confirmation.people[].account", .text, standard: "any", "The account that is theirs alone."),
  ]

  /// The keys of one object, in the order of the table; the document itself has no path.
  package static func keys(of object: String) -> [String] {
    let prefix = object.isEmpty ? "" : object + "."
    var keys: [String] = []
    for entry in table where entry.path.hasPrefix(prefix) {
      var key = String(entry.path.dropFirst(prefix.count).prefix { $0 != "." })
      if key.hasSuffix("[]") { key.removeLast(2) }
      if !keys.contains(key) { keys.append(key) }
    }
    return keys
  }
}

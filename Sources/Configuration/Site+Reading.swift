package import Files
package import JSON

/// Why a configuration cannot be used.
package enum ConfigurationError: Error, Equatable {
  case file(FileTrouble)
  case syntax(path: String, JSONError)
  case shape(path: String, JSONShapeError)
  case unknownPACS(String, known: [String])
  case peer(String)
}

extension ConfigurationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .file(let trouble): "configuration \(trouble)"
    case .syntax(let path, let error): "\(path): \(error)"
    case .shape(let path, let error): "\(path): \(error)"
    case .unknownPACS(let name, let known):
      known.isEmpty
        ? "no PACS '\(name)' is configured; give it as AETITLE@host:port or https://host/path, or write it into the configuration"
        : "no PACS '\(name)' is configured; there is \(known.joined(separator: ", ")), or give it as AETITLE@host:port"
    case .peer(let text): "'\(text)' is no AETITLE@host:port"
    }
  }
}

extension Site {
  /// Reads a configuration; `nil` for a path takes what a site without one has.
  package static func read(_ path: String?) throws(ConfigurationError) -> Site {
    guard let path else { return Site() }
    return try Site(written: writtenDocument(path), in: path)
  }

  /// What stands in a configuration file, not yet understood.
  package static func writtenDocument(_ path: String) throws(ConfigurationError) -> JSON {
    let bytes: [UInt8]
    do { bytes = try PrivateFile.readRegular(path, atMost: 1 << 20) } catch { throw .file(error) }
    do { return try JSON(parsing: bytes) } catch { throw .syntax(path: path, error) }
  }

  /// Understands a document.
  ///
  /// - Parameter path: the file that errors name.
  package init(written document: JSON, in path: String) throws(ConfigurationError) {
    do { self = try Site(JSONReader(document)) } catch { throw .shape(path: path, error) }
  }

  /// The archive of a name, or the one that `AETITLE@host:port` describes.
  package func archive(_ name: String) throws(ConfigurationError) -> Archive {
    if let known = pacs[name] { return known }
    if name.hasPrefix("https://") || name.hasPrefix("http://") {
      // How verify is told where push has sent it: a configured one of this address has its token.
      let configured = pacs.values.first {
        $0.isWebOnly && $0.web.map { Self.withoutSlash($0.url) } == Self.withoutSlash(name)
      }
      var archive = Archive()
      archive.web = WebService(url: name)
      return configured ?? archive
    }
    guard let at = name.firstIndex(of: "@") else {
      throw .unknownPACS(name, known: pacs.keys.sorted())
    }
    let title = String(name[..<at])
    let rest = name[name.index(after: at)...]
    guard let colon = rest.lastIndex(of: ":"), let port = UInt16(rest[rest.index(after: colon)...]),
      port > 0, Self.isAETitle(title), colon != rest.startIndex
    else { throw .peer(name) }
    var archive = Archive()
    archive.aeTitle = title
    // An IPv6 address stands in brackets.
    archive.host = rest[..<colon].filter { $0 != "[" && $0 != "]" }
    archive.port = Int(port)
    return archive
  }

  private static func withoutSlash(_ url: String) -> Substring {
    url.hasSuffix("/") ? url.dropLast() : url[...]
  }

  /// 1 to 16 characters, not only spaces, no backslash, no control character.
  ///
  /// PS3.5 6.2.
  package static func isAETitle(_ text: String) -> Bool {
    (1...16).contains(text.utf8.count)
      && text.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x5C }
      && text.contains { $0 != " " }
  }

  /// Each computed part once, and between them only what a folder and a series description can be
  /// called.
  private static func template(_ reader: JSONReader) throws(JSONShapeError) -> String {
    let text = try reader.string()
    var rest = text
    var isWhole = true
    for part in ["{dose}", "{unit}", "{fractions}", "{date}"] {
      isWhole = isWhole && text.ranges(of: part).count == 1
      rest = rest.replacing(part, with: "")
    }
    let isPlain = rest.allSatisfy {
      ($0.isASCII && ($0.isLetter || $0.isNumber)) || "_.-".contains($0)
    }
    guard isWhole, isPlain, let first = text.first, first.isLetter else {
      throw .unexpected(
        path: reader.path,
        expected:
          "a letter first, then {dose}, {unit}, {fractions} and {date} once each, with letters, digits, _ . and - between them",
        found: "'\(text)'")
    }
    guard areNumbersApart(in: text), !rest.uppercased().contains("GY"),
      !text.uppercased().contains("PRIOR")
    else {
      throw .unexpected(
        path: reader.path,
        expected:
          "{unit} right behind {dose}, no digit, point or other number touching a number, and no Gy or PRIOR of its own",
        found: "'\(text)'")
    }
    return text
  }

  /// Whether no number of a label can be read as part of another, nor as another's: `RT_1{dose}{unit}`
  /// would make 118 Gy of 18.
  private static func areNumbersApart(in template: String) -> Bool {
    guard ["", "_", "-"].contains(where: { template.contains("{dose}\($0){unit}") }) else {
      return false
    }
    // The unit is a word; what is left in braces are numbers.
    let text = template.replacing("{unit}", with: "u")
    for number in ["{dose}", "{fractions}", "{date}"] {
      guard let range = text.firstRange(of: number) else { return false }
      if let before = text[..<range.lowerBound].last, before != "_", !before.isLetter,
        before != "-" || number == "{dose}"
      {
        return false
      }
      if let after = text[range.upperBound...].first, after.isNumber || ".{".contains(after) {
        return false
      }
    }
    return true
  }

  private static func aeTitle(_ reader: JSONReader) throws(JSONShapeError) -> String {
    let title = try reader.string()
    guard isAETitle(title) else {
      throw .unexpected(
        path: reader.path, expected: "an AE title of 1 to 16 plain characters",
        found: "'\(title)'")
    }
    return title
  }

  init(_ reader: JSONReader) throws(JSONShapeError) {
    self.init()
    try reader.allowOnly(SiteSchema.keys(of: ""))
    if let version = try reader.optional("version") {
      _ = try version.integer(in: 1...SiteSchema.version)
    }
    if let title = try reader.optional("aeTitle") { aeTitle = try Self.aeTitle(title) }
    if let value = try reader.optional("port")?.integer(in: 1...65535) { port = value }
    for (name, entry) in try reader.optional("pacs")?.named() ?? [] {
      pacs[name] = try Archive(entry)
    }
    for (name, entry) in try reader.optional("fhir")?.named() ?? [] {
      fhir[name] = try WebService(entry)
    }
    for (name, entry) in try reader.optional("isodoses")?.named() ?? [] {
      try entry.allowOnly(SiteSchema.keys(of: "isodoses.NAME"))
      var scheme = IsodoseScheme()
      for level in try entry.optional("levels")?.array() ?? [] {
        scheme.levels.append(try level.string())
      }
      for color in try entry.optional("colors")?.array() ?? [] {
        scheme.colors.append(try color.string())
      }
      isodoses[name] = scheme
    }
    if let entry = try reader.optional("label") {
      try entry.allowOnly(SiteSchema.keys(of: "label"))
      if let template = try entry.optional("template") {
        label.template = try Self.template(template)
      }
      if let format = try entry.optional("date") {
        let text = try format.string()
        let parts = ["yyyy", "MM", "dd"]
        guard parts.allSatisfy({ text.ranges(of: $0).count == 1 }),
          parts.reduce(text, { $0.replacing($1, with: "") }).allSatisfy({ ".-_".contains($0) })
        else {
          throw .unexpected(
            path: format.path, expected: "yyyy, MM and dd with . - or _ between them",
            found: "'\(text)'")
        }
        label.date = text
      }
    }
    contact = try reader.optional("contact")?.string()
    audit = try reader.optional("audit")?.string()
    try reader.optional("limits")?.allowOnly(SiteSchema.limits)
    for (name, entry) in try reader.optional("limits")?.named() ?? [] {
      try entry.allowOnly(SiteSchema.keys(of: "limits.CHECK"))
      var values: [String: Double] = [:]
      for (key, value) in try entry.named() { values[key] = try value.double(in: 0...1e6) }
      limits[name] = values
    }
    if let entry = try reader.optional("confirmation") {
      try entry.allowOnly(SiteSchema.keys(of: "confirmation"))
      if let hours = try entry.optional("expiresHours")?.double(in: 0...1e5) {
        confirmation.expiresHours = hours
      }
      if let path = try entry.optional("keyFile")?.string() { confirmation.keyFile = path }
      for person in try entry.optional("people")?.array() ?? [] {
        confirmation.people.append(try Reviewer(person))
      }
      if let value = try entry.optional("differentAccounts")?.bool() {
        confirmation.needsDifferentAccounts = value
      }
      for check in try entry.optional("expected")?.array() ?? [] {
        confirmation.expected.append(try check.string())
      }
    }
    if let entry = try reader.optional("stage") {
      try entry.allowOnly(SiteSchema.keys(of: "stage"))
      stage.group = try entry.optional("group")?.string()
    }
  }
}

extension Site.Archive {
  init(_ reader: JSONReader) throws(JSONShapeError) {
    self.init()
    try reader.allowOnly(SiteSchema.keys(of: "pacs.NAME"))
    // A token without the service that it is for is a slip, not nothing.
    let tokenVariable = try reader.optional("tokenVariable")?.string()
    if try reader.optional("url") != nil || tokenVariable != nil {
      web = Site.WebService(
        url: try reader.required("url").string(), tokenVariable: tokenVariable)
    }
    let hasNode = try reader.optional("host") != nil
    if web == nil || hasNode {
      host = try reader.required("host").string()
      port = try reader.required("port").integer(in: 1...65535)
      aeTitle = try Site.aeTitle(reader.required("aeTitle"))
    }
    if let value = try reader.optional("query")?.bool() { canBeAsked = value }
    if let value = try reader.optional("retrieve")?.string(
      oneOf: Site.Retrieve.allCases.map(\.rawValue))
    {
      retrieve = Site.Retrieve(rawValue: value) ?? .get
      let isPossible =
        switch retrieve {
        case .web: web != nil
        case .get, .move: hasNode
        case .none: true
        }
      guard isPossible else {
        throw .unexpected(
          path: reader.path + ".retrieve",
          expected: retrieve == .web ? "\"url\" beside \"web\"" : "\"web\" or \"none\"",
          found: "\"\(value)\"")
      }
    } else if !hasNode {
      retrieve = .web
    }
    if let value = try reader.optional("commit")?.string(
      oneOf: Site.Commit.allCases.map(\.rawValue))
    {
      commit = Site.Commit(rawValue: value) ?? .off
    }
    if let value = try reader.optional("associations")?.integer(in: 1...16) {
      associations = value
    }
    if let entry = try reader.optional("timeouts") {
      try entry.allowOnly(SiteSchema.keys(of: "pacs.NAME.timeouts"))
      func seconds(_ key: String, _ fallback: Double) throws(JSONShapeError) -> Double {
        try entry.optional(key)?.double(in: 0.1...86400) ?? fallback
      }
      timeouts.connect = try seconds("connect", timeouts.connect)
      timeouts.associate = try seconds("associate", timeouts.associate)
      timeouts.response = try seconds("response", timeouts.response)
      // Who waits longer for an answer waits as long for the rest of it, unless told otherwise.
      timeouts.read = try seconds("read", timeouts.response)
      timeouts.write = try seconds("write", timeouts.write)
      timeouts.release = try seconds("release", timeouts.release)
      timeouts.commitment = try seconds("commitment", timeouts.commitment)
    }
  }
}

extension Site.Reviewer {
  init(_ reader: JSONReader) throws(JSONShapeError) {
    try reader.allowOnly(SiteSchema.keys(of: "confirmation.people[]"))
    name = try reader.required("name").string()
    role = try reader.required("role").string()
    account = try reader.optional("account")?.string()
  }
}

extension Site.WebService {
  init(_ reader: JSONReader) throws(JSONShapeError) {
    try reader.allowOnly(SiteSchema.keys(of: "fhir.NAME"))
    url = try reader.required("url").string()
    tokenVariable = try reader.optional("tokenVariable")?.string()
  }
}

import Configuration
import Console
import DICOM
import Files
import JSON
import Quality
import Radiotherapy
import TreatmentSummary

/// `push2pacs summary`: the course as structured data beside the picture.
struct SummaryCommand {
  let context: Context

  /// The most bytes that a file of a summary may have.
  static let sizeLimit = 64 << 20

  func run() throws(CommandFailure) {
    let arguments = context.arguments
    let paths = arguments.positionals
    let isLooking = arguments.flag("template") || arguments.has("read") || arguments.has("check")
    guard paths.isEmpty == isLooking else {
      throw CommandFailure(
        .usage,
        paths.isEmpty
          ? "summary needs a PATH, --read, --check or --template"
          : "--read, --check and --template take no PATH")
    }
    if arguments.flag("template") {
      try printTemplate()
    } else if let file = arguments.string("check") {
      try check(file)
    } else if let source = arguments.string("read") {
      try read(source)
    } else {
      try make()
    }
  }

  private func printTemplate() throws(CommandFailure) {
    context.terminal.print(SummaryDetails.template)
    for (key, meaning) in SummaryDetails.meanings {
      context.terminal.note("\(key)  \(meaning)")
    }
  }

  static func document(_ path: String) throws(CommandFailure) -> JSON {
    let bytes: [UInt8]
    do { bytes = try PrivateFile.readRegular(path, atMost: sizeLimit) } catch {
      throw CommandFailure(.noInput, "\(error)")
    }
    do { return try JSON(parsing: bytes) } catch {
      throw CommandFailure(.wrongInput, "\(path): \(error)")
    }
  }

  /// Makes the summary, holds it against the rules, and writes or shows it.
  private func make() throws(CommandFailure) {
    let made = try made(from: nil)
    let links = try stageLinks(made.summary)
    let bundle = BundleWriting(made.summary, systems: made.details.systems).bundle(with: links)
    try requireRules(bundle)
    let terminal = context.terminal
    for note in made.notes { terminal.note("Note: \(note.printable)") }
    if let path = context.arguments.string("output") {
      if links != nil {
        terminal.note(
          "Note: the ImagingStudy in this file lists the map's series alone; a server that has one of its own of the study keeps it beside this one. --fhir refers to the server's own instead."
        )
      }
      let text = bundle.bytes(pretty: true) + [UInt8(ascii: "\n")]
      do { try PrivateFile.write(text, to: path) } catch {
        throw CommandFailure(.cannotCreate, "\(error)")
      }
      if !context.isJSON { terminal.print(path) }
    }
    if let address = context.arguments.string("fhir") {
      let server = try SummaryServer(address, context)
      let person = try SummaryConfirmation(context: context).ask(
        about: made.summary, notes: made.notes, to: server.name)
      let plain = BundleWriting(made.summary, systems: made.details.systems).bundle()
      let sent = try server.prepared(plain, of: made.summary, links)
      try requireRules(sent)
      let outcome = try server.send(
        made.summary, sent, confirmedBy: [person], map: links?.series.first?.uid)
      if context.isJSON { terminal.print(server.document(outcome)) }
    } else if context.isJSON {
      terminal.print(bundle)
    } else if !context.arguments.has("output") {
      SummaryTable(made.summary).show(on: terminal)
    }
  }

  typealias Made = (summary: TreatmentSummary, details: SummaryDetails, notes: [String])

  /// The links to the map of `--stage`, which some archive has to hold.
  private func stageLinks(_ summary: TreatmentSummary) throws(CommandFailure) -> DoseMapLinks? {
    guard let path = context.arguments.string("stage") else { return nil }
    let stage = try context.stage(path)
    try SummaryBesideMap.requireAgreement(of: summary, with: stage.manifest)
    return try DoseMapLinks(sent: stage, site: context.site())
  }

  /// - Parameter read: what the files hold, where they have been read already.
  func made(from read: Inventory?) throws(CommandFailure) -> Made {
    guard let path = context.arguments.string("details") else {
      throw CommandFailure(
        .usage,
        "--details FILE is missing: DICOM does not say identifiers and status; to make one and fill it in: push2pacs summary --template > course.json"
      )
    }
    let details: SummaryDetails
    do { details = try SummaryDetails(try Self.document(path)) } catch let error as JSONShapeError {
      throw CommandFailure(.wrongInput, "\(path): \(error)")
    } catch let error as CommandFailure {
      throw error
    } catch { throw CommandFailure(.ourFault, "\(error)") }
    let inventory = if let read { read } else { try CourseReading.inventory(context) }
    do {
      let making = try CourseSummaryMaking(
        of: inventory, details: details, plans: context.arguments.strings("plan"))
      return (making.summary, details, making.notes)
    } catch { throw CommandFailure(.wrongInput, "\(error)".printable) }
  }

  /// Refuses to let a Bundle out that breaks a rule.
  func requireRules(_ bundle: JSON) throws(CommandFailure) {
    let errors = SummaryCheck.findings(in: bundle).filter { $0.severity == .error }
    guard let first = errors.first else { return }
    throw CommandFailure(
      .wrongInput,
      "the summary would break \(errors.count) rule\(errors.count == 1 ? "" : "s") of the profiles: \(first.description.printable)",
      lines: errors.dropFirst().map { $0.description.printable })
  }

  private func check(_ path: String) throws(CommandFailure) {
    let findings = SummaryCheck.findings(in: try Self.document(path))
    let errors = findings.filter { $0.severity == .error }
    let terminal = context.terminal
    if context.isJSON {
      terminal.print([
        "rules": .integer(SummaryCheck.ruleCount), "errors": .integer(errors.count),
        "findings": .array(findings.map(\.json)),
      ])
    } else if !findings.isEmpty {
      var table = Table([
        .init("Rule", .right), .init("Kind"), .init("Resource", flexible: .wrap),
        .init("Finding", flexible: .wrap),
      ])
      for finding in findings {
        table.add([
          "\(finding.rule)", "\(finding.severity.rawValue)", "\(finding.place)", "\(finding.text)",
        ])
      }
      terminal.print(table)
    }
    guard errors.isEmpty else {
      throw CommandFailure(
        .wrongInput,
        "\(path) breaks the rules \(errors.count == 1 ? "once" : "\(errors.count) times")")
    }
    terminal.note(
      "No error by \(SummaryCheck.ruleCount) rules\(findings.isEmpty ? "" : "; warnings: \(findings.count)"). The profiles' own definitions were not consulted."
    )
  }

  private func read(_ source: String) throws(CommandFailure) {
    var isOnServer = Context.isWebAddress(source)
    if !isOnServer, !Surroundings.exists(source) {
      isOnServer = try context.site().fhir[String(source.prefix { $0 != "/" })] != nil
    }
    if isOnServer {
      try show(SummaryServer.read(source, context))
      return
    }
    let index = ResourceIndex(try Self.document(source))
    guard !index.all.isEmpty else {
      throw CommandFailure(.wrongInput, "\(source): \(BundleReadingError.notFHIR)")
    }
    try show(index)
  }

  func show(_ index: ResourceIndex) throws(CommandFailure) {
    let summary: TreatmentSummary
    do {
      summary = try BundleReading.summary(in: index, course: context.arguments.string("course"))
    } catch { throw CommandFailure(.wrongInput, "\(error)".printable) }
    if context.isJSON {
      context.terminal.print(SummaryTable(summary).document)
    } else {
      SummaryTable(summary).show(on: context.terminal)
    }
    if let contradiction = Self.contradiction(in: index) {
      throw CommandFailure(.wrongInput, "what is told contradicts itself: \(contradiction)")
    }
  }

  /// The first of the contradictions that a summary holds in itself, and how many more there are.
  ///
  /// - Parameter rules: those that count, where others are judged elsewhere.
  static func contradiction(in index: ResourceIndex, of rules: [Int]? = nil) -> String? {
    let all = SummaryCheck.contradictions(in: index).filter { rules?.contains($0.rule) ?? true }
    return all.first.map {
      $0.description.printable + (all.count > 1 ? " (and \(all.count - 1) more)" : "")
    }
  }
}

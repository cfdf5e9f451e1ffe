import Configuration
import Console
import DICOM
import DICOMweb
import Delivery
import FHIR
import HTTP
import JSON
import Quality
import Radiotherapy
import TreatmentSummary

/// The treatment summary that goes out beside a map: made before anything is staged, kept in the
/// stage, confirmed with the map by everybody who confirms it, sent once the PACS has the map.
struct SummaryBesideMap {
  let context: Context
  /// The FHIR server's base address.
  let address: String
  private let tokenVariable: String?
  private let summary: TreatmentSummary
  private let bundle: JSON
  private let notes: [String]

  private static let format = "push2pacs-stage-summary/1"

  /// Makes the summary; `nil` where none is asked for.
  init?(_ context: Context, from inventory: Inventory) throws(CommandFailure) {
    guard let text = context.arguments.string("fhir") else { return nil }
    self.context = context
    (address, tokenVariable) = try context.fhirService(text)
    // An address or a token that cannot be is said before the work, not after it.
    _ = try SummaryServer(address, token: tokenVariable, context)
    let command = SummaryCommand(context: context)
    do {
      let made = try command.made(from: inventory)
      summary = made.summary
      notes = made.notes
      bundle = BundleWriting(made.summary, systems: made.details.systems).bundle()
      try command.requireRules(bundle)
    } catch { throw error.saying("nothing was staged") }
  }

  /// Reads the summary of a stage; `nil` where it has none.
  init?(_ context: Context, of stage: Stage) throws(CommandFailure) {
    let bytes: [UInt8]
    do {
      guard let staged = try stage.summaryBytes() else { return nil }
      bytes = staged
    } catch { throw CommandFailure(.notConfirmed, "\(error)") }
    let foreign = CommandFailure(
      .wrongInput, "\(stage.file(Stage.summaryName)) is no summary that an export has staged")
    guard let document = try? JSON(parsing: bytes), document["format"]?.stringValue == Self.format,
      let address = document["server"]?.stringValue, let bundle = document["bundle"],
      let summary = try? BundleReading.summary(in: ResourceIndex(bundle))
    else { throw foreign }
    self.context = context
    self.address = address
    self.bundle = bundle
    self.summary = summary
    tokenVariable = document["tokenVariable"]?.stringValue
    notes = (document["notes"]?.arrayValue ?? []).compactMap(\.stringValue)
  }

  /// What the stage keeps of it.
  var bytes: [UInt8] {
    var document: JSON = ["format": .string(Self.format), "server": .string(address)]
    document["tokenVariable"] = tokenVariable.map(JSON.string)
    document["notes"] = JSON(notes)
    document["bundle"] = bundle
    return document.bytes(pretty: true) + [UInt8(ascii: "\n")]
  }

  /// What has to be typed along with `--fhir`, before anything is read.
  static func requireArguments(_ context: Context) throws(CommandFailure) {
    let arguments = context.arguments
    if arguments.has("fhir") {
      guard arguments.has("pacs") else {
        throw CommandFailure(
          .usage,
          "--fhir sends the summary beside the map: --pacs NAME is missing; for the summary alone there is push2pacs summary"
        )
      }
      guard arguments.has("details") else {
        throw CommandFailure(
          .usage,
          "--fhir needs --details FILE: DICOM does not say identifiers and status; push2pacs summary --template prints one to fill in; nothing was staged"
        )
      }
    } else if let option = ["details", "token"].first(where: arguments.has) {
      throw CommandFailure(
        .usage, "--\(option) says something about a summary: --fhir URL is missing")
    }
  }

  /// Refuses a summary of something else than the map.
  func requireAgreement(with facts: CourseFacts, of course: Course) throws(CommandFailure) {
    let told = Set(summary.plans.compactMap(\.plan?.uid))
    for plan in course.plans.compactMap(\.plan) where !told.contains(plan.identity.sopInstanceUID) {
      throw CommandFailure(
        .wrongInput,
        "the summary does not tell plan \(plan.identity.sopInstanceUID), which the map shows; nothing was staged"
      )
    }
    do {
      try Self.requireAgreement(
        of: summary, patient: course.scan.patient.id ?? "", gray: facts.prescriptionGy,
        fractions: facts.fractionsDelivered, completed: facts.completed)
    } catch { throw error.saying("nothing was staged") }
  }

  static func requireAgreement(
    of summary: TreatmentSummary, with manifest: Manifest
  ) throws(CommandFailure) {
    guard !manifest.isOfImages else {
      throw CommandFailure(.wrongInput, "\(manifest.label): images as they are, no dose map")
    }
    try requireAgreement(
      of: summary, patient: manifest.patientID, gray: manifest.doseGy,
      fractions: manifest.fractions, completed: manifest.completed)
  }

  /// The map's dose, fractions and last day have to be those of the course, of a phase or a plan.
  private static func requireAgreement(
    of summary: TreatmentSummary, patient: String, gray: Double, fractions: Int,
    completed: CalendarDate
  ) throws(CommandFailure) {
    guard summary.patient.id == patient else {
      throw CommandFailure(
        .wrongInput,
        "the summary is of patient \(summary.patient.id ?? ""), the map of \(patient)".printable)
    }
    let parts = [summary.course] + summary.phases + summary.plans
    let isTold = parts.compactMap(\.treated).contains { treated in
      treated.end?.prefix(10) == completed.iso[...]
        && treated.doses.contains { dose in
          guard let total = dose.total, let map = CentiGray(gray: gray) else { return false }
          return (dose.fractions ?? treated.fractions) == fractions && total.isNear(map)
        }
    }
    guard isTold else {
      throw CommandFailure(
        .wrongInput,
        "the summary contradicts the map: nothing in it got \(CentiGray(gray: gray)?.gray ?? gray) Gy in \(fractions) fraction\(fractions == 1 ? "" : "s") until \(completed.iso)"
      )
    }
  }

  /// What everybody sees who confirms the map.
  var companion: ConfirmationSubject.Companion {
    ConfirmationSubject.Companion(
      lines: ["", "With the map goes this summary, to \(address):"]
        + SummaryTable(summary).lines(width: context.terminal.errorWidth)
        + notes.map { "Note: \($0.printable)" },
      question: "Is this summary what happened, and may it go to \(address)? [yes/no] ")
  }

  /// Sends the map and then the summary, or neither where it can be known before.
  ///
  /// - Parameter map: sends the map; it is told nothing of the summary.
  func deliver<Outcome>(
    _ stage: Stage, _ site: Site, to destination: Destination,
    map: () throws(CommandFailure) -> Outcome
  ) throws(CommandFailure) -> (map: Outcome, summary: JSON) {
    let confirm = ConfirmCommand(context: context)
    guard case .complete = try confirm.standing(of: stage, site: site) else {
      _ = try map()
      throw CommandFailure(.notConfirmed, "\(stage.path) is not confirmed")
    }
    let people = try confirm.people(of: stage, site: site)
    let ready = try ready(stage, to: destination)
    let outcome: Outcome
    do { outcome = try map() } catch { throw error.saying("nothing went to \(address)") }
    return (outcome, try send(ready, stage, mapAt: destination, confirmedBy: people))
  }

  /// A Bundle that is ready to go, held against the rules and against what the server has.
  private struct Ready {
    let server: SummaryServer
    let bundle: JSON
    let map: String?
  }

  /// Asks the server before the PACS gets anything: what it cannot take must not part the two.
  private func ready(
    _ stage: Stage, to destination: Destination
  ) throws(CommandFailure) -> Ready {
    do {
      let server = try SummaryServer(
        address, token: context.arguments.string("token") ?? tokenVariable, context)
      let links = DoseMapLinks(stage.manifest, web: destination.web?.base.text)
      let linked = try server.prepared(bundle, of: summary, links)
      try SummaryCommand(context: context).requireRules(linked)
      return Ready(server: server, bundle: linked, map: links.series.first?.uid)
    } catch {
      throw error.saying("neither the map nor the summary was sent; \(wayOut(of: error, stage))")
    }
  }

  /// What to do about a server that could not be asked, or a summary that it cannot take.
  private func wayOut(of error: CommandFailure, _ stage: Stage) -> String {
    let alone = "to send the map alone, export again without --fhir"
    switch error.status {
    case .wrongInput: return "put course.json right and export again, or, \(alone)"
    default: return "once that is mended: \(command(stage)); or, \(alone)"
    }
  }

  /// Sends the summary of a map that is in the PACS.
  private func send(
    _ ready: Ready, _ stage: Stage, mapAt destination: Destination, confirmedBy people: [String]
  ) throws(CommandFailure) -> JSON {
    let outcome: SummaryPush.Outcome
    do {
      outcome = try ready.server.send(summary, ready.bundle, confirmedBy: people, map: ready.map)
    } catch {
      // Why it failed counts for more than that this could not be written down.
      try? note(.missing, stage, "treatment summary; why stands in the audit log")
      throw CommandFailure(
        error.status,
        "the map is in \(destination.name), the summary is not at \(address): \(error.clause); send it with: \(command(stage))",
        lines: error.lines)
    }
    try note(
      .sent, stage, "treatment summary: \(outcome.created) made, \(outcome.updated) updated")
    return ready.server.document(outcome)
  }

  /// Writes into the stage's journal what became of the summary; beside the archives stands the
  /// FHIR server.
  private func note(
    _ kind: Journal.Kind, _ stage: Stage, _ detail: String
  ) throws(CommandFailure) {
    do {
      try Journal(of: stage, clock: Surroundings.now).append(
        .init(pacs: address, kind: kind, detail: detail))
    } catch let error as Journal.Trouble {
      switch error {
      case .held:
        throw CommandFailure(.tryAgain, "another push of this stage is running; wait for it")
      case .file(let trouble): throw CommandFailure(.inputOutput, "\(trouble)")
      }
    } catch { throw CommandFailure(.inputOutput, "\(error)") }
  }

  /// The command that sends what is missing: of a map that is there, the summary alone.
  private func command(_ stage: Stage) -> String {
    let arguments = context.arguments
    var words = ["push2pacs", "push", stage.path]
    for option in ["pacs", "config"] {
      if let value = arguments.string(option) { words += ["--\(option)", value] }
    }
    if arguments.flag("no-query") { words.append("--no-query") }
    return words.map(\.shellQuoted).joined(separator: " ")
  }
}

extension CommandFailure {
  /// The same with what it means for what was to follow.
  func saying(_ consequence: String) -> CommandFailure {
    CommandFailure(
      status, message.hasSuffix(consequence) ? message : "\(clause); \(consequence)", lines: lines,
      next: next)
  }
}

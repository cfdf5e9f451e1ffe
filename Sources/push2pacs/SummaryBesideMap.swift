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

/// The treatment summary that `export --fhir` sends beside the map: made before anything is staged,
/// confirmed with the map, sent once the PACS has the map.
struct SummaryBesideMap {
  let context: Context
  let server: SummaryServer
  private let made: SummaryCommand.Made

  /// Makes the summary; `nil` where none is asked for.
  init?(_ context: Context, from inventory: Inventory) throws(CommandFailure) {
    guard let address = context.arguments.string("fhir") else { return nil }
    self.context = context
    server = try SummaryServer(address, context)
    let command = SummaryCommand(context: context)
    do {
      made = try command.made(from: inventory)
      try command.requireRules(
        BundleWriting(made.summary, systems: made.details.systems).bundle())
    } catch { throw error.saying("nothing was staged") }
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
    let told = Set(made.summary.plans.compactMap(\.plan?.uid))
    for plan in course.plans.compactMap(\.plan) where !told.contains(plan.identity.sopInstanceUID) {
      throw CommandFailure(
        .wrongInput,
        "the summary does not tell plan \(plan.identity.sopInstanceUID), which the map shows; nothing was staged"
      )
    }
    do {
      try Self.requireAgreement(
        of: made.summary, patient: course.scan.patient.id ?? "", gray: facts.prescriptionGy,
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

  /// What the person sees who confirms the map.
  var companion: ConfirmationSubject.Companion {
    ConfirmationSubject.Companion(
      lines: ["", "With the map goes this summary, to \(server.name):"]
        + SummaryTable(made.summary).lines(width: context.terminal.errorWidth)
        + made.notes.map { "Note: \($0.printable)" },
      question: "Is this summary what happened, and may it go to \(server.name)? [yes/no] ")
  }

  /// Asks for the summary alone, where the map was confirmed before.
  func ask() throws(CommandFailure) -> String {
    try SummaryConfirmation(context: context).ask(
      about: made.summary, notes: made.notes, to: server.name)
  }

  /// A Bundle that is ready to go, held against the rules and against what the server has.
  struct Ready {
    fileprivate let bundle: JSON
    fileprivate let map: String?
    fileprivate let people: [String]
  }

  /// Asks the server before the PACS gets anything: what it cannot take must not part the two.
  func ready(
    _ stage: Stage, to destination: Destination, confirmedBy people: [String]
  ) throws(CommandFailure) -> Ready {
    let links: DoseMapLinks?
    let bundle: JSON
    do {
      links = try server.prepared(
        for: made.summary, DoseMapLinks(stage.manifest, web: destination.web?.base.text))
      bundle = BundleWriting(made.summary, systems: made.details.systems).bundle(with: links)
      try SummaryCommand(context: context).requireRules(bundle)
    } catch { throw error.saying("neither the map nor the summary was sent") }
    return Ready(bundle: bundle, map: links?.series.first?.uid, people: people)
  }

  /// Sends the summary of a map that is in the PACS.
  func send(
    _ ready: Ready, _ stage: Stage, mapAt destination: Destination
  ) throws(CommandFailure) -> JSON {
    do {
      return server.document(
        try server.send(
          made.summary, ready.bundle, confirmedBy: ready.people, map: ready.map))
    } catch {
      throw CommandFailure(
        error.status,
        "the map is in \(destination.name), the summary is not at \(server.name): \(error.message); send it with: \(command(stage))",
        lines: error.lines)
    }
  }

  /// The command that sends the summary alone.
  private func command(_ stage: Stage) -> String {
    let arguments = context.arguments
    var words = ["push2pacs", "summary"] + arguments.positionals
    for option in ["details", "plan", "config"] {
      for value in arguments.strings(option) { words += ["--\(option)", value] }
    }
    words += ["--stage", stage.path]
    for option in ["fhir", "token"] {
      if let value = arguments.string(option) { words += ["--\(option)", value] }
    }
    return words.map(\.shellQuoted).joined(separator: " ")
  }
}

extension CommandFailure {
  /// The same with what it means for what was to follow.
  func saying(_ consequence: String) -> CommandFailure {
    CommandFailure(
      status, message.hasSuffix(consequence) ? message : "\(message); \(consequence)", lines: lines)
  }
}

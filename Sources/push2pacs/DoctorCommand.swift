import Configuration
import Console
import DIMSE
import Delivery
import JSON

/// `push2pacs doctor`: tries what an export would need, step by step, and says in words what fails.
struct DoctorCommand {
  let context: Context
  /// Whether it says what to do next: not where another command does.
  var concludes = true

  func run() throws(CommandFailure) {
    let site = try context.site()
    let destination = try context.destination(site)
    let server = context.arguments.string("fhir")
    guard destination != nil || server != nil else {
      throw CommandFailure(
        .usage,
        "--pacs NAME or --fhir NAME is missing: a name of the configuration, AETITLE@host:port, or https://host/path"
      )
    }
    let interruption = CancelOnSignal.interruption()
    // A step can take as long as a timeout: each is shown as soon as it is known.
    let showing: (DoctorReport.Step) -> Void = { if !context.isJSON { show($0) } }
    var report = DoctorReport(showing: showing)
    if let destination {
      announce(destination.name)
      report.add(
        destination.isWebOnly
          ? WebExamination(destination: destination, interruption: interruption)
            .report(showing: showing)
          : ArchiveExamination(destination: destination, interruption: interruption)
            .report(showing: showing))
    }
    // Ctrl-C ends it; what has been seen is shown.
    if let server, !interruption.isInterrupted {
      let summaries = try SummaryServer(server, context)
      announce(summaries.name)
      report.add(FHIRExamination(summaries).report(showing: showing))
    }
    show(report, pacs: destination?.name, fhir: server)
    if let failure = report.failure { throw failure }
  }

  private func show(_ report: DoctorReport, pacs: String?, fhir: String?) {
    let terminal = context.terminal
    if context.isJSON {
      terminal.print([
        "pacs": JSON(pacs), "fhir": JSON(fhir), "steps": .array(report.steps.map(\.document)),
        "request": .array(
          report.request.map { ["what": .string($0.what), "value": .string($0.value)] }),
      ])
      return
    }
    if !report.request.isEmpty {
      terminal.print("")
      terminal.print(folding: "For the PACS team, to grant this machine access:")
      for (what, value) in report.request { list("  " + what, value, at: 15) }
    }
    // That page fills a screen: the verdict stands below it once more.
    if concludes, report.failure == nil { conclude(report, pacs ?? fhir ?? "") }
  }

  /// Somebody who watches is told what is waited for.
  private func announce(_ name: String) {
    if concludes, !context.isJSON, context.terminal.errorIsTerminal {
      context.terminal.note("Trying \(name.printable) ...")
    }
  }

  private func show(_ step: DoctorReport.Step) {
    list(step.verdict.word.padded(to: 9) + step.name, step.detail.printable, at: 29)
  }

  /// A head and its text beside it; in a narrow window below it.
  private func list(_ head: String, _ text: String, at column: Int) {
    let terminal = context.terminal
    let width = max(40, terminal.outputWidth ?? 80)
    let isNarrow = width < column + 32
    if isNarrow { terminal.print(head) }
    let margin = isNarrow ? 4 : column
    for (index, part) in CheckTable.wrapped(text, width: width - margin).enumerated() {
      terminal.print(
        (index == 0 && !isNarrow
          ? head.padded(to: margin) : String(repeating: " ", count: margin)) + part)
    }
  }

  private func conclude(_ report: DoctorReport, _ name: String) {
    let lacking = Set(report.steps.filter { $0.verdict != .ok }.map(\.name)).sorted()
    context.terminal.note("")
    context.terminal.note(
      lacking.isEmpty
        ? "All is well at \(name)."
        : "\(name) can be used; it lacks what can be done without: \(lacking.joined(separator: ", ")) (above)."
    )
    if context.namedPACS != nil {
      context.terminal.note("Next: push2pacs export FOLDER --pacs \(context.typedPACS)")
    }
  }
}

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
    var report = DoctorReport()
    if let destination {
      report.add(
        destination.isWebOnly
          ? WebExamination(destination: destination, interruption: interruption).report()
          : ArchiveExamination(destination: destination, interruption: interruption).report())
    }
    // Ctrl-C ends it; what has been seen is shown.
    if let server, !interruption.isInterrupted {
      report.add(try FHIRExamination(SummaryServer(server, context)).report())
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
    let width = max(40, terminal.outputWidth ?? 80)
    // In a narrow window the text goes below its head.
    func list(_ head: String, _ text: String, at column: Int) {
      let isNarrow = width < column + 32
      if isNarrow { terminal.print(head) }
      let margin = isNarrow ? 4 : column
      for (index, part) in CheckTable.wrapped(text, width: width - margin).enumerated() {
        terminal.print(
          (index == 0 && !isNarrow
            ? head.padded(to: margin) : String(repeating: " ", count: margin)) + part)
      }
    }
    for step in report.steps {
      list(step.verdict.word.padded(to: 9) + step.name, step.detail.printable, at: 29)
    }
    if !report.request.isEmpty {
      terminal.print("")
      terminal.print(folding: "For the PACS team, to grant this machine access:")
      for (what, value) in report.request { list("  " + what, value, at: 15) }
    }
    // That page fills a screen: the verdict stands below it once more.
    if concludes, report.failure == nil { conclude(report, pacs ?? fhir ?? "") }
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

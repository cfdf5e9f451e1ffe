import Configuration
import Console
import DIMSE
import Delivery
import JSON

/// `push2pacs doctor`: tries what an export would need, step by step, and says in words what fails.
struct DoctorCommand {
  let context: Context

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
    func list(_ head: String, _ text: String, at column: Int) {
      for (index, part) in CheckTable.wrapped(text, width: 80 - column).enumerated() {
        terminal.print(
          (index == 0 ? head.padded(to: column) : String(repeating: " ", count: column)) + part)
      }
    }
    for step in report.steps {
      list(step.verdict.word.padded(to: 9) + step.name, step.detail.printable, at: 29)
    }
    guard !report.request.isEmpty else { return }
    terminal.print("")
    terminal.print("For the PACS team, to grant this machine access:")
    for (what, value) in report.request { list("  " + what, value, at: 15) }
  }
}

import Audit
import Console
import DICOM
import DIMSE
import Delivery
import JSON

/// `push2pacs verify --study`: what an archive holds, without a stage to compare it with.
struct VerifyHolding {
  let context: Context
  let destination: Destination

  func run(study: String, series: String?) throws(CommandFailure) {
    let terminal = context.terminal
    let bar = ProgressBar("Fetching", total: nil, unit: .items("instances"), on: terminal)
    let held: [HeldSeries]
    do {
      held = try HoldingQuestion(
        destination: destination, interruption: CancelOnSignal.interruption(),
        folder: Surroundings.temporaryFolder
      ).run(study: study, series: series) { done, all in bar.set(done, of: all) }
    } catch {
      bar.finish()
      throw CommandFailure(error, at: destination)
    }
    bar.finish()
    guard !held.isEmpty else {
      throw CommandFailure(.wrongInput, "\(destination.name) holds nothing of that study or series")
    }
    try Auditing(try context.site()).record(
      .queried, patients: held.reduce(into: Set<String>()) { $0.formUnion($1.patientIDs) },
      studies: [study], series: Set(held.map(\.series)), at: destination.name,
      detail: "verify --study: \(held.count) series looked at")
    let bad = held.filter { !$0.objections.isEmpty }
    let patients = held.reduce(into: Set<String>()) { $0.formUnion($1.patientIDs) }
    if context.isJSON {
      terminal.print([
        "pacs": .string(destination.name), "studyInstanceUID": .string(study),
        "consistent": .bool(bad.isEmpty && patients.count < 2),
        "series": .array(held.map(HoldingReport.document)),
      ])
    } else {
      for series in held {
        for line in HoldingReport.lines(series, width: terminal.outputWidth ?? 80) {
          terminal.print(line)
        }
      }
    }
    let count = held.map(\.listed).reduce(0, +)
    guard bad.isEmpty, patients.count < 2 else {
      throw CommandFailure(
        .wrongInput,
        bad.isEmpty
          ? "\(destination.name) holds this study for \(patients.count) patient IDs"
          : "\(destination.name): \(bad.count) of \(held.count) series are not whole or do not hang together",
        lines: bad.flatMap { series in
          series.objections.map { "series \(series.number)  \($0)" }
            + series.findings.prefix(100).map { "\($0.sopInstanceUID)  \($0.what)" }
        })
    }
    if !context.isJSON {
      terminal.print(
        "HELD at \(destination.name): \(held.count) series, \(count) instances, all returned, of one patient, \(Surroundings.now())"
      )
    }
  }
}

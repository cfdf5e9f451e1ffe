import Audit
import Console
import DICOM
import DIMSE
import Delivery
import Files
import JSON

/// `push2pacs fetch`: series of one patient from an archive into a folder.
struct FetchCommand {
  let context: Context

  func run() throws(CommandFailure) {
    let site = try context.site()
    let destination = try context.requiredDestination(site)
    let query = try context.query()
    let terminal = context.terminal
    let folder = context.arguments.string("output") ?? "."
    let interruption = CancelOnSignal.interruption()
    let auditing = Auditing(site)
    let found = try context.search(query, .series, destination, auditing)
    let series = try chosen(MatchTable.sorted(found.matches), destination)
    do { try PrivateFile.makeFolders(folder) } catch {
      throw CommandFailure(.cannotCreate, "\(error); choose another folder with --output")
    }
    func record(
      _ event: AuditRecord.Event, _ outcome: AuditRecord.Outcome, _ detail: String
    ) throws(CommandFailure) {
      func values(_ tag: Tag) -> Set<String> { Set(series.compactMap { $0.string(tag) }) }
      try auditing.record(
        event, patients: values(.patientID), studies: values(.studyInstanceUID),
        series: values(.seriesInstanceUID), outcome: outcome, at: destination.name, detail: detail)
    }
    try record(.fetching, .success, "\(series.count) series")
    let bar = ProgressBar("Fetching", total: nil, unit: .items("instances"), on: terminal)
    let outcome: Fetching.Outcome
    do {
      outcome = try Fetching(
        destination: destination, interruption: interruption, folder: folder
      ).run(series, instance: query.instance) { done, all in bar.set(done, of: all) }
    } catch {
      bar.finish()
      let failure = CommandFailure(error, at: destination)
      try record(.fetched, .minorFailure, failure.message)
      throw CommandFailure(
        failure.status,
        failure.status == .tryAgain
          ? "\(failure.clause); what has arrived is in \(folder), run the same again and it goes on"
          : failure.message)
    }
    bar.finish()
    try record(
      .fetched, outcome.isWhole ? .success : .seriousFailure,
      "\(outcome.fetched) of \(outcome.listed) instances, \(outcome.wasThere) were there before")
    try report(outcome, folder, destination)
  }

  /// The series that are fetched: all of one study, or what a person chooses.
  private func chosen(
    _ series: [ArchiveSearch.Match], _ destination: Destination
  ) throws(CommandFailure) -> [ArchiveSearch.Match] {
    guard !series.isEmpty else {
      throw CommandFailure(.noInput, "\(destination.name) holds nothing of that kind")
    }
    func list() -> [String] {
      MatchTable.lines(series, .series, width: context.terminal.errorWidth)
    }
    // IDs alone: two issuers may use one ID, and what an archive does not tell is no disagreement.
    let patients = Set(series.compactMap { $0.string(.patientID) })
    guard patients.count < 2 else {
      throw CommandFailure(
        .wrongInput,
        "these series are of \(patients.count) patients; name one with --patient-id, or a study with --study",
        lines: list())
    }
    let studies = Set(series.compactMap { $0.string(.studyInstanceUID) })
    guard studies.count < 2 || context.arguments.flag("all") else {
      throw CommandFailure(
        .wrongInput,
        "these series are of \(studies.count) studies; name one with --study, or take all with --all",
        lines: list())
    }
    return series
  }

  private func report(
    _ outcome: Fetching.Outcome, _ folder: String, _ destination: Destination
  ) throws(CommandFailure) {
    let terminal = context.terminal
    if context.isJSON {
      terminal.print([
        "pacs": .string(destination.name), "folder": .string(folder),
        "listed": .integer(outcome.listed), "fetched": .integer(outcome.fetched),
        "wasThere": .integer(outcome.wasThere), "complete": .bool(outcome.isWhole),
        "series": JSON(outcome.folders),
        "notReturned": JSON(outcome.notReturned),
        "refused": .array(
          outcome.refused.map {
            ["sopInstanceUID": .string($0.sopInstanceUID), "reason": .string($0.reason)]
          }),
      ])
    }
    let there = outcome.fetched + outcome.wasThere
    guard outcome.isWhole else {
      throw CommandFailure(
        outcome.refused.isEmpty ? .unavailable : .wrongInput,
        "\(destination.name) lists \(outcome.listed) instances, \(there) of them are in \(folder): the series is not whole, do not use it",
        lines: outcome.refused.map { "\($0.sopInstanceUID)  \($0.reason)" }
          + outcome.notReturned.map { "\($0)  listed, but not returned" })
    }
    terminal.note(
      outcome.fetched == 0
        ? "All \(outcome.listed) instances were there before."
        : "\(outcome.fetched) instances fetched from \(destination.name)"
          + (outcome.wasThere > 0 ? ", \(outcome.wasThere) were there before." : "."))
    guard !context.isJSON else { return }
    for folder in outcome.folders { terminal.print(folder) }
    terminal.note(
      "Next: push2pacs inspect COURSE \(folder.shellQuoted)\(context.sameConfiguration)")
  }
}

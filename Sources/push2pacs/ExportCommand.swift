import Audit
import Configuration
import Console
import DICOM
import Delivery
import Files
import Geometry
import JSON
import Quality
import Radiotherapy
import Workers

/// `push2pacs export`: the whole way, with a person in the middle.
struct ExportCommand {
  let context: Context

  func run() throws(CommandFailure) {
    try SummaryBesideMap.requireArguments(context)
    let site = try context.site()
    let arguments = try CourseArguments(context.arguments, site: site)
    // A wrong name of the PACS is said before the work, not after it.
    let destination = try context.destination(site)
    let (stage, summary) = try makeStage(site, arguments)
    let terminal = context.terminal
    if stage.manifest.checks.isBlocked {
      throw CommandFailure(.wrongInput, "a check blocks; nothing was staged")
    }
    if let destination {
      let isReviewerPresent: Bool
      switch try confirmIfPossible(stage, site) {
      case .wanting(let who):
        terminal.note("Still missing: \(who).")
        finish(
          stage,
          next: "push2pacs confirm \(stage.path)"
            + (summary == nil
              ? "" : "; then push2pacs push \(stage.path), which sends the map and the summary"))
        return
      case .complete: isReviewerPresent = false
      case .completedNow: isReviewerPresent = true
      }
      var sent: JSON?
      if let summary {
        sent = try summary.deliver(stage, site, to: destination) { () throws(CommandFailure) in
          try deliver(stage, site, to: destination, isReviewerPresent: isReviewerPresent)
        }.summary
      } else {
        try deliver(stage, site, to: destination, isReviewerPresent: isReviewerPresent)
      }
      finish(stage, next: nil, summary: sent)
    } else {
      finish(stage, next: "push2pacs confirm \(stage.path)")
    }
  }

  /// What the PACS gets: the scan where that is wanted, the map, and the questions afterwards.
  private func deliver(
    _ stage: Stage, _ site: Site, to destination: Destination, isReviewerPresent: Bool
  ) throws(CommandFailure) {
    if context.arguments.flag("with-scan") {
      try SendCommand(context: context).sendScan(of: stage, site, to: destination)
    }
    try PushCommand(context: context).push(
      stage, site: site, to: destination, isReviewerPresent: isReviewerPresent)
    guard destination.canBeAsked else { return }
    let verify = VerifyCommand(context: context)
    try verify.judge(
      try verify.verify(stage, site: site, at: destination), stage, destination, prints: false)
    context.terminal.note(
      "Verified: every instance at \(destination.name) is as confirmed. Now look at the series in the viewer."
    )
  }

  private func makeStage(
    _ site: Site, _ arguments: CourseArguments
  ) throws(CommandFailure) -> (stage: Stage, summary: SummaryBesideMap?) {
    let terminal = context.terminal
    let timings: Timings? = context.arguments.flag("timings") ? Timings() : nil
    let inventory = try timings.measure("read the course") { () throws(CommandFailure) in
      try CourseReading.inventory(context)
    }
    let course = try CourseReading.course(
      from: inventory, arguments.request, context, mayAsk: true)
    for (file, reason) in course.passedOver(among: inventory) {
      terminal.note("Passed over    \("\(file.error)".printable); \(reason)")
    }
    let drawsStructures = arguments.settings.drawsStructures
    let (digest, prepared) = try alongside {
      timings.measure("digests of the course") {
        Result { () throws(FileError) in
          try InputDigest.hex(of: course, withStructures: drawsStructures)
        }
      }
    } _: { () throws(CommandFailure) in
      try timings.measure("check the course") { () throws(CommandFailure) in
        try CourseReading.prepared(course, arguments.settings)
      }
    }
    guard !prepared.checks.isBlocked else { throw blocked(prepared.checks) }
    // Where the summary cannot go with it, there is no map either.
    let summary = try SummaryBesideMap(context, from: inventory)
    if let summary, case .success(let facts) = prepared.facts {
      try summary.requireAgreement(with: facts, of: course)
    }
    if let path = context.arguments.string("save-dose") { try saveDose(prepared, path, timings) }
    let output = context.arguments.string("output") ?? "."
    let group = try context.group(site)
    do { try PrivateFile.makeFolders(output, for: group) } catch {
      throw CommandFailure(.cannotCreate, "\(error); choose another folder with --output")
    }
    let writer = StageWriter(
      prepared: prepared, software: Context.software, output: output, now: Surroundings.now(),
      // Without a key that can be used nothing is confirmed later; that is said then.
      group: group, key: try? context.key(site), summary: summary?.bytes, inputDigest: digest,
      timings: timings)
    let bar = ProgressBar(
      "Drawing", total: course.scan.slices.count, unit: .items("slices"), on: terminal)
    defer { bar.finish() }
    let written: StageWriter.Written
    Interruption.install()
    do {
      written = try writer.write { done, count in
        bar.set(done, of: count)
      } isStopped: {
        Interruption.isRequested
      }
    } catch {
      bar.finish()
      switch error {
      case .blocked(let checks): throw blocked(checks)
      case .stopped:
        throw CommandFailure(
          Interruption.exitStatus ?? .interrupted, "stopped; nothing was staged, nothing is sent")
      case .cannotCreate: throw CommandFailure(.cannotCreate, "\(error)")
      case .disk: throw CommandFailure(.inputOutput, "\(error)")
      case .internalFault: throw CommandFailure(.ourFault, "\(error)")
      case .scale, .structures, .plane(_, .acquired(_)): throw CommandFailure(.usage, "\(error)")
      default: throw CommandFailure(.wrongInput, "\(error)")
      }
    }
    bar.finish()
    if let timings {
      for line in ExportTimings(timings).lines(width: terminal.errorWidth) { terminal.note(line) }
    }
    if let status = Interruption.exitStatus {
      throw CommandFailure(
        status, "stopped; go on with push2pacs confirm \(written.stage.path)")
    }
    if written.abandoned > 0 {
      terminal.note(
        "Cleared away what \(written.abandoned) broken-off export\(written.abandoned == 1 ? "" : "s") had left."
      )
    }
    if written.wasThere {
      terminal.note("This map was staged before; the stage is whole.")
    } else {
      try Auditing(site).record(.staged, of: written.stage)
    }
    return (written.stage, summary)
  }

  private func saveDose(
    _ prepared: PreparedMap, _ path: String, _ timings: Timings?
  ) throws(CommandFailure) {
    let unknown: Double
    do {
      unknown = try SavedDose(prepared: prepared, software: Context.software, timings: timings)
        .write(to: path)
    } catch {
      switch error {
      case .exists, .disk, .cannotWrite: throw CommandFailure(.cannotCreate, "\(error)")
      default: throw CommandFailure(.wrongInput, "\(error)")
      }
    }
    let percent = (unknown * 1000).rounded() / 10
    context.terminal.note(
      unknown > 0
        ? "Dose saved     \(path); unknown, and written as 0, at \(percent) % of its pixels"
        : "Dose saved     \(path)")
  }

  private func blocked(_ checks: [Check]) -> CommandFailure {
    let ids = checks.filter { $0.status == .failure && $0.remedy == .blocked }.map(\.id.rawValue)
    return CommandFailure(
      .wrongInput,
      "no map can be made: \(ids.joined(separator: ", ")); nothing was staged",
      lines: CheckTable.lines(
        checks.filter { $0.status != .pass }, width: context.terminal.errorWidth))
  }

  /// Asks the person at the terminal, where one is there and somebody has to be asked.
  private func confirmIfPossible(
    _ stage: Stage, _ site: Site
  ) throws(CommandFailure) -> ConfirmCommand.Standing {
    let confirm = ConfirmCommand(context: context)
    let standing = try confirm.standing(of: stage, site: site)
    guard case .wanting = standing, context.terminal.inputIsTerminal else { return standing }
    return try confirm.ask(stage, site: site)
  }

  private func finish(_ stage: Stage, next: String?, summary: JSON? = nil) {
    let terminal = context.terminal
    if context.isJSON {
      var document: JSON = [
        "stage": .string(stage.path), "label": .string(stage.manifest.label),
      ]
      document["summary"] = summary
      terminal.print(document)
    }
    terminal.note("Review page    \(Surroundings.absolute(stage.reviewPage))")
    terminal.note("Contact sheet  \(Surroundings.absolute(stage.contactSheet))")
    if !context.isJSON { SheetOnScreen.show(stage, on: terminal, onError: true) }
    if let next { terminal.note("Next: \(next)") }
    if !context.isJSON { terminal.print(stage.path) }
  }
}

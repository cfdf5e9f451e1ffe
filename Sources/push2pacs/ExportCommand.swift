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
        if terminal.inputIsTerminal {
          terminal.note("")
          terminal.note("Your word is recorded; nothing is sent yet.")
        } else {
          show(stage)
        }
        terminal.note("Still missing: \(who).")
        finish(
          stage,
          next: [
            "push2pacs confirm \(stage.path.shellQuoted)\(context.sameConfiguration)",
            "push2pacs push \(stage.path.shellQuoted) --pacs \(context.typedPACS)",
          ] + (summary == nil ? [] : ["which sends the map and the summary"]))
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
      finish(
        stage,
        next: destination.canBeAsked
          ? [
            "look at the series in the PACS viewer, then say so:",
            "push2pacs verify \(stage.path.shellQuoted) --pacs \(context.typedPACS) --looked",
          ]
          : [
            "look at the series in the PACS viewer: \(destination.name) is not asked, so nothing here proves what it holds"
          ], summary: sent)
    } else {
      show(stage)
      finish(
        stage, next: ["push2pacs confirm \(stage.path.shellQuoted)\(context.sameConfiguration)"])
    }
  }

  /// What the PACS gets: the scan where that is wanted, the map, and the questions afterwards.
  private func deliver(
    _ stage: Stage, _ site: Site, to destination: Destination, isReviewerPresent: Bool
  ) throws(CommandFailure) {
    if context.arguments.flag("with-scan") {
      try SendCommand(context: context).sendScan(of: stage, site, to: destination)
    }
    do {
      try PushCommand(context: context).push(
        stage, site: site, to: destination, isReviewerPresent: isReviewerPresent)
    } catch {
      var failure = error
      if failure.next == nil, [.unavailable, .tryAgain].contains(failure.status) {
        failure.next = "push2pacs push \(stage.path.shellQuoted) --pacs \(context.typedPACS)"
      }
      throw failure
    }
    guard destination.canBeAsked else { return }
    let verify = VerifyCommand(context: context)
    let line = try verify.judge(
      try verify.verify(stage, site: site, at: destination), stage, destination)
    context.terminal.note("For the chart:")
    context.terminal.note("  \(line)")
  }

  /// What was made, where nobody is asked about it.
  private func show(_ stage: Stage) {
    let terminal = context.terminal
    for line in StageCard(stage.manifest, to: context.namedPACS).lines {
      terminal.note(line.printable)
    }
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
    guard !prepared.checks.isBlocked else {
      throw blocked(prepared.checks, CourseReading.registrations(for: course, inventory))
    }
    // Where the summary cannot go with it, there is no map either.
    let summary = try SummaryBesideMap(context, from: inventory)
    if let summary, case .success(let facts) = prepared.facts {
      try summary.requireAgreement(with: facts, of: course)
    }
    Interruption.install()
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
        status, "stopped; nothing is sent, the stage is whole",
        next: "push2pacs confirm \(written.stage.path.shellQuoted)\(context.sameConfiguration)")
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

  /// - Parameter ways: registrations of which nobody has chosen one.
  private func blocked(
    _ checks: [Check], _ ways: [InputError.Candidate] = []
  ) -> CommandFailure {
    let ids = checks.filter { $0.status == .failure && $0.remedy == .blocked }.map(\.id.rawValue)
    return CommandFailure(
      .wrongInput,
      "no map can be made: \(ids.joined(separator: ", ")); nothing was staged",
      lines: CheckTable.lines(
        checks.filter { $0.status != .pass }, width: context.terminal.errorWidth)
        + ways.map { "  \($0.uid)  \($0.description)".printable })
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

  /// Where everything is, and what to do now.
  private func finish(_ stage: Stage, next: [String], summary: JSON? = nil) {
    let terminal = context.terminal
    if context.isJSON {
      var document: JSON = [
        "stage": .string(stage.path), "label": .string(stage.manifest.label),
      ]
      document["summary"] = summary
      terminal.print(document)
    }
    terminal.note("")
    terminal.note("Review page    \(Surroundings.absolute(stage.reviewPage))")
    terminal.note("Contact sheet  \(Surroundings.absolute(stage.contactSheet))")
    if !context.isJSON { SheetOnScreen.show(stage, on: terminal, onError: true) }
    for (index, line) in next.enumerated() {
      terminal.note(index == 0 ? "Next: \(line)" : "      \(line)")
    }
    if !context.isJSON { terminal.print(stage.path) }
  }
}

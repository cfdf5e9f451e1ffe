import Audit
import Configuration
import Console
import DICOM
import Delivery
import Digest
import JSON
import Quality
import SecondaryCapture

/// `push2pacs retract`: withdraws a map, or images, that were sent, with a rejection note.
struct RetractCommand {
  let context: Context

  func run() throws(CommandFailure) {
    let site = try context.site()
    let destination = try context.requiredDestination(site)
    let stage = try context.stage(context.arguments.positionals[0])
    let terminal = context.terminal
    guard terminal.inputIsTerminal else {
      throw CommandFailure(
        .notConfirmed, "a withdrawal needs a person at a terminal; nothing answers for them")
    }
    do { try stage.requireIntact() } catch { throw CommandFailure(.wrongInput, "\(error)") }
    let journal: Journal
    do { journal = try Journal(of: stage, clock: Surroundings.now) } catch {
      switch error {
      case .held:
        throw CommandFailure(.tryAgain, "another run works on this stage; wait for it")
      case .file(let trouble): throw CommandFailure(.inputOutput, "\(trouble)")
      }
    }
    let withdrawal = Withdrawal(
      stage: stage, destination: destination, interruption: CancelOnSignal.interruption())
    let series = withdrawal.sent(journal)
    let count = series.map(\.instances.count).reduce(0, +)
    guard count > 0 else {
      let isWithdrawn = journal.events.contains {
        $0.kind == .retracted && $0.pacs == destination.name
      }
      throw CommandFailure(
        .wrongInput,
        isWithdrawn
          ? "\(stage.manifest.label) was withdrawn from \(destination.name) before; ask the PACS team whether it is hidden"
          : "nothing of this stage was sent to \(destination.name); there is nothing to withdraw")
    }
    let auditing = Auditing(site)
    let summaries = auditing.summaryServers(of: stage, staged: stagedSummary(stage))
    let answers = try ask(stage, site, count, destination, summaries)
    let now = Surroundings.now()
    // DICOM's dates and times are those of the place: PS3.5 6.2.
    let (date, time) = Surroundings.dateAndTime
    let reason =
      RejectionNote.Reason(rawValue: context.arguments.string("for") ?? "safety") ?? .safety
    let seed = [stage.manifestSHA256, destination.name, reason.rawValue, now]
    let note = RejectionNote(
      reason: reason, series: series, explanation: answers.explanation,
      sopInstanceUID: DerivedUID.make(from: seed),
      seriesInstanceUID: DerivedUID.make(from: seed + ["series"]),
      seriesNumber: min(stage.manifest.series.map(\.number).max() ?? 9000, 2_147_483_646) + 1,
      date: date, time: time,
      software: Context.software)
    let detail = "\(reason.meaning): \(answers.explanation)"
    do {
      let dataSet = try withdrawal.note(note)
      try auditing.record(
        .retracting, of: stage, people: [answers.name], destination: destination.name,
        detail: detail)
      _ = try withdrawal.send(dataSet, withdrawing: series, journal)
    } catch let error as DeliveryError {
      try auditing.record(
        .retracted, of: stage, outcome: .seriousFailure, people: [answers.name],
        destination: destination.name, detail: "\(error)")
      throw CommandFailure(error, at: destination)
    } catch let error as CommandFailure {
      throw error
    } catch { throw CommandFailure(.ourFault, "\(error)") }
    try auditing.record(
      .retracted, of: stage, people: [answers.name], destination: destination.name, detail: detail)
    if context.isJSON {
      terminal.print([
        "stage": .string(stage.path), "label": .string(stage.manifest.label),
        "pacs": .string(destination.name), "note": .string(note.sopInstanceUID),
        "reason": .string(reason.rawValue), "instances": .integer(count), "at": .string(now),
        "summaries": JSON(summaries),
      ])
    } else {
      terminal.print(
        "RETRACTED \(stage.manifest.label) at \(destination.name): rejection note \(note.sopInstanceUID) for \(count) instances, \(now)"
      )
    }
    terminal.note("Now, because a note alone hides nothing:")
    terminal.note("  1. ask the PACS team whether the series is hidden, and look in the viewer;")
    terminal.note("  2. tell those who may have seen it: the referring physician and radiology;")
    terminal.note("  3. report it as your site reports incidents.")
    for address in summaries {
      terminal.note(
        "And at \(address), where a treatment summary that names the series went or was to go: have its DocumentReference marked entered-in-error; if dose, fractions or dates were wrong, send the summary anew (push2pacs summary)."
      )
    }
  }

  /// Where the summary of a stage was to go; `nil` where it has none.
  private func stagedSummary(_ stage: Stage) -> String? {
    (try? SummaryBesideMap(context, of: stage))?.address
  }

  private struct Answers {
    let explanation: String
    let name: String
  }

  private func ask(
    _ stage: Stage, _ site: Site, _ count: Int, _ destination: Destination,
    _ summaries: [String]
  ) throws(CommandFailure) -> Answers {
    do {
      let prompter = try Prompter(context.terminal)
      Console.Interruption.install()
      for line in stage.manifest.introduction { prompter.show(line) }
      prompter.show("Withdraw   \(count) instances at \(destination.name)")
      for address in summaries {
        prompter.show("Stays      the treatment summary at \(address): the note does not reach it")
      }
      let explanation = try prompter.ask(
        stage.manifest.isOfImages
          ? "What is wrong with the images? " : "What is wrong with the map? ",
        expected: "a reason of 8 to 200 characters"
      ) { (8...200).contains($0.count) ? $0 : nil }
      var person = TerminalPerson(prompter)
      let reviewer = ReviewerQuestion(
        rules: ConfirmationRules(site), account: Surroundings.account, earlier: [])
      let reply: ReviewerQuestion.Reply
      do { reply = try reviewer.ask(&person) } catch {
        if let ended = person.ended { throw ended }
        throw CommandFailure(.notConfirmed, "\(error)")
      }
      guard try prompter.askYesNo("Withdraw \(stage.manifest.label)?") else {
        throw CommandFailure(.notConfirmed, "not withdrawn; nothing is sent")
      }
      return Answers(explanation: explanation, name: "\(reply.name), \(reply.role)")
    } catch let error as PromptError {
      throw CommandFailure(error.exitStatus, "\(error); nothing is sent")
    } catch let error as CommandFailure {
      throw error
    } catch { throw CommandFailure(.ourFault, "\(error)") }
  }
}

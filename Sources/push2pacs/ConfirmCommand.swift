import Audit
import Configuration
import Console
import Files
import Quality

/// `push2pacs confirm`: a person at the controlling terminal, and nothing else, confirms a stage.
struct ConfirmCommand {
  let context: Context

  func run() throws(CommandFailure) {
    let site = try context.site()
    let stage = try context.stage(context.arguments.positionals[0])
    guard context.terminal.inputIsTerminal else {
      throw CommandFailure(
        .notConfirmed, "a confirmation needs a person at a terminal; nothing answers for them")
    }
    let isComplete = try ask(stage, site: site)
    context.terminal.note(
      isComplete
        ? "Next: push2pacs push \(stage.path) --pacs NAME"
        : "A second person has to confirm as well: push2pacs confirm \(stage.path)")
    if !context.isJSON { context.terminal.print(stage.path) }
  }

  /// Asks all questions and writes the confirmation.
  ///
  /// - Returns: whether it is complete, or a second person is needed.
  func ask(_ stage: Stage, site: Site) throws(CommandFailure) -> Bool {
    do { try stage.requireIntact() } catch { throw CommandFailure(.notConfirmed, "\(error)") }
    let manifest = stage.manifest
    guard !manifest.checks.isBlocked else {
      throw CommandFailure(.wrongInput, "a check blocks this stage; export again")
    }
    let key = try context.key(site)
    var confirmation: Confirmation
    do {
      confirmation =
        try Confirmation.read(of: stage, key: key)
        ?? Confirmation(
          manifestSHA256: stage.manifestSHA256, people: [], overrides: [],
          isAttested: manifest.isAttested)
    } catch .file(let trouble) {
      throw CommandFailure(.inputOutput, "\(trouble)")
    } catch {
      // What is void counts for nobody: everyone is asked anew.
      context.terminal.note("\(error)")
      confirmation = Confirmation(
        manifestSHA256: stage.manifestSHA256, people: [], overrides: [],
        isAttested: manifest.isAttested)
    }
    if !confirmation.people.isEmpty, confirmation.wanting(for: manifest) == nil {
      context.terminal.note(
        "Confirmed already by \(confirmation.people.map(\.name).joined(separator: " and ")).")
      return true
    }
    let prompter: Prompter
    do { prompter = try Prompter(context.terminal) } catch {
      throw CommandFailure(error.exitStatus, "\(error)")
    }
    Interruption.install()
    let page = Surroundings.absolute(stage.reviewPage)
    Browser.open(page)
    let subject = ConfirmationSubject(
      label: manifest.label, isPrior: manifest.isPrior, doseGy: manifest.doseGy,
      fractions: manifest.fractions, completed: manifest.completed,
      hottestSlices: manifest.hottestSlices, warnings: manifest.checks.warnings,
      overridable: manifest.checks.overridable, needsSecondPerson: manifest.needsSecondPerson,
      introduction: manifest.introduction + ["Review     \(page)"])
    var person = TerminalPerson(prompter)
    var dialogue = ConfirmationDialogue(
      subject: subject, earlier: confirmation.people.map(\.name))
    let started = Surroundings.seconds
    let outcome: ConfirmationDialogue.Outcome
    do { outcome = try dialogue.run(with: &person) } catch {
      if case .ended = error, let ended = person.ended {
        throw CommandFailure(
          ended.exitStatus,
          "\(ended); nothing is sent; push2pacs confirm \(stage.path) asks again")
      }
      throw CommandFailure(.notConfirmed, "\(error)")
    }
    // What was looked at must still be what is there.
    do { try stage.requireIntact() } catch { throw CommandFailure(.notConfirmed, "\(error)") }
    confirmation.people.append(
      Confirmation.Person(
        name: outcome.name, role: outcome.role, account: Surroundings.account,
        host: Surroundings.host, at: Surroundings.now(),
        seconds: Int(Surroundings.seconds - started), answers: outcome.answers))
    confirmation.overrides += outcome.reasons.map {
      Confirmation.Override(check: $0.check, reason: $0.reason, person: outcome.name)
    }
    // What cannot be recorded is not confirmed.
    try Auditing(site).record(
      .confirmed, of: stage, people: ["\(outcome.name), \(outcome.role)"],
      detail: outcome.reasons.isEmpty
        ? nil
        : outcome.reasons.map { "override \($0.check): \($0.reason)" }.joined(separator: "; "))
    do {
      try PrivateFile.write(
        confirmation.sealed(with: key), to: stage.file(Stage.confirmationName),
        mode: stage.fileMode)
    } catch { throw CommandFailure(.inputOutput, "\(error)") }
    return confirmation.wanting(for: manifest) == nil
  }
}

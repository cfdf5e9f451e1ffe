import Configuration
import Console
import DIMSE
import Delivery
import Files
import JSON
import Quality

/// `push2pacs push`: sends what is confirmed, or goes on with what was broken off.
struct PushCommand {
  let context: Context

  func run() throws(CommandFailure) {
    let site = try context.site()
    let destination = try context.requiredDestination(site)
    let stage = try context.stage(context.arguments.positionals[0])
    let sent = try push(stage, site: site, to: destination)
    let terminal = context.terminal
    if context.isJSON {
      terminal.print([
        "stage": .string(stage.path), "pacs": .string(destination.name),
        "sent": .integer(sent.sent), "alreadyThere": .integer(sent.alreadyThere),
        "refused": .integer(sent.refused.count), "warnings": .integer(sent.warnings.count),
      ])
    } else {
      terminal.print(stage.path)
      terminal.note("Next: push2pacs verify \(stage.path) --pacs \(destination.name)")
    }
  }

  /// Sends; what stands in the way is thrown with its exit code.
  @discardableResult
  func push(
    _ stage: Stage, site: Site, to destination: Destination
  ) throws(CommandFailure) -> Sending.Outcome {
    let key = try context.key(site)
    try requireConfirmed(stage, key)
    let journal = try openJournal(stage)
    let interruption = CancelOnSignal.interruption()
    let findings: SendingChecks.Findings
    do {
      findings = try SendingChecks.ask(destination, about: stage, interruption: interruption)
    } catch { throw CommandFailure(error, at: destination) }
    for check in findings.checks {
      do {
        try journal.append(
          .init(
            pacs: destination.name, kind: .check, status: check.status.rawValue,
            detail: "\(check.id.rawValue): \(check.detail)"))
      } catch { throw CommandFailure(.inputOutput, "\(error)") }
    }
    if let blocked = findings.checks.first(where: { $0.remedy == .blocked }) {
      throw CommandFailure(
        .wrongInput, "\(blocked.id.rawValue): \(blocked.detail)",
        lines: CheckTable.lines(findings.checks, width: context.terminal.errorWidth))
    }
    try settle(findings.checks, stage, key, destination)
    let bar = ProgressBar(
      "Sending", total: stage.manifest.instances.count, unit: .items("instances"),
      on: context.terminal)
    let outcome: Sending.Outcome
    do {
      outcome = try Sending(
        stage: stage, destination: destination, interruption: interruption
      ).run(journal: journal, held: findings.held) { done, all, _ in bar.set(done, of: all) }
    } catch {
      bar.finish()
      throw CommandFailure(error, at: destination)
    }
    bar.finish()
    try report(outcome, stage, destination)
    return outcome
  }

  private func requireConfirmed(_ stage: Stage, _ key: SiteKey) throws(CommandFailure) {
    do { try stage.requireIntact() } catch { throw CommandFailure(.notConfirmed, "\(error)") }
    let confirmation: Confirmation?
    do { confirmation = try Confirmation.read(of: stage, key: key) } catch {
      throw CommandFailure(.notConfirmed, "\(error)")
    }
    guard let confirmation else {
      throw CommandFailure(
        .notConfirmed,
        "nobody has confirmed this stage; run push2pacs confirm \(stage.path) at a terminal")
    }
    if let wanting = confirmation.wanting(for: stage.manifest) {
      throw CommandFailure(
        .notConfirmed, "\(wanting); run push2pacs confirm \(stage.path) at a terminal")
    }
  }

  private func openJournal(_ stage: Stage) throws(CommandFailure) -> Journal {
    do { return try Journal(of: stage, clock: Surroundings.now) } catch {
      switch error {
      case .held:
        throw CommandFailure(.tryAgain, "another push of this stage is running; wait for it")
      case .file(let trouble): throw CommandFailure(.inputOutput, "\(trouble)")
      }
    }
  }

  /// What the archive's answers need of a person: asked once, recorded in the confirmation.
  private func settle(
    _ checks: [Check], _ stage: Stage, _ key: SiteKey, _ destination: Destination
  ) throws(CommandFailure) {
    let open = checks.filter { $0.status != .pass }
    guard !open.isEmpty else { return }
    let confirmation: Confirmation
    do {
      guard let read = try Confirmation.read(of: stage, key: key) else { return }
      confirmation = read
    } catch { throw CommandFailure(.notConfirmed, "\(error)") }
    var settled = confirmation
    let unsettled = open.filter { check in
      !confirmation.overrides.contains {
        $0.check == check.id.rawValue && $0.reason.hasPrefix(destination.name + ": ")
      }
    }
    guard !unsettled.isEmpty else { return }
    let prompter: Prompter
    do { prompter = try Prompter(context.terminal) } catch {
      throw CommandFailure(
        .notConfirmed, "a person at a terminal has to answer first; nothing is sent",
        lines: CheckTable.lines(unsettled, width: context.terminal.errorWidth))
    }
    do {
      for check in unsettled {
        prompter.show("\(check.id.rawValue): \(check.detail)")
        if check.status == .warning {
          guard try prompter.askYesNo("Accept?") else {
            throw CommandFailure(
              .notConfirmed, "\(check.id.rawValue) was not accepted; nothing is sent")
          }
          settled.overrides.append(
            .init(
              check: check.id.rawValue, reason: "\(destination.name): accepted",
              person: confirmation.people.last?.name ?? Surroundings.account))
        } else {
          let reason = try prompter.ask("Reason: ", expected: "a reason of at least 8 characters") {
            $0.count >= 8 ? $0 : nil
          }
          let first = confirmation.people.map(\.name)
          let name = try prompter.ask(
            "Reviewer, not \(first.joined(separator: " or ")): ",
            expected: "the name of a second person"
          ) { typed in
            ConfirmationDialogue.isName(typed)
              && !first.contains {
                ConfirmationDialogue.folded($0) == ConfirmationDialogue.folded(typed)
              } ? typed : nil
          }
          settled.overrides.append(
            .init(
              check: check.id.rawValue, reason: "\(destination.name): \(reason)", person: name))
        }
      }
    } catch let error as PromptError {
      throw CommandFailure(error.exitStatus, "\(error); nothing is sent")
    } catch let error as CommandFailure {
      throw error
    } catch { throw CommandFailure(.ourFault, "\(error)") }
    do {
      try PrivateFile.write(settled.sealed(with: key), to: stage.file(Stage.confirmationName))
    } catch { throw CommandFailure(.inputOutput, "\(error)") }
  }

  private func report(
    _ outcome: Sending.Outcome, _ stage: Stage, _ destination: Destination
  ) throws(CommandFailure) {
    let all = stage.manifest.instances.count
    for (instance, answer) in outcome.warnings {
      context.terminal.note(
        "\(stage.manifest.name(of: instance)): stored with a warning, \(answer)")
    }
    if let fault = outcome.brokenOff {
      let failure = CommandFailure(fault, at: destination)
      throw CommandFailure(
        failure.status,
        "\(failure.message); \(outcome.sent + outcome.alreadyThere) of \(all) instances are there, run the same again and it goes on"
      )
    }
    guard outcome.refused.isEmpty else {
      let isTransient = outcome.refused.allSatisfy { $0.answer.status.isTransient }
      throw CommandFailure(
        isTransient ? .tryAgain : .unavailable,
        "\(destination.name) refused \(outcome.refused.count) of \(all) instances: \(outcome.refused[0].answer)",
        lines: outcome.refused.map {
          "\(stage.manifest.name(of: $0.instance))  \($0.instance.sopInstanceUID)  \($0.answer)"
        })
    }
    context.terminal.note(
      outcome.sent == 0
        ? "\(destination.name) holds all \(all) instances already."
        : "\(outcome.sent) instances sent to \(destination.name)"
          + (outcome.alreadyThere > 0 ? ", \(outcome.alreadyThere) were there before." : "."))
  }
}

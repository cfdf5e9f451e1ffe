import Audit
import Configuration
import Console
import DIMSE
import Delivery
import JSON
import Quality

/// `push2pacs push`: sends what is confirmed, or goes on with what was broken off.
struct PushCommand {
  let context: Context
  private let timings = PushTimings()

  init(context: Context) { self.context = context }

  func run() throws(CommandFailure) {
    let site = try context.site()
    let destination = try context.requiredDestination(site)
    let stage = try context.stage(context.arguments.positionals[0], whenDamaged: .notConfirmed)
    let sent: Sending.Outcome
    var summary: JSON?
    // The map does not go without the summary that was confirmed with it.
    if let companion = try SummaryBesideMap(context, of: stage) {
      context.terminal.note("A treatment summary belongs to it, and goes to \(companion.address).")
      let both = try companion.deliver(stage, site, to: destination) {
        () throws(CommandFailure) in
        try push(stage, site: site, to: destination, tellsOutcome: true)
      }
      (sent, summary) = (both.map, both.summary)
    } else {
      sent = try push(stage, site: site, to: destination, tellsOutcome: true)
    }
    let terminal = context.terminal
    if context.isJSON {
      terminal.print(
        PushDocument(
          stage: stage, destination: destination, outcome: sent, timings: timings, summary: summary
        ).json)
    } else {
      terminal.print(stage.path)
      terminal.note(
        destination.canBeAsked
          ? "Next: push2pacs verify \(stage.path.shellQuoted) --pacs \(context.typedPACS)"
          : "Next: look at the series in the PACS viewer: \(destination.name) is not asked, so nothing here proves what it holds"
      )
    }
  }

  /// Sends; what stands in the way is thrown with its exit code.
  ///
  /// - Parameters:
  ///   - isReviewerPresent: whether the person who confirmed last is still at the terminal.
  ///   - tellsOutcome: whether a run that leaves instances out still writes its `--json` document.
  @discardableResult
  func push(
    _ stage: Stage, site: Site, to destination: Destination, isReviewerPresent: Bool = false,
    tellsOutcome: Bool = false
  ) throws(CommandFailure) -> Sending.Outcome {
    let key = try context.key(site)
    let proof = try timings.measuring(.digests) { () throws(CommandFailure) in
      try requireConfirmed(stage, key, site)
    }
    let journal = try openJournal(stage)
    guard
      !journal.events.contains(where: { $0.kind == .retracted && $0.pacs == destination.name })
    else {
      throw CommandFailure(
        .wrongInput,
        "\(stage.manifest.label) was withdrawn from \(destination.name); put right what was wrong and export again"
      )
    }
    let auditing = Auditing(site)
    let interruption = CancelOnSignal.interruption()
    let findings: SendingChecks.Findings
    do {
      let retracted = auditing.retractedSeries(at: destination.name)
      findings = try timings.measuring(.questions) { () throws(DeliveryError) in
        try SendingChecks.ask(
          destination, about: stage, retracted: retracted, interruption: interruption)
      }
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
    try Settlement(
      context: context, site: site, stage: stage, key: key, destination: destination,
      isReviewerPresent: isReviewerPresent
    ).settle(findings.checks)
    try auditing.record(.sending, of: stage, destination: destination.name)
    let bar = ProgressBar(
      "Sending", total: stage.manifest.instances.count, unit: .items("instances"),
      on: context.terminal)
    var outcome: Sending.Outcome
    do {
      outcome = try Sending(
        stage: stage, destination: destination, interruption: interruption, proof: proof
      ).run(journal: journal, held: findings.held) { done, all, _ in bar.set(done, of: all) }
    } catch {
      bar.finish()
      try auditing.record(
        .sent, of: stage, outcome: .seriousFailure, destination: destination.name,
        detail: "\(error)")
      throw CommandFailure(error, at: destination)
    }
    bar.finish()
    settleDuplicates(&outcome, stage, destination, journal, interruption)
    if context.arguments.command.options.contains(where: { $0.name == "timings" }),
      context.arguments.flag("timings")
    {
      for line in timings.lines(outcome) { context.terminal.note(line) }
    }
    try auditing.record(
      .sent, of: stage,
      outcome: outcome.brokenOff != nil
        ? .minorFailure : outcome.refused.isEmpty ? .success : .seriousFailure,
      destination: destination.name,
      detail:
        "\(outcome.sent) sent, \(outcome.alreadyThere) there before, \(outcome.refused.count) refused"
    )
    do { try report(outcome, stage, destination) } catch {
      if tellsOutcome, context.isJSON {
        context.terminal.print(
          PushDocument(
            stage: stage, destination: destination, outcome: outcome, timings: timings
          ).json)
      }
      throw error
    }
    return outcome
  }

  /// What the archive says it holds already is stored once it is found to be the same.
  private func settleDuplicates(
    _ outcome: inout Sending.Outcome, _ stage: Stage, _ destination: Destination,
    _ journal: borrowing Journal, _ interruption: DIMSE.Interruption
  ) {
    guard !outcome.duplicates.isEmpty else { return }
    func refuse(_ instance: Manifest.Instance, _ reason: String) {
      outcome.refused.append(
        .init(
          instance: instance, reason: reason, isTransient: false,
          advice: Status.duplicateInstance.advice(for: .store)))
    }
    let claim = "the archive holds an instance of this UID already (0111)"
    guard destination.canBeAsked else {
      for instance in outcome.duplicates { refuse(instance, "\(claim) and cannot be asked for it") }
      return
    }
    do {
      let verified = try Verification(
        stage: stage, destination: destination, interruption: interruption
      ).run(journal: journal)
      let differing = Set(verified.findings.map(\.sopInstanceUID))
      for instance in outcome.duplicates {
        if differing.contains(instance.sopInstanceUID) {
          refuse(instance, "\(claim), and it is not the one that was confirmed")
        } else {
          outcome.alreadyThere += 1
          outcome.held.insert(instance.sopInstanceUID)
        }
      }
    } catch {
      for instance in outcome.duplicates { refuse(instance, "\(claim); \(error)") }
    }
  }

  private func requireConfirmed(
    _ stage: Stage, _ key: SiteKey, _ site: Site
  ) throws(CommandFailure) -> StageProof {
    let proof: StageProof
    do { proof = try stage.provenIntact() } catch {
      throw CommandFailure(.notConfirmed, "\(error)")
    }
    let confirmation: Confirmation?
    do { confirmation = try Confirmation.read(of: stage, key: key) } catch {
      throw CommandFailure(.notConfirmed, "\(error)")
    }
    guard let confirmation else {
      throw CommandFailure(
        .notConfirmed,
        "nobody has confirmed this stage; at a terminal run push2pacs confirm \(stage.path.shellQuoted)\(context.sameConfiguration)"
      )
    }
    if let void = confirmation.voidity(
      at: Surroundings.epochSeconds, expiresHours: site.confirmation.expiresHours)
    {
      throw CommandFailure(
        .notConfirmed,
        "\(void); at a terminal run push2pacs confirm \(stage.path.shellQuoted)\(context.sameConfiguration)"
      )
    }
    if let wanting = confirmation.wanting(for: stage.manifest, by: ConfirmationRules(site)) {
      throw CommandFailure(
        .notConfirmed,
        "\(wanting); at a terminal run push2pacs confirm \(stage.path.shellQuoted)\(context.sameConfiguration)"
      )
    }
    return proof
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

  private func report(
    _ outcome: Sending.Outcome, _ stage: Stage, _ destination: Destination
  ) throws(CommandFailure) {
    let all = stage.manifest.instances.count
    for (instance, answer) in outcome.warnings {
      context.terminal.note(
        "\(stage.manifest.name(of: instance)): stored with a warning, \(answer.withAdvice)")
    }
    if let fault = outcome.brokenOff {
      let failure = CommandFailure(fault, at: destination)
      throw CommandFailure(
        failure.status,
        "\(failure.clause); \(outcome.sent + outcome.alreadyThere) of \(all) instances are there, run the same again and it goes on"
      )
    }
    guard outcome.refused.isEmpty else {
      let isTransient = outcome.refused.allSatisfy(\.isTransient)
      throw CommandFailure(
        isTransient ? .tryAgain : .unavailable,
        "\(destination.name) refused \(outcome.refused.count) of \(all) instances: \(outcome.refused[0].reason)"
          + (outcome.refused[0].advice.map { ". \($0)" } ?? ""),
        lines: outcome.refused.map {
          "\(stage.manifest.name(of: $0.instance))  \($0.instance.sopInstanceUID)  \($0.reason)"
        })
    }
    context.terminal.note(
      outcome.sent == 0
        ? "\(destination.name) holds all \(all) instances already."
        : "\(outcome.sent) instances sent to \(destination.name)"
          + (outcome.alreadyThere > 0 ? ", \(outcome.alreadyThere) were there before." : "."))
  }
}

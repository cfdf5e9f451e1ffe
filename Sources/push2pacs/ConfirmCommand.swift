import Audit
import Configuration
import Console
import Files
import JSON
import Quality

/// `push2pacs confirm`: a person at the controlling terminal, and nothing else, confirms a stage.
struct ConfirmCommand {
  let context: Context

  /// How far a stage has come.
  enum Standing {
    /// Everybody needed has confirmed, before this run.
    case complete
    /// The person at this terminal has confirmed it, and nobody else is needed.
    case completedNow
    /// Somebody else has to confirm, too: who, in words.
    case wanting(String)
  }

  func run() throws(CommandFailure) {
    let site = try context.site()
    let stage = try context.stage(context.arguments.positionals[0])
    guard context.terminal.inputIsTerminal else {
      throw CommandFailure(
        .notConfirmed, "a confirmation needs a person at a terminal; nothing answers for them")
    }
    let standing = try ask(stage, site: site)
    var missing: String?
    if case .wanting(let who) = standing { missing = who }
    if case .complete = standing {
    } else {
      context.terminal.note("")
      context.terminal.note(
        missing == nil ? "Confirmed. Nothing is sent yet." : "Your word is recorded.")
    }
    if let missing {
      context.terminal.note("Still missing: \(missing).")
      context.terminal.note(
        "Next: push2pacs confirm \(stage.path.shellQuoted)\(context.sameConfiguration)")
    } else {
      context.terminal.note(
        "Next: push2pacs push \(stage.path.shellQuoted) --pacs \(context.typedPACS)")
      if stage.manifest.summary != nil {
        context.terminal.note("      which sends the map and the summary")
      }
    }
    if context.isJSON {
      context.terminal.print([
        "stage": .string(stage.path), "label": .string(stage.manifest.label),
        "confirmed": .bool(missing == nil), "missing": JSON(missing),
      ])
    } else {
      context.terminal.print(stage.path)
    }
  }

  /// How far a stage has come, by what stands in it; nobody is asked.
  func standing(of stage: Stage, site: Site) throws(CommandFailure) -> Standing {
    let key = try context.key(site)
    let confirmation = try valid(stage, site, key) { _ in }
    return confirmation.wanting(for: stage.manifest, by: ConfirmationRules(site))
      .map(Standing.wanting) ?? .complete
  }

  /// Asks all questions and writes the confirmation.
  ///
  /// What goes out beside the map is shown to each, and confirmed by each.
  func ask(_ stage: Stage, site: Site) throws(CommandFailure) -> Standing {
    do { try stage.requireIntact() } catch { throw CommandFailure(.notConfirmed, "\(error)") }
    let manifest = stage.manifest
    guard !manifest.checks.isBlocked else {
      throw CommandFailure(.wrongInput, "a check blocks this stage; export again")
    }
    let key = try context.key(site)
    let rules = ConfirmationRules(site)
    // What is void counts for nobody: everyone is asked anew.
    let confirmation = try valid(stage, site, key) { context.terminal.note($0) }
    let missing = confirmation.wanting(for: manifest, by: rules)
    if missing == nil {
      context.terminal.note(
        "Confirmed already by \(confirmation.people.map(\.name).joined(separator: " and ")).")
      return .complete
    }
    let isSealed = try isSealed(stage, site, key)
    let companion = try SummaryBesideMap(context, of: stage)?.companion
    let account = Surroundings.account
    if manifest.isOfImages { return try askForImages(stage, site, key, rules) }
    if rules.needsDifferentAccounts {
      let others = confirmation.people.filter { $0.account == account }.map(\.name)
      guard others.isEmpty else {
        throw CommandFailure(
          .notConfirmed, "\(ConfirmationRefusal.sameAccount(account, people: others))")
      }
    }
    let prompter: Prompter
    do { prompter = try Prompter(context.terminal) } catch {
      throw CommandFailure(error.exitStatus, "\(error)")
    }
    Interruption.install()
    let page = Surroundings.absolute(stage.reviewPage)
    let isOpened = Browser.open(page)
    var introduction =
      StageCard(manifest, to: context.namedPACS).lines
      + [
        "Review     \(page)",
        isOpened
          ? "           opened in the browser: look at every slice before you answer"
          : "           open this page in a browser and look at every slice before you answer",
      ]
    if !isSealed {
      introduction.append(
        "Caution    manifest.json is not sealed with your key: staged under another account, or altered since; export again unless you know why"
      )
    }
    if manifest.needsSecondPerson {
      introduction.append(
        manifest.isFused
          ? "People     two, with different names: a physicist and a physician"
          : "People     two, with different names")
    }
    if !confirmation.people.isEmpty, let missing { introduction.append("Missing    \(missing)") }
    let subject = ConfirmationSubject(
      label: manifest.label, isPrior: manifest.isPrior, doseGy: manifest.doseGy,
      fractions: manifest.fractions, completed: manifest.completed,
      hottestSlices: manifest.hottestSlices, warnings: manifest.checks.warnings,
      // What the page says and what the site says by now: both have to expect it.
      expected: manifest.expected.intersection(rules.expected),
      overridable: confirmation.unreasoned(in: manifest, by: rules),
      siteNotes: manifest.loosened.map { "Loosened by this site: \($0)" },
      needsSecondPerson: manifest.needsSecondPerson, introduction: introduction,
      companion: companion)
    var person = TerminalPerson(prompter)
    var dialogue = ConfirmationDialogue(
      subject: subject, earlier: confirmation.people.map(\.name), rules: rules, account: account)
    let started = Surroundings.seconds
    let outcome: ConfirmationDialogue.Outcome
    do { outcome = try dialogue.run(with: &person) } catch {
      if case .ended = error, let ended = person.ended {
        throw CommandFailure(
          ended.exitStatus,
          "\(ended); nothing is sent",
          next: "push2pacs confirm \(stage.path.shellQuoted)\(context.sameConfiguration)")
      }
      throw CommandFailure(
        .notConfirmed, "\(error)",
        next: error.mayBeAskedAgain
          ? "push2pacs confirm \(stage.path.shellQuoted)\(context.sameConfiguration)" : nil)
    }
    // What was looked at must still be what is there.
    do { try stage.requireIntact() } catch { throw CommandFailure(.notConfirmed, "\(error)") }
    let word = Confirmation.Person(
      name: outcome.name, role: outcome.role, account: account,
      host: Surroundings.host, at: Surroundings.now(),
      seconds: Int(Surroundings.seconds - started), answers: outcome.answers)
    let reasons = outcome.reasons.map {
      Confirmation.Override(check: $0.check, reason: $0.reason, person: outcome.name)
    }
    let details =
      (companion == nil ? [] : ["with the treatment summary"])
      + outcome.reasons.map { "override \($0.check): \($0.reason)" }
      + (isSealed ? [] : ["manifest.json was not sealed with this key"])
    // What cannot be recorded is not confirmed.
    try Auditing(site).record(
      .confirmed, of: stage, people: ["\(outcome.name), \(outcome.role)"],
      detail: details.isEmpty ? nil : details.joined(separator: "; "))
    let recorded: Confirmation
    do {
      recorded = try Confirmation.record(
        word, reasons, isAttested: manifest.isAttested, in: stage, key: key
      ) { voidity(of: $0, site) != nil }
    } catch let refusal as ConfirmationRefusal {
      throw CommandFailure(.notConfirmed, "\(refusal)")
    } catch { throw CommandFailure(.inputOutput, "\(error)") }
    return recorded.wanting(for: manifest, by: rules).map(Standing.wanting) ?? .completedNow
  }

  /// Whether this key vouches for the manifest.
  ///
  /// A key that a site shares is every export's, so another's seal is a stage from elsewhere; keys that
  /// stay in somebody's home differ from person to person, and who confirms is told.
  private func isSealed(
    _ stage: Stage, _ site: Site, _ key: SiteKey
  ) throws(CommandFailure) -> Bool {
    let isShared = site.confirmation.keyFile != Site.Confirmation.ownKeyFile
    switch stage.seal(by: key) {
    case .whole: return true
    case .foreign where !isShared: return false
    case .broken:
      throw CommandFailure(
        .notConfirmed,
        "manifest.json was altered after the export (its seal does not hold); take \(stage.path) away and export again"
      )
    case .foreign:
      throw CommandFailure(
        .notConfirmed,
        "manifest.json is not sealed with the site's key (confirmation.keyFile): staged elsewhere, or altered since; export it again here"
      )
    }
  }

  /// Who has confirmed a stage: name and role of each.
  func people(of stage: Stage, site: Site) throws(CommandFailure) -> [String] {
    try valid(stage, site, try context.key(site)) { _ in }.people.map { "\($0.name), \($0.role)" }
  }

  /// Images that nothing was drawn on have questions of their own.
  private func askForImages(
    _ stage: Stage, _ site: Site, _ key: SiteKey, _ rules: ConfirmationRules
  ) throws(CommandFailure) -> Standing {
    let word = try ImagesConfirmation(context: context, stage: stage, site: site).ask()
    // What was named must still be what is there.
    do { try stage.requireIntact() } catch { throw CommandFailure(.notConfirmed, "\(error)") }
    // What cannot be recorded is not confirmed.
    try Auditing(site).record(
      .confirmed, of: stage, people: ["\(word.name), \(word.role)"],
      detail: "images as they are: "
        + (word.answers.first { $0.question == "Why are they sent?" }?.answer ?? ""))
    do {
      return try Confirmation.record(word, [], isAttested: false, in: stage, key: key) {
        voidity(of: $0, site) != nil
      }.wanting(for: stage.manifest, by: rules).map(Standing.wanting) ?? .completedNow
    } catch let refusal as ConfirmationRefusal {
      throw CommandFailure(.notConfirmed, "\(refusal)")
    } catch { throw CommandFailure(.inputOutput, "\(error)") }
  }

  /// What stands in a stage and counts; an empty confirmation where nothing does.
  ///
  /// - Parameter told: why what stands there is void.
  private func valid(
    _ stage: Stage, _ site: Site, _ key: SiteKey, told: (String) -> Void
  ) throws(CommandFailure) -> Confirmation {
    let empty = Confirmation(
      manifestSHA256: stage.manifestSHA256, people: [], overrides: [],
      isAttested: stage.manifest.isAttested)
    let confirmation: Confirmation
    do { confirmation = try Confirmation.read(of: stage, key: key) ?? empty } catch {
      if case .file(let trouble) = error { throw CommandFailure(.inputOutput, "\(trouble)") }
      told("\(error)")
      return empty
    }
    if let void = voidity(of: confirmation, site) {
      told("\(void); everybody has to confirm again")
      return empty
    }
    return confirmation
  }

  private func voidity(of confirmation: Confirmation, _ site: Site) -> String? {
    confirmation.voidity(
      at: Surroundings.epochSeconds, expiresHours: site.confirmation.expiresHours)
  }
}

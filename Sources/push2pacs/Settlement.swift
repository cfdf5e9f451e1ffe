import Audit
import Configuration
import Console
import Delivery
import Files
import Quality

/// What the archive's answers need of a person before anything is sent: asked once for each
/// archive, recorded in the confirmation.
struct Settlement {
  let context: Context
  let site: Site
  let stage: Stage
  let key: SiteKey
  let destination: Destination
  /// Whether the person who confirmed last still sits at the terminal.
  let isReviewerPresent: Bool

  func settle(_ checks: [Check]) throws(CommandFailure) {
    let open = checks.filter { $0.status != .pass }
    guard !open.isEmpty else { return }
    let confirmation: Confirmation
    do {
      guard let read = try Confirmation.read(of: stage, key: key) else { return }
      confirmation = read
    } catch { throw CommandFailure(.notConfirmed, "\(error)") }
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
    var person = TerminalPerson(prompter)
    let settled: Confirmation
    do { settled = try asked(unsettled, &person, confirmation) } catch {
      if case .ended = error, let ended = person.ended {
        throw CommandFailure(ended.exitStatus, "\(ended); nothing is sent")
      }
      throw CommandFailure(.notConfirmed, "\(error)")
    }
    let added = settled.overrides.dropFirst(confirmation.overrides.count)
    // What cannot be recorded is not settled.
    try Auditing(site).record(
      .confirmed, of: stage, people: Array(Set(added.map(\.person))),
      destination: destination.name,
      detail: added.map { "\($0.check): \($0.reason)" }.joined(separator: "; "))
    do { try settled.write(to: stage, key: key) } catch {
      throw CommandFailure(.inputOutput, "\(error)")
    }
  }

  private func asked(
    _ checks: [Check], _ person: inout TerminalPerson, _ confirmation: Confirmation
  ) throws(ConfirmationRefusal) -> Confirmation {
    let rules = ConfirmationRules(site)
    let account = Surroundings.account
    let needsAnother = checks.contains { $0.status != .warning }
    let earlier = confirmation.people.map(\.name)
    if needsAnother, rules.needsDifferentAccounts {
      let others = confirmation.people.filter { $0.account == account }.map(\.name)
      guard others.isEmpty else { throw .sameAccount(account, people: others) }
    }
    let started = Surroundings.seconds
    var answers: [ConfirmationDialogue.Answer] = []
    var reasons: [(check: Check, reason: String)] = []
    for check in checks {
      let id = check.id.rawValue
      person.show("\(id): \(check.detail)")
      if check.status == .warning {
        let answer = try person.answer(
          to: "Accept? [yes/no] ", hint: "the whole word: yes or no"
        ) { ["yes", "no"].contains($0) }
        guard answer == "yes" else { throw .warningNotAccepted(id) }
        answers.append(.init(question: "\(id): Accept? [yes/no]", answer: answer))
        reasons.append((check, "accepted"))
      } else {
        let reason = try person.answer(
          to: "Reason: ", hint: "a reason of at least 8 characters",
          where: ReviewerQuestion.isReason)
        answers.append(.init(question: "\(id): Reason:", answer: reason))
        reasons.append((check, reason))
      }
    }
    var settled = confirmation
    let name: String
    if isReviewerPresent, !needsAnother, let present = confirmation.people.last {
      name = present.name
    } else {
      if needsAnother {
        person.show("An override needs somebody else than \(earlier.joined(separator: ", ")).")
      }
      let reply = try ReviewerQuestion(
        rules: rules, account: account, earlier: needsAnother ? earlier : []
      ).ask(&person)
      name = reply.name
      settled.people.append(
        Confirmation.Person(
          name: name, role: reply.role, account: account, host: Surroundings.host,
          at: Surroundings.now(), seconds: Int(Surroundings.seconds - started),
          answers: answers + reply.answers))
    }
    for (check, reason) in reasons {
      settled.overrides.append(
        .init(
          check: check.id.rawValue, reason: "\(destination.name): \(reason)", person: name))
    }
    return settled
  }
}

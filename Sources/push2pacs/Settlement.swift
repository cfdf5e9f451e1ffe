import Console
import Delivery
import Files
import Quality

/// What the archive's answers need of a person before anything is sent: asked once for each
/// archive, recorded in the confirmation.
struct Settlement {
  let context: Context
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
    let settled: Confirmation
    do { settled = try asked(unsettled, prompter, confirmation) } catch let error as PromptError {
      throw CommandFailure(error.exitStatus, "\(error); nothing is sent")
    } catch let error as CommandFailure {
      throw error
    } catch { throw CommandFailure(.ourFault, "\(error)") }
    do {
      try PrivateFile.write(
        settled.sealed(with: key), to: stage.file(Stage.confirmationName),
        mode: stage.fileMode)
    } catch { throw CommandFailure(.inputOutput, "\(error)") }
  }

  private func asked(
    _ checks: [Check], _ prompter: Prompter, _ confirmation: Confirmation
  ) throws -> Confirmation {
    let started = Surroundings.seconds
    var answers: [ConfirmationDialogue.Answer] = []
    var reasons: [(check: Check, reason: String)] = []
    for check in checks {
      prompter.show("\(check.id.rawValue): \(check.detail)")
      if check.status == .warning {
        guard try prompter.askYesNo("Accept?") else {
          throw CommandFailure(
            .notConfirmed, "\(check.id.rawValue) was not accepted; nothing is sent")
        }
        answers.append(.init(question: "\(check.id.rawValue): Accept? [yes/no]", answer: "yes"))
        reasons.append((check, "accepted"))
      } else {
        let reason = try prompter.ask("Reason: ", expected: "a reason of at least 8 characters") {
          $0.count >= 8 ? $0 : nil
        }
        answers.append(.init(question: "\(check.id.rawValue): Reason: ", answer: reason))
        reasons.append((check, reason))
      }
    }
    var settled = confirmation
    let needsAnother = checks.contains { $0.status != .warning }
    let name: String
    if isReviewerPresent, !needsAnother, let present = confirmation.people.last {
      name = present.name
    } else {
      let earlier = confirmation.people.map(\.name)
      if needsAnother {
        prompter.show("An override needs somebody else than \(earlier.joined(separator: ", ")).")
      }
      name = try prompter.ask("Reviewer: ", expected: "the name of a second person") { typed in
        let isSame = earlier.contains {
          ConfirmationDialogue.folded($0) == ConfirmationDialogue.folded(typed)
        }
        return ConfirmationDialogue.isName(typed) && !(needsAnother && isSame) ? typed : nil
      }
      let roles = ConfirmationDialogue.roles
      let role = try prompter.ask(
        "Role (\(roles.joined(separator: ", "))): ", expected: "one of these"
      ) { roles.contains($0.lowercased()) ? $0.lowercased() : nil }
      settled.people.append(
        Confirmation.Person(
          name: name, role: role, account: Surroundings.account, host: Surroundings.host,
          at: Surroundings.now(), seconds: Int(Surroundings.seconds - started), answers: answers))
    }
    for (check, reason) in reasons {
      settled.overrides.append(
        .init(
          check: check.id.rawValue, reason: "\(destination.name): \(reason)", person: name))
    }
    return settled
  }
}

import Audit
import Configuration
import Console
import DICOM
import Delivery
import Files
import Quality

/// Somebody has looked at a series in the PACS viewer: what no program can do for them.
struct ViewerLook {
  let context: Context
  let site: Site
  let stage: Stage
  let destination: Destination

  private static let prefix = "viewer look: "

  /// Who looked last, as far as nothing was sent or lost since.
  static func last(in journal: borrowing Journal, at pacs: String) -> String? {
    var look: String?
    for event in journal.events where event.pacs == pacs {
      switch event.kind {
      case .verified where event.sopInstanceUID == nil:
        if let detail = event.detail, detail.hasPrefix(prefix) {
          look = String(detail.dropFirst(prefix.count))
        }
      case .sent, .missing, .retracted: look = nil
      default: break
      }
    }
    return look
  }

  /// Asks who looked, and records it in journal and audit log.
  func ask(
    _ journal: borrowing Journal, _ auditing: Auditing
  ) throws(CommandFailure) -> String {
    let reply: ReviewerQuestion.Reply
    do {
      let prompter = try Prompter(context.terminal)
      for series in stage.manifest.series {
        prompter.show("Series     \(series.description) (number \(series.number))")
      }
      prompter.show("Archive    \(destination.name)")
      guard
        try prompter.askYesNo(
          "Is every slice in the PACS viewer as on the review page, beside the right scan?")
      else {
        throw CommandFailure(
          .notConfirmed,
          "the viewer shows it otherwise: find out why, and withdraw it with push2pacs retract \(stage.path.shellQuoted) --pacs \(context.typedPACS)"
        )
      }
      var person = TerminalPerson(prompter)
      let reviewer = ReviewerQuestion(
        rules: ConfirmationRules(site), account: Surroundings.account, earlier: [])
      do { reply = try reviewer.ask(&person) } catch {
        if let ended = person.ended { throw ended }
        throw CommandFailure(.notConfirmed, "\(error)")
      }
    } catch let error as PromptError {
      throw CommandFailure(error.exitStatus, "\(error); the viewer look is still pending")
    } catch let error as CommandFailure {
      throw error
    } catch { throw CommandFailure(.ourFault, "\(error)") }
    let look = "\(reply.name), \(reply.role), \(Surroundings.now())"
    try auditing.record(
      .verified, of: stage, people: ["\(reply.name), \(reply.role)"], destination: destination.name,
      detail: "looked at in the PACS viewer")
    do {
      try journal.append(
        .init(pacs: destination.name, kind: .verified, detail: Self.prefix + look))
    } catch { throw CommandFailure(.inputOutput, "\(error)") }
    return look
  }
}

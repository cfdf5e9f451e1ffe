import Console
import Quality
import TreatmentSummary

/// A person answers for a summary before it leaves: it is a clinical statement.
struct SummaryConfirmation {
  let context: Context

  /// Asks at the terminal, figures from the chart first and blind.
  ///
  /// - Returns: name and role of whoever confirmed.
  func ask(
    about summary: TreatmentSummary, notes: [String], to server: String
  ) throws(CommandFailure) -> String {
    let prompter: Prompter
    do { prompter = try Prompter(context.terminal) } catch {
      throw CommandFailure(
        .notConfirmed,
        "a summary is confirmed by a person at a terminal; nothing was sent")
    }
    Interruption.install()
    do { return try confirmed(summary, notes, server, prompter) } catch let error as PromptError {
      throw CommandFailure(error.exitStatus, "\(error); nothing was sent")
    } catch let error as CommandFailure {
      throw error
    } catch { throw CommandFailure(.ourFault, "\(error)") }
  }

  private func confirmed(
    _ summary: TreatmentSummary, _ notes: [String], _ server: String, _ prompter: Prompter
  ) throws -> String {
    func refuse(_ what: String) -> CommandFailure {
      CommandFailure(.notConfirmed, "\(what); nothing was sent")
    }
    prompter.show("From the chart, without looking at the summary:")
    let id = try prompter.ask("Patient ID: ")
    guard id == summary.patient.id else {
      throw refuse("the summary is of another patient than \(id.printable)")
    }
    let told = summary.course.treated
    let verb = told == nil ? "planned for" : "delivered to"
    let end = told == nil ? "" : " so far"
    var fractions: Int?
    for dose in told?.doses ?? summary.course.planned?.doses ?? [] {
      let name = summary.volumes[dose.volume].name.printable
      // What was said of one volume holds of the next where the summary says the same of both.
      if let expected = dose.fractions, fractions != expected {
        let said = try prompter.ask(
          "Fractions \(verb) \(name)\(end): ", expected: "a whole number"
        ) { Int($0) }
        guard said == expected else {
          throw refuse("\(said) fractions are not what the summary says of \(name)")
        }
        fractions = said
      }
      let gray = try prompter.ask(
        "Dose \(verb) \(name)\(end), Gy: ", expected: "a number such as 18 or 59.4"
      ) { Double($0).flatMap { CentiGray(gray: $0) } }
      guard let total = dose.total, total.isNear(gray) else {
        throw refuse("\(gray.gray) Gy are not what the summary says of \(name)")
      }
    }
    for line in SummaryTable(summary).lines(width: context.terminal.errorWidth) {
      prompter.show(line)
    }
    for note in notes { prompter.show("Note: \(note.printable)") }
    guard try prompter.askYesNo("Is this what happened, and may it go to \(server)?") else {
      throw refuse("the summary was not confirmed")
    }
    var person = TerminalPerson(prompter)
    let question = ReviewerQuestion(
      rules: ConfirmationRules(try context.site()), account: Surroundings.account, earlier: [])
    let reply: ReviewerQuestion.Reply
    do { reply = try question.ask(&person) } catch {
      if let ended = person.ended { throw ended }
      throw refuse("\(error)")
    }
    return "\(reply.name), \(reply.role)"
  }
}

import Audit
import Configuration
import Console
import Quality

/// The questions before images are sent as they are: whose, why, who says so.
struct ImagesConfirmation {
  let context: Context
  let stage: Stage
  let site: Site

  /// - Returns: what the person said.
  func ask() throws(CommandFailure) -> Confirmation.Person {
    let prompter: Prompter
    do { prompter = try Prompter(context.terminal) } catch {
      throw CommandFailure(error.exitStatus, "\(error)")
    }
    Console.Interruption.install()
    var person = TerminalPerson(prompter)
    let started = Surroundings.seconds
    let manifest = stage.manifest
    do throws(ConfirmationRefusal) {
      for line in manifest.introduction { person.show(line) }
      var answers: [ConfirmationDialogue.Answer] = []
      let patient = "Patient ID from the chart: "
      // Blind: no line above names it.
      let id = try person.answer(to: patient, hint: "the patient ID") { !$0.isEmpty }
      guard id == manifest.patientID else {
        throw .patientID(entered: id)
      }
      answers.append(.init(question: "Patient ID from the chart:", answer: id))
      let why = try person.answer(
        to: "Why are they sent? ", hint: "a reason of 8 to 256 characters",
        where: ReviewerQuestion.isReason)
      answers.append(.init(question: "Why are they sent?", answer: why))
      let reply = try ReviewerQuestion(
        rules: ConfirmationRules(site), account: Surroundings.account, earlier: []
      ).ask(&person)
      answers += reply.answers
      let last = "Confirm \(manifest.label)? [yes/no] "
      let word = try person.answer(to: last, hint: "the whole word: yes or no") {
        $0 == "yes" || $0 == "no"
      }
      guard word == "yes" else { throw .notConfirmed }
      answers.append(.init(question: "Confirm \(manifest.label)? [yes/no]", answer: word))
      return Confirmation.Person(
        name: reply.name, role: reply.role, account: Surroundings.account,
        host: Surroundings.host, at: Surroundings.now(),
        seconds: Int(Surroundings.seconds - started), answers: answers)
    } catch {
      if case .ended = error, let ended = person.ended {
        throw CommandFailure(
          ended.exitStatus, "\(ended); nothing is sent",
          next: "push2pacs confirm \(stage.path.shellQuoted)\(context.sameConfiguration)")
      }
      throw CommandFailure(.notConfirmed, "\(error)")
    }
  }
}

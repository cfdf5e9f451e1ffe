import Configuration
import Console
import Delivery
import DIMSE
import DICOM
import JSON
import Radiotherapy

/// `push2pacs doctor`: tries what an export would need, step by step, and says in words what fails.
struct DoctorCommand {
  let context: Context

  private struct Step {
    let name: String
    let detail: String
    let isDone: Bool
  }

  func run() throws(CommandFailure) {
    let site = try context.site()
    let destination = try context.requiredDestination(site)
    let interruption = CancelOnSignal.interruption()
    if destination.isWebOnly {
      try WebDoctor(context: context, destination: destination).run(interruption)
      return
    }
    var steps: [Step] = []
    let proposals: [ContextProposal] =
      [
        .verification,
        ContextProposal(Radiotherapy.SOPClass.secondaryCapture, [.explicitVRLittleEndian]),
        ContextProposal(Radiotherapy.SOPClass.secondaryCapture, [.implicitVRLittleEndian]),
      ] + Self.asking
    let association: Association
    do {
      association = try Association.request(
        to: destination.peer, as: destination.callingAETitle, contexts: proposals,
        options: .init(timeouts: destination.timeouts), interruption: interruption)
    } catch {
      show(
        steps + [Step(name: "connect and associate", detail: "\(error)", isDone: false)],
        destination)
      throw CommandFailure(.association(error), at: destination)
    }
    steps.append(
      Step(
        name: "connect and associate",
        detail: "as \(destination.callingAETitle.text) with \(destination.peer.aeTitle.text)",
        isDone: true))
    for answer in association.answers {
      let name =
        Dictionary.name(ofUID: answer.proposed.abstractSyntax) ?? answer.proposed.abstractSyntax
      let isAccepted = answer.result == .accepted
      let syntax = answer.transferSyntaxUID.map { TransferSyntax(uid: $0).name } ?? ""
      steps.append(
        Step(
          name: "context", detail: isAccepted ? "\(name), \(syntax)" : "\(name) not accepted",
          isDone: isAccepted))
    }
    do {
      let answer = try association.echo()
      steps.append(Step(name: "C-ECHO", detail: "\(answer)", isDone: answer.status.isDone))
      try association.release()
    } catch {
      association.abort()
      show(steps + [Step(name: "C-ECHO", detail: "\(error)", isDone: false)], destination)
      throw CommandFailure(.association(error), at: destination)
    }
    show(steps, destination)
    let canStore = !association.transferSyntaxes(for: Radiotherapy.SOPClass.secondaryCapture)
      .isEmpty
    func failed(_ what: String) -> CommandFailure {
      CommandFailure(.unavailable, "\(destination.name) \(what)")
    }
    if steps.contains(where: { $0.name == "C-ECHO" && !$0.isDone }) {
      throw failed(
        "does not answer C-ECHO with success; ask the PACS team for the line in their log")
    }
    guard canStore else {
      throw CommandFailure(
        .unavailable,
        "\(destination.name) accepts no Secondary Capture; ask the PACS team to allow Secondary Capture Image Storage for \(destination.callingAETitle.text)"
      )
    }
    let canBeAsked = association.answers.allSatisfy {
      $0.result == .accepted || !Self.queries.contains($0.proposed.abstractSyntax)
    }
    guard canBeAsked || !destination.canBeAsked else {
      throw failed(
        "accepts no Study Root FIND or GET; ask the PACS team to allow both for \(destination.callingAETitle.text), or export with --no-query"
      )
    }
  }

  /// What a destination is asked with.
  private static let asking: [ContextProposal] = [.find(.study), .get(.study)]
  private static let queries = Set(asking.map(\.sopClassUID))

  private func show(_ steps: [Step], _ destination: Destination) {
    let terminal = context.terminal
    if context.isJSON {
      terminal.print([
        "pacs": .string(destination.name),
        "steps": .array(
          steps.map {
            ["step": .string($0.name), "ok": .bool($0.isDone), "detail": .string($0.detail)]
          }),
      ])
      return
    }
    for step in steps {
      let head = (step.isDone ? "ok" : "FAILED").padded(to: 8) + step.name.padded(to: 23)
      for (index, part) in CheckTable.wrapped(step.detail, width: 80 - 31).enumerated() {
        terminal.print((index == 0 ? head : String(repeating: " ", count: 31)) + part)
      }
    }
    terminal.print("")
    terminal.print("What the PACS team needs to know of this machine:")
    terminal.print("  AE title   \(destination.callingAETitle.text)")
    terminal.print("  host       \(Surroundings.host)")
    terminal.print(
      "  sends      Secondary Capture Image Storage,")
    terminal.print("             explicit or implicit VR little endian")
    terminal.print("  asks       Study Root Query/Retrieve: FIND and GET")
  }
}

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
    var verdict = Verdict.ok
  }

  private enum Verdict: String {
    case ok
    /// Not there, and only some uses need it.
    case missing
    case failed

    var word: String { self == .failed ? "FAILED" : rawValue }
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
    let failure = examine(destination, interruption, &steps)
    show(steps, destination)
    if let failure { throw failure }
  }

  /// A SOP class that something needs, and what.
  private struct Need {
    let sopClassUID: String
    let syntax: TransferSyntax
    let use: String
    let isEssential: Bool
  }

  /// What exports send, in each form.
  private static let needs: [Need] = [
    .init(
      sopClassUID: Radiotherapy.SOPClass.secondaryCapture, syntax: .explicitVRLittleEndian,
      use: "export", isEssential: true),
    .init(
      sopClassUID: Radiotherapy.SOPClass.secondaryCapture, syntax: .implicitVRLittleEndian,
      use: "export", isEssential: true),
    .init(
      sopClassUID: Radiotherapy.SOPClass.secondaryCapture, syntax: .rleLossless,
      use: "export --compress (else sent unpacked)", isEssential: false),
    .init(
      sopClassUID: "1.2.840.10008.5.1.4.1.1.7.4", syntax: .explicitVRLittleEndian,
      use: "export --multiframe", isEssential: false),
    .init(
      sopClassUID: "1.2.840.10008.5.1.4.1.1.11.1", syntax: .explicitVRLittleEndian,
      use: "export --overlay", isEssential: false),
    .init(
      sopClassUID: "1.2.840.10008.5.1.4.1.1.88.59", syntax: .explicitVRLittleEndian,
      use: "retract", isEssential: false),
  ]

  /// Tries everything in its order.
  ///
  /// - Returns: why an export to there would not work.
  private func examine(
    _ destination: Destination, _ interruption: DIMSE.Interruption, _ steps: inout [Step]
  ) -> CommandFailure? {
    let association: Association
    do {
      association = try Association.request(
        to: destination.peer, as: destination.callingAETitle,
        contexts: [.verification] + Self.needs.map { ContextProposal($0.sopClassUID, [$0.syntax]) }
          + [.find(.study), .move(.study), .storageCommitment],
        options: .init(timeouts: destination.timeouts), interruption: interruption)
    } catch {
      steps += Self.steps(to: error, destination)
      return CommandFailure(.association(error), at: destination)
    }
    steps += [
      Step(name: "resolve", detail: destination.peer.host),
      Step(name: "connect", detail: "port \(destination.peer.port)"),
      Step(
        name: "associate",
        detail:
          "as \(destination.callingAETitle.text) with \(destination.peer.aeTitle.text)"),
    ]
    var failure: CommandFailure?
    func failed(_ what: String) {
      failure = failure ?? CommandFailure(.unavailable, "\(destination.name) \(what)")
    }
    do {
      let answer = try association.echo()
      steps.append(
        Step(name: "C-ECHO", detail: "\(answer)", verdict: answer.status.isDone ? .ok : .failed))
      if !answer.status.isDone {
        failed("does not answer C-ECHO with success; ask the PACS team for the line in their log")
      }
      try association.release()
    } catch {
      association.abort()
      steps.append(Step(name: "C-ECHO", detail: "\(error)", verdict: .failed))
      return CommandFailure(.association(error), at: destination)
    }
    let title = destination.callingAETitle.text
    let stores = association.transferSyntaxes(for: Radiotherapy.SOPClass.secondaryCapture)
      .contains { $0.isNative }
    for (need, answer) in zip(Self.needs, association.answers.dropFirst()) {
      let name = Dictionary.name(ofUID: need.sopClassUID) ?? need.sopClassUID
      let reason = answer.isAccepted ? "" : ": \(answer.result.map { "\($0)" } ?? "not answered")"
      // Of the two forms of a plain map one is enough.
      let isWanting = need.isEssential && !stores
      steps.append(
        Step(
          name: "store", detail: "\(name), \(need.syntax.name), for \(need.use)\(reason)",
          verdict: answer.isAccepted ? .ok : isWanting ? .failed : .missing))
    }
    if !stores {
      failed(
        "accepts no Secondary Capture; ask the PACS team to allow Secondary Capture Image Storage for \(title)"
      )
    }
    let others = association.answers.suffix(3).map(\.isAccepted)
    examineQuestions(destination, interruption, finds: others[0], moves: others[1], &steps, failed)
    let isPromised = others[2]
    let needsPromise = destination.commitment == .required
    steps.append(
      Step(
        name: "storage commitment",
        detail: isPromised ? "offered" : "not offered; only verify --commit needs it",
        verdict: isPromised ? .ok : needsPromise ? .failed : .missing))
    if !isPromised, needsPromise {
      failed("does not offer storage commitment, which the configuration requires")
    }
    return failure
  }

  /// Query and retrieval, in the way that the destination is set for.
  private func examineQuestions(
    _ destination: Destination, _ interruption: DIMSE.Interruption, finds: Bool, moves: Bool,
    _ steps: inout [Step], _ failed: (String) -> Void
  ) {
    let title = destination.callingAETitle.text
    let needed: Verdict = destination.canBeAsked ? .failed : .missing
    steps.append(
      Step(
        name: "query", detail: finds ? "Study Root FIND" : "Study Root FIND not accepted",
        verdict: finds ? .ok : needed))
    if !finds, destination.canBeAsked {
      failed(
        "accepts no Study Root FIND; ask the PACS team to allow it for \(title), or export with --no-query"
      )
    }
    switch destination.retrieval {
    case .none, .web: return
    case .move:
      steps.append(
        Step(
          name: "retrieval",
          detail: moves
            ? "Study Root MOVE; it must know \(title) at this machine, port \(destination.ownPort)"
            : "Study Root MOVE not accepted", verdict: moves ? .ok : needed))
      if !moves, destination.canBeAsked {
        failed("accepts no Study Root MOVE; ask the PACS team to allow it for \(title)")
      }
    case .get:
      let gets = canGet(destination, interruption)
      steps.append(
        Step(
          name: "retrieval",
          detail: gets
            ? "Study Root GET, Secondary Captures come back"
            : "Study Root GET not accepted, or not with us as the one who stores",
          verdict: gets ? .ok : needed))
      if !gets, destination.canBeAsked {
        failed(
          moves
            ? "accepts no Study Root GET but MOVE; set \"retrieve\": \"move\" in the configuration, and let the PACS team enter \(title) with this machine's address and port \(destination.ownPort)"
            : "accepts no Study Root GET; ask the PACS team to allow it for \(title), or export with --no-query"
        )
      }
    }
  }

  /// Whether it would send us back what it holds on the association that asks.
  private func canGet(
    _ destination: Destination, _ interruption: DIMSE.Interruption
  ) -> Bool {
    let capture = Radiotherapy.SOPClass.secondaryCapture
    do {
      let association = try Association.request(
        to: destination.peer, as: destination.callingAETitle,
        contexts: [.get(.study), ContextProposal(capture, role: .provider)],
        options: .init(timeouts: destination.timeouts), interruption: interruption)
      let contexts = association.contexts
      do { try association.release() } catch { association.abort() }
      return contexts.contains { $0.sopClassUID == QueryRoot.study.getSOPClass }
        && contexts.contains { $0.sopClassUID == capture && $0.requestorIsProvider }
    } catch { return false }
  }

  /// How far it came before it failed.
  private static func steps(to error: AssociationError, _ destination: Destination) -> [Step] {
    let resolved = Step(name: "resolve", detail: destination.peer.host)
    let connected = Step(name: "connect", detail: "port \(destination.peer.port)")
    switch error {
    case .cannotResolve: return [Step(name: "resolve", detail: "\(error)", verdict: .failed)]
    case .cannotConnect, .connectTimeout:
      return [resolved, Step(name: "connect", detail: "\(error)", verdict: .failed)]
    default:
      return [
        resolved, connected, Step(name: "associate", detail: "\(error)", verdict: .failed),
      ]
    }
  }

  private func show(_ steps: [Step], _ destination: Destination) {
    let terminal = context.terminal
    if context.isJSON {
      terminal.print([
        "pacs": .string(destination.name),
        "steps": .array(
          steps.map {
            [
              "step": .string($0.name), "ok": .bool($0.verdict == .ok),
              "verdict": .string($0.verdict.rawValue), "detail": .string($0.detail),
            ]
          }),
        "request": .array(
          request(destination).map { ["what": .string($0.what), "value": .string($0.value)] }),
      ])
      return
    }
    func list(_ head: String, _ text: String, at column: Int) {
      for (index, part) in CheckTable.wrapped(text, width: 80 - column).enumerated() {
        terminal.print(
          (index == 0 ? head.padded(to: column) : String(repeating: " ", count: column)) + part)
      }
    }
    for step in steps {
      list(step.verdict.word.padded(to: 9) + step.name, step.detail, at: 29)
    }
    terminal.print("")
    terminal.print("For the PACS team, to grant this machine access:")
    for (what, value) in request(destination) { list("  " + what, value, at: 15) }
  }

  /// What the PACS team needs to know.
  private func request(_ destination: Destination) -> [(what: String, value: String)] {
    func named(_ uid: String) -> String { "\(Dictionary.name(ofUID: uid) ?? uid) (\(uid))" }
    var classes: [String] = []
    for need in Self.needs where !classes.contains(need.sopClassUID) {
      classes.append(need.sopClassUID)
    }
    let syntaxes: [TransferSyntax] = [
      .explicitVRLittleEndian, .implicitVRLittleEndian, .rleLossless,
    ]
    return [
      ("AE title", destination.callingAETitle.text), ("host", Surroundings.host),
      (
        "port",
        "\(destination.ownPort), where it listens for C-MOVE and storage commitment while it asks"
      ),
      (
        "calls",
        "\(destination.peer.aeTitle.text) at \(destination.peer.host) port \(destination.peer.port)"
      ),
    ] + classes.map { ("stores", named($0)) }
      + syntaxes.map { ("encoded as", named($0.uid)) }
      + [
        ("asks", named(QueryRoot.study.findSOPClass)),
        (
          "retrieves",
          named(
            destination.retrieval == .move
              ? QueryRoot.study.moveSOPClass : QueryRoot.study.getSOPClass)
        ),
        ("commits", named(DIMSE.SOPClass.storageCommitment)),
      ]
  }
}

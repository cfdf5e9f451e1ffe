import Audit
import Configuration
import Console
import DICOM
import DIMSE
import Delivery
import Digest
import Files
import JSON
import Quality

/// `push2pacs verify`: the proof that an archive holds what was confirmed.
struct VerifyCommand {
  let context: Context

  /// What was found out: the comparison, the archive's promise, and who has looked.
  struct Proof {
    var outcome: Verification.Outcome
    /// `nil`: not asked for.
    var commitment: CommitmentQuestion.Ending?
    /// Who looked at the series in the viewer, and when.
    var look: String?
    /// Whether the map was withdrawn from this archive: then it should hold none of it.
    var isWithdrawn = false

    /// How many of its instances the archive still gives out.
    var given: Int { outcome.expected - outcome.findings.filter { $0.what == .missing }.count }

    var isGood: Bool { isWithdrawn ? given == 0 : outcome.isWhole }
  }

  func run() throws(CommandFailure) {
    let site = try context.site()
    var destination = try context.requiredDestination(site)
    if context.arguments.flag("commit") { destination.commitment = .required }
    let typed = context.arguments.positionals.first
    if let study = try context.query(needsOne: false).study {
      guard typed == nil else {
        throw CommandFailure(.usage, "name a STAGE, or --study with --series, not both")
      }
      return try VerifyHolding(context: context, destination: destination).run(
        study: study, series: context.arguments.string("series"))
    }
    guard let typed else {
      throw CommandFailure(.usage, "name the STAGE that was sent, or a study with --study UID")
    }
    let stage = try context.stage(typed)
    let proof = try verify(
      stage, site: site, at: destination, asksForLook: context.arguments.flag("looked"))
    if context.isJSON { context.terminal.print(document(proof, stage, destination)) }
    let line = try judge(proof, stage, destination)
    guard !context.isJSON else { return }
    context.terminal.print(line)
    if proof.look == nil, !proof.isWithdrawn {
      context.terminal.note("Next: look at the series in the PACS viewer, then say so:")
      context.terminal.note(
        "      push2pacs verify \(stage.path.shellQuoted) --pacs \(context.typedPACS) --looked")
    }
  }

  /// Compares what the archive holds with the stage; then asks for its promise, and for a look.
  func verify(
    _ stage: Stage, site: Site, at destination: Destination, asksForLook: Bool = false
  ) throws(CommandFailure) -> Proof {
    do { try stage.requireIntact() } catch { throw CommandFailure(.wrongInput, "\(error)") }
    if asksForLook, !context.terminal.inputIsTerminal {
      throw CommandFailure(
        .notConfirmed, "--looked asks a person at a terminal; nothing answers for them")
    }
    let journal: Journal
    do { journal = try Journal(of: stage, clock: Surroundings.now) } catch {
      switch error {
      case .held:
        throw CommandFailure(.tryAgain, "another run works on this stage; wait for it")
      case .file(let trouble): throw CommandFailure(.inputOutput, "\(trouble)")
      }
    }
    let interruption = CancelOnSignal.interruption()
    var proof = Proof(
      outcome: try compare(stage, destination, journal, interruption),
      look: ViewerLook.last(in: journal, at: destination.name))
    proof.isWithdrawn = journal.events.contains {
      $0.kind == .retracted && $0.pacs == destination.name
    }
    let auditing = Auditing(site)
    try auditing.record(
      .verified, of: stage, outcome: proof.isGood ? .success : .seriousFailure,
      destination: destination.name,
      detail: proof.isWithdrawn
        ? "withdrawn, \(proof.given) of \(proof.outcome.expected) instances still given out"
        : "\(proof.outcome.identical) of \(proof.outcome.expected) instances as confirmed")
    guard proof.outcome.isWhole, !proof.isWithdrawn else { return proof }
    if destination.commitment != .off {
      proof.commitment = try askForPromise(stage, destination, journal, interruption)
      try auditing.record(
        .verified, of: stage,
        outcome: proof.commitment?.objection == nil ? .success : .minorFailure,
        destination: destination.name,
        detail: "storage commitment: \(proof.commitment?.objection ?? "all instances")")
    }
    if asksForLook, proof.commitment?.objection == nil || destination.commitment == .tried {
      proof.look = try ViewerLook(
        context: context, site: site, stage: stage, destination: destination
      )
      .ask(journal, auditing)
    }
    return proof
  }

  private func compare(
    _ stage: Stage, _ destination: Destination, _ journal: borrowing Journal,
    _ interruption: DIMSE.Interruption
  ) throws(CommandFailure) -> Verification.Outcome {
    let bar = ProgressBar(
      "Fetching", total: stage.manifest.instances.count, unit: .items("instances"),
      on: context.terminal)
    defer { bar.finish() }
    do {
      return try Verification(
        stage: stage, destination: destination, interruption: interruption
      ).run(journal: journal) { done, all in bar.set(done, of: all) }
    } catch { throw CommandFailure(error, at: destination) }
  }

  private func askForPromise(
    _ stage: Stage, _ destination: Destination, _ journal: borrowing Journal,
    _ interruption: DIMSE.Interruption
  ) throws(CommandFailure) -> CommitmentQuestion.Ending {
    let earlier = journal.openQuestions(to: destination.name)
    context.terminal.note(
      earlier.isEmpty
        ? "Asking for storage commitment ..."
        : "Storage commitment was asked for before, and no word has come: asking again; a late word counts as well ..."
    )
    let transaction = DerivedUID.make(
      from: [stage.manifestSHA256, destination.name, Surroundings.now(), Surroundings.unique])
    let ending: CommitmentQuestion.Ending
    do throws(DeliveryError) {
      ending = try CommitmentQuestion(destination: destination, interruption: interruption)
        .run(stage.manifest.instances, transactionUID: transaction, earlier: earlier) {
          () throws(DeliveryError) in
          // Also where this run is killed while it waits, the next one knows what was asked.
          do throws(FileTrouble) {
            try journal.append(Journal.question(transaction, to: destination.name))
          } catch { throw .disk(error) }
        }
    } catch { throw CommandFailure(error, at: destination) }
    guard case .answered(let outcome) = ending else { return ending }
    if earlier.contains(outcome.transactionUID) {
      context.terminal.note("The word on an earlier question came late: everything is committed.")
    }
    do {
      for instance in stage.manifest.instances {
        let uid = instance.sopInstanceUID
        try journal.write(
          Journal.answer(
            outcome.transactionUID, from: destination.name, for: uid,
            isCommitted: outcome.committed.contains(uid),
            reason: outcome.failed[uid].map { "\($0)" }))
      }
      try journal.flush()
    } catch { throw CommandFailure(.inputOutput, "\(error)") }
    return ending
  }

  /// One line for the chart, and where something is wrong, the instances.
  ///
  /// - Returns: the line for the chart.
  func judge(
    _ proof: Proof, _ stage: Stage, _ destination: Destination
  ) throws(CommandFailure) -> String {
    let terminal = context.terminal
    let manifest = stage.manifest
    let outcome = proof.outcome
    for (tag, count) in outcome.coerced.sorted(by: { $0.key < $1.key }) {
      terminal.note("changed by the archive: \(tag) in \(count) instances")
    }
    if proof.isWithdrawn { return try judgeWithdrawn(proof, manifest.label, destination) }
    let head =
      "\(manifest.label) at \(destination.name): \(outcome.identical) of \(outcome.expected) instances as confirmed"
    guard outcome.isWhole else {
      let isIncomplete = outcome.findings.allSatisfy { $0.what == .missing }
      let wayOut =
        isIncomplete
        ? "send the rest with push2pacs push \(stage.path.shellQuoted) --pacs \(context.typedPACS)"
        : "do not use the others"
      throw CommandFailure(
        .wrongInput, "NOT VERIFIED \(head); \(wayOut)",
        lines: isIncomplete && outcome.findings.count == outcome.expected
          ? [] : outcome.findings.map { Self.line($0, manifest) })
    }
    if let objection = proof.commitment?.objection {
      guard destination.commitment == .tried else {
        throw CommandFailure(
          Self.status(of: proof.commitment), "\(head), but \(objection)",
          lines: Self.uncommitted(proof.commitment, manifest))
      }
      terminal.note("Storage commitment: \(objection)")
    }
    let promise = proof.commitment.map { $0.objection == nil ? ", committed" : ", not committed" }
    return
      "VERIFIED \(head)\(promise ?? ""), \(Surroundings.now()); viewer look: \(proof.look ?? "pending")"
  }

  /// The line for the chart once the map was withdrawn: whether the archive still gives it out.
  private func judgeWithdrawn(
    _ proof: Proof, _ label: String, _ destination: Destination
  ) throws(CommandFailure) -> String {
    let head = "WITHDRAWN \(label) at \(destination.name)"
    guard proof.given > 0 else {
      return
        "\(head): none of its \(proof.outcome.expected) instances is given out any more, \(Surroundings.now())"
    }
    throw CommandFailure(
      .wrongInput,
      "\(head), which still gives out \(proof.given) of \(proof.outcome.expected) instances; ask the PACS team whether the viewers hide them, and tell who may see them"
    )
  }

  private static func status(of ending: CommitmentQuestion.Ending?) -> ExitStatus {
    switch ending {
    case .silent: .tryAgain
    case .refused(let answer) where answer.status.isTransient: .tryAgain
    case .refused, .notOffered: .unavailable
    case .answered, nil: .wrongInput
    }
  }

  /// The instances that are not promised, and why.
  private static func uncommitted(
    _ ending: CommitmentQuestion.Ending?, _ manifest: Manifest
  ) -> [String] {
    guard case .answered(let outcome) = ending else { return [] }
    return manifest.instances.compactMap { instance in
      let uid = instance.sopInstanceUID
      guard !outcome.committed.contains(uid) else { return nil }
      let reason =
        outcome.failed[uid].map { "\(Answer(.action, status: $0))" }
        ?? "not mentioned in the answer"
      return "\(manifest.name(of: instance))  not committed: \(reason)  \(uid)"
    }
  }

  private static func line(_ finding: Verification.Finding, _ manifest: Manifest) -> String {
    let slice = finding.instance.map(manifest.name) ?? "unknown"
    switch finding.what {
    case .missing: return "\(slice)  missing; push again  \(finding.sopInstanceUID)"
    case .notReturned: return "\(slice)  listed, but not returned  \(finding.sopInstanceUID)"
    case .extra: return "\(slice)  not of this map  \(finding.sopInstanceUID)"
    case .altered(let tags):
      return
        "\(slice)  altered: \(tags.prefix(4).map(\.description).joined(separator: ", "))  \(finding.sopInstanceUID)"
    }
  }

  private func document(
    _ proof: Proof, _ stage: Stage, _ destination: Destination
  ) -> JSON {
    let outcome = proof.outcome
    return [
      "stage": .string(stage.path), "label": .string(stage.manifest.label),
      "pacs": .string(destination.name), "expected": .integer(outcome.expected),
      "identical": .integer(outcome.identical),
      "verified": .bool(outcome.isWhole && !proof.isWithdrawn),
      "withdrawn": .bool(proof.isWithdrawn),
      "findings": .array(
        outcome.findings.map { finding in
          let what: (String, [String]) =
            switch finding.what {
            case .missing: ("missing", [])
            case .notReturned: ("not returned", [])
            case .extra: ("extra", [])
            case .altered(let tags): ("altered", tags.map(\.number))
            }
          return [
            "sopInstanceUID": .string(finding.sopInstanceUID),
            "instanceNumber": JSON(finding.instance?.instanceNumber), "what": .string(what.0),
            "attributes": JSON(what.1),
          ]
        }),
      "coerced": .array(
        outcome.coerced.sorted { $0.key < $1.key }.map {
          ["attribute": .string($0.key.number), "instances": .integer($0.value)]
        }),
      "commitment": commitment(proof.commitment),
      "viewerLook": JSON(proof.look),
    ]
  }

  private func commitment(_ ending: CommitmentQuestion.Ending?) -> JSON {
    guard let ending else { return .null }
    var object: JSONObject = [
      "complete": .bool(ending.objection == nil), "detail": JSON(ending.objection),
    ]
    if case .answered(let outcome) = ending {
      object["transactionUID"] = .string(outcome.transactionUID)
      object["committed"] = .integer(outcome.committed.count)
      object["failed"] = .array(
        outcome.failed.sorted { $0.key < $1.key }.map {
          ["sopInstanceUID": .string($0.key), "reason": .string("\($0.value)")]
        })
      object["unmentioned"] = JSON(outcome.unmentioned.sorted())
    }
    return .object(object)
  }
}

import Audit
import Configuration
import Console
import DICOM
import Delivery
import JSON
import Quality

/// `push2pacs verify`: the proof that an archive holds what was confirmed.
struct VerifyCommand {
  let context: Context

  func run() throws(CommandFailure) {
    let site = try context.site()
    let destination = try context.requiredDestination(site)
    let stage = try context.stage(context.arguments.positionals[0])
    let outcome = try verify(stage, site: site, at: destination)
    if context.isJSON { context.terminal.print(document(outcome, stage, destination)) }
    try judge(outcome, stage, destination, prints: !context.isJSON)
  }

  func verify(
    _ stage: Stage, site: Site, at destination: Destination
  ) throws(CommandFailure) -> Verification.Outcome {
    do { try stage.requireIntact() } catch { throw CommandFailure(.wrongInput, "\(error)") }
    let journal: Journal
    do { journal = try Journal(of: stage, clock: Surroundings.now) } catch {
      switch error {
      case .held:
        throw CommandFailure(.tryAgain, "another run works on this stage; wait for it")
      case .file(let trouble): throw CommandFailure(.inputOutput, "\(trouble)")
      }
    }
    let bar = ProgressBar(
      "Fetching", total: stage.manifest.instances.count, unit: .items("instances"),
      on: context.terminal)
    defer { bar.finish() }
    let outcome: Verification.Outcome
    do {
      outcome = try Verification(
        stage: stage, destination: destination, interruption: CancelOnSignal.interruption()
      ).run(journal: journal) { done, all in bar.set(done, of: all) }
    } catch { throw CommandFailure(error, at: destination) }
    try Auditing(site).record(
      .verified, of: stage, outcome: outcome.isWhole ? .success : .seriousFailure,
      destination: destination.name,
      detail: "\(outcome.identical) of \(outcome.expected) instances as confirmed")
    return outcome
  }

  /// One line for the chart, and where something is wrong, the instances.
  func judge(
    _ outcome: Verification.Outcome, _ stage: Stage, _ destination: Destination, prints: Bool
  ) throws(CommandFailure) {
    let terminal = context.terminal
    let manifest = stage.manifest
    for (tag, count) in outcome.coerced.sorted(by: { $0.key < $1.key }) {
      terminal.note("changed by the archive: \(tag) in \(count) instances")
    }
    guard outcome.isWhole else {
      let isIncomplete = outcome.findings.allSatisfy { $0.what == .missing }
      let wayOut =
        isIncomplete
        ? "send the rest with push2pacs push \(stage.path) --pacs \(destination.name)"
        : "do not use the others"
      throw CommandFailure(
        .wrongInput,
        "\(manifest.label) at \(destination.name): \(outcome.identical) of \(outcome.expected) instances are as confirmed; \(wayOut)",
        lines: outcome.findings.map { Self.line($0, manifest) })
    }
    if prints {
      terminal.print(
        "VERIFIED \(manifest.label) at \(destination.name): \(outcome.identical) of \(outcome.expected) instances as confirmed, \(Surroundings.now()); viewer look: pending"
      )
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
    _ outcome: Verification.Outcome, _ stage: Stage, _ destination: Destination
  ) -> JSON {
    [
      "stage": .string(stage.path), "label": .string(stage.manifest.label),
      "pacs": .string(destination.name), "expected": .integer(outcome.expected),
      "identical": .integer(outcome.identical), "verified": .bool(outcome.isWhole),
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
    ]
  }
}

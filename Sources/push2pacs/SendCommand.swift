import Configuration
import Console
import DICOM
import DIMSE
import Delivery
import Files
import JSON
import Quality
import Radiotherapy
import SecondaryCapture

/// `push2pacs send`: other images as they are, confirmed by a person, sent and verified.
struct SendCommand {
  let context: Context

  func run() throws(CommandFailure) {
    let site = try context.site()
    let destination = try context.requiredDestination(site)
    let selection = try select(only: nil)
    let stage = try self.stage(selection, site)
    try send(stage, site, destination)
    if context.isJSON {
      context.terminal.print([
        "stage": .string(stage.path), "label": .string(stage.manifest.label),
        "pacs": .string(destination.name),
        "instances": .integer(stage.manifest.instances.count),
      ])
    } else {
      context.terminal.print(stage.path)
    }
  }

  /// Sends the scan of a map, where the archive lacks it.
  func sendScan(
    of map: Stage, _ site: Site, to destination: Destination
  ) throws(CommandFailure) {
    let manifest = map.manifest
    let sources = Set(
      manifest.instances.filter { manifest.series(of: $0)?.kind == nil }
        .flatMap(\.frames).map(\.sourceSOPInstanceUID))
    if destination.canBeAsked,
      let series = manifest.document["source"]?["seriesInstanceUID"]?.stringValue
    {
      var query = ArchiveQuery()
      query.study = manifest.studyInstanceUID
      query.series = series
      let held: ArchiveSearch.Outcome
      do {
        held = try ArchiveSearch(
          destination: destination, interruption: CancelOnSignal.interruption()
        ).run(query, level: .image)
      } catch { throw CommandFailure(error, at: destination) }
      if sources.isSubset(of: held.matches.compactMap { $0.string(.sopInstanceUID) }) {
        context.terminal.note("\(destination.name) holds the scan already.")
        return
      }
    }
    let selection = try select(only: sources)
    guard selection.images.count == sources.count else {
      throw CommandFailure(
        .wrongInput,
        "\(selection.images.count) of the scan's \(sources.count) instances are in the folders named; nothing is sent"
      )
    }
    context.terminal.note("The scan goes first; it has a confirmation of its own.")
    try send(try stage(selection, site), site, destination)
  }

  private func select(only: Set<String>?) throws(CommandFailure) -> ImageSelection {
    let terminal = context.terminal
    let bar = ProgressBar("Reading", total: nil, unit: .items("files"), on: terminal)
    defer { bar.finish() }
    let selection: ImageSelection
    do {
      selection = try ImageSelection(
        paths: context.arguments.positionals, only: only, software: Context.software.name
      ) { bar.advance() }
    } catch { throw CommandFailure(.noInput, "\(error)") }
    bar.finish()
    guard only == nil else { return selection }
    for (sopClass, count) in selection.others.sorted(by: { $0.key < $1.key }) {
      let name = Dictionary.name(ofUID: sopClass) ?? sopClass.printable
      terminal.note("Passed over    \(count) x \(name): no image")
    }
    if selection.skipped > 0 {
      terminal.note("Passed over    \(selection.skipped) files: no DICOM")
    }
    guard selection.broken.isEmpty else {
      throw CommandFailure(
        .wrongInput, "\(selection.broken.count) files cannot be sent as they are; nothing is sent",
        lines: selection.broken.map(\.printable))
    }
    guard selection.maps.isEmpty else {
      throw CommandFailure(
        .wrongInput,
        "dose maps are sent by export and push alone, with their own confirmation; take them out",
        lines: selection.maps.map(\.printable))
    }
    return selection
  }

  private func stage(
    _ selection: ImageSelection, _ site: Site
  ) throws(CommandFailure) -> Stage {
    guard let first = selection.images.first else {
      throw CommandFailure(.noInput, "no images are in these folders")
    }
    guard first.identity.patient.id != nil else {
      throw CommandFailure(
        .wrongInput, "\(first.path.printable): an image without a patient ID is not sent")
    }
    let differences = selection.differences
    guard differences.isEmpty else {
      let ids = Set(selection.images.compactMap(\.identity.patient.id)).sorted()
      let words = PatientIdentity.Difference.allCases.filter(differences.contains).map(\.rawValue)
      throw CommandFailure(
        .wrongInput,
        "these images are not of one patient (\(words.joined(separator: ", ")) differ): \(ids.joined(separator: ", "))"
          .printable)
    }
    let output = context.arguments.string("output") ?? "."
    let group = try context.group(site)
    do { try PrivateFile.makeFolders(output, for: group) } catch {
      throw CommandFailure(.cannotCreate, "\(error); choose another folder with --output")
    }
    let bar = ProgressBar(
      "Staging", total: selection.images.count, unit: .items("instances"), on: context.terminal)
    defer { bar.finish() }
    Interruption.install()
    do {
      return try ImageStageWriter(
        selection: selection, software: Context.software, output: output, group: group,
        key: try context.key(site)
      ).write(progress: { done, all in bar.set(done, of: all) }) { Interruption.isRequested }
    } catch let failure as CommandFailure {
      throw failure
    } catch let error as ExportError {
      switch error {
      case .stopped:
        throw CommandFailure(
          Interruption.exitStatus ?? .interrupted, "stopped; nothing was staged, nothing is sent")
      case .cannotCreate: throw CommandFailure(.cannotCreate, "\(error)")
      case .internalFault: throw CommandFailure(.ourFault, "\(error)")
      default: throw CommandFailure(.inputOutput, "\(error)")
      }
    } catch { throw CommandFailure(.ourFault, "\(error)") }
  }

  private func send(
    _ stage: Stage, _ site: Site, _ destination: Destination
  ) throws(CommandFailure) {
    let confirm = ConfirmCommand(context: context)
    var isReviewerPresent = false
    if case .wanting = try confirm.standing(of: stage, site: site) {
      guard context.terminal.inputIsTerminal else {
        throw CommandFailure(
          .notConfirmed,
          "a person at a terminal has to confirm first: push2pacs confirm \(stage.path.shellQuoted)\(context.sameConfiguration); nothing is sent"
        )
      }
      isReviewerPresent = true
      if case .wanting(let who) = try confirm.ask(stage, site: site) {
        throw CommandFailure(.notConfirmed, "\(who); nothing is sent")
      }
    }
    try PushCommand(context: context).push(
      stage, site: site, to: destination, isReviewerPresent: isReviewerPresent)
    guard destination.canBeAsked, destination.retrieval != .none else { return }
    let verify = VerifyCommand(context: context)
    _ = try verify.judge(
      try verify.verify(stage, site: site, at: destination), stage, destination)
    context.terminal.note(
      "Verified: all \(stage.manifest.instances.count) images at \(destination.name) are as they were."
    )
  }
}

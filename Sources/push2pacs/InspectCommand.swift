import Console
import DICOM
import JSON
import Quality
import Radiotherapy
import Workers

/// `push2pacs inspect`: what is there, and what stands in the way.
struct InspectCommand {
  let context: Context

  func run() throws(CommandFailure) {
    if context.arguments.flag("digests") {
      try showDigests()
      return
    }
    if context.arguments.flag("pixels") {
      try PixelReport(context: context).run()
      return
    }
    let site = try context.site()
    let inventory = try CourseReading.inventory(context)
    let arguments = try CourseArguments(context.arguments, site: site)
    var checks: [Check] = []
    var refusal: CommandFailure?
    do {
      let course = try CourseReading.course(
        from: inventory, arguments.request, context, mayAsk: false)
      checks = try CourseReading.prepared(course, arguments.settings).checks
    } catch { refusal = error }
    if context.isJSON {
      context.terminal.print(document(inventory, checks, refusal))
      return
    }
    let terminal = context.terminal
    for line in InspectReport(inventory: inventory).lines { terminal.print(line) }
    terminal.print("")
    if let refusal {
      terminal.print("No export from here: \(refusal.message)")
      for line in refusal.lines { terminal.print(line) }
      return
    }
    terminal.print("Checks for an export:")
    for line in CheckTable.lines(checks, width: 80) { terminal.print(line) }
    terminal.print("")
    terminal.print(
      checks.isBlocked
        ? "No export from here until what is BLOCKED is put right."
        : "Next: push2pacs export \(context.arguments.positionals.joined(separator: " ")) --pacs NAME"
    )
  }

  /// For each frame of each file the SHA-256 of its decoded stored values.
  private func showDigests() throws(CommandFailure) {
    let paths = context.arguments.positionals
    let results = inParallel(paths.count) { index in
      Result { () throws(FileError) in
        try DigestReport.digests(of: DICOMFile.read(path: paths[index]))
      }
    }
    var files: [JSON] = []
    for (path, result) in zip(paths, results) {
      let digests: [String]
      do { digests = try result.get() } catch { throw CommandFailure(.wrongInput, "\(error)") }
      if context.isJSON {
        files.append(["file": .string(path), "frames": JSON(digests)])
      } else {
        for (index, digest) in digests.enumerated() {
          context.terminal.print("\(digest)  \(path)  frame \(index + 1)")
        }
      }
    }
    if context.isJSON { context.terminal.print(["files": .array(files)]) }
  }

  private func document(
    _ inventory: Inventory, _ checks: [Check], _ refusal: CommandFailure?
  ) -> JSON {
    [
      "patients": JSON(inventory.patients.map { $0.id ?? "" }),
      "scans": .array(
        inventory.scans.map {
          [
            "seriesInstanceUID": .string($0.seriesInstanceUID),
            "studyInstanceUID": .string($0.studyInstanceUID), "modality": .string($0.modality),
            "slices": .integer($0.slices.count), "date": JSON($0.date?.iso),
            "description": JSON($0.description), "spacing": JSON($0.spacing),
            "frameOfReferenceUID": JSON($0.frameOfReferenceUID),
          ]
        }),
      "doses": .array(
        inventory.doses.map {
          [
            "sopInstanceUID": .string($0.identity.sopInstanceUID), "units": JSON($0.units),
            "type": JSON($0.type), "summation": JSON($0.summation),
            "frameOfReferenceUID": JSON($0.identity.frameOfReferenceUID),
          ]
        }),
      "plans": .array(
        inventory.plans.map {
          [
            "sopInstanceUID": .string($0.identity.sopInstanceUID), "label": .string($0.label),
            "approval": JSON($0.approval), "fractionsPlanned": JSON($0.fractionsPlanned),
          ]
        }),
      "structureSets": .integer(inventory.structureSets.count),
      "records": .integer(inventory.records.count),
      "registrations": .integer(inventory.registrations.count),
      "skipped": .integer(inventory.skipped),
      "forgiven": .array(
        inventory.forgiven.map {
          ["file": .string($0.path), "what": JSON($0.what.map(\.description))]
        }),
      "unreadable": JSON(inventory.unreadable.map(\.description)),
      "checks": .array(checks.map(\.document)),
      "refusal": JSON(refusal?.message),
    ]
  }
}

extension Check {
  /// As `--json` shows it.
  var document: JSON {
    [
      "id": .string(id.rawValue), "status": .string(status.rawValue),
      "remedy": .string(remedy.rawValue), "detail": .string(detail),
    ]
  }
}

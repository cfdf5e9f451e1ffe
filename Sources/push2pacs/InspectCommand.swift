import Console
import DICOM
import JSON
import Quality
import Radiotherapy
import Workers

/// `push2pacs inspect`: what is there, and what stands in the way.
struct InspectCommand {
  let context: Context

  /// As wide as the window; 80 columns where there is none.
  private var width: Int { max(40, context.terminal.outputWidth ?? 80) }

  private func note(_ text: String) -> [String] { InspectText.note(text, width: width) }

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
    let arguments = try CourseArguments(context.arguments, site: site)
    let inventory = try CourseReading.inventory(context, looksAtValues: true)
    let candidates = ExportCandidates(in: inventory, arguments.request)
    let exports = InspectExport.all(in: inventory, candidates.requests, arguments, context)
    if context.isJSON {
      context.terminal.print(
        InspectDocument(
          inventory: inventory, exports: exports,
          plansWithoutDose: candidates.plansWithoutDose, summablePlans: candidates.summablePlans
        ).document)
      return
    }
    var lines = InspectTree(inventory: inventory).lines(width: width)
    lines += InspectNotes(
      inventory: inventory, passedOver: passedOver(inventory, exports),
      isVerbose: context.arguments.flag("verbose")
    ).lines(width: width)
    lines.append("")
    lines += conclusion(exports, candidates.plansWithoutDose, inventory)
    lines += sums(of: candidates.summablePlans)
    for line in lines { context.terminal.print(line) }
  }

  private func passedOver(
    _ inventory: Inventory, _ exports: [InspectExport]
  ) -> [String: String] {
    var reasons: [String: String] = [:]
    for export in exports {
      for (file, reason) in export.course?.passedOver(among: inventory) ?? [] {
        reasons[file.path] = reason
      }
    }
    return reasons
  }

  /// Every export with its verdicts, and what to do next.
  private func conclusion(
    _ exports: [InspectExport], _ idle: [RTPlan], _ inventory: Inventory
  ) -> [String] {
    let paths = context.arguments.positionals
    var lines: [String] = []
    let isAlone = exports.count == 1
    if isAlone, let only = exports.first, only.course == nil, let refusal = only.refusal {
      lines += note("No export from here: \(refusal.message)")
      lines += refusal.lines
      return lines
    }
    if isAlone, let only = exports.first {
      lines.append("Checks for an export:")
      lines += only.lines(number: nil, isVerbose: true, width: width)
      if only.isPossible {
        lines += note(
          "The drawing itself is judged when it is drawn; identity.pacs and label.unique when sending."
        )
      }
      lines.append("")
      // Checks fill more than a screen: what they add up to stands at the end, too.
      if only.isPossible { lines += note(only.conclusion) + [""] }
      lines +=
        only.isPossible
        ? ["Next:"] + only.command(paths, choosing: false, width: width).map { "  " + $0 }
        : note(
          "No export from here until what is \(only.refusal == nil ? "BLOCKED" : "said above") is put right."
        )
    } else {
      let isVerbose = context.arguments.flag("verbose")
      let judged = exports.filter { $0.course != nil }
      lines.append(
        judged.isEmpty
          ? "No export from here:"
          : "Exports that the files allow: \(judged.count), of which possible: \(judged.filter(\.isPossible).count)"
      )
      for (index, export) in judged.enumerated() {
        lines.append("")
        lines += export.lines(number: index + 1, isVerbose: isVerbose, width: width)
        if export.isPossible {
          lines += export.command(paths, choosing: true, width: width).map { "   " + $0 }
        }
      }
      lines += refusals(exports.filter { $0.course == nil })
      lines += patients(inventory)
      if !isVerbose, exports.contains(where: { !$0.checks.isEmpty }) {
        lines.append("")
        lines.append("Checks that pass are not listed; --verbose shows them.")
      }
    }
    for plan in idle {
      lines += note("Plan \(plan.label): no dose among the files is of it.")
    }
    return lines
  }

  /// What to do where the files of several people lie together, as `export` would say.
  private func patients(_ inventory: Inventory) -> [String] {
    let ids = Set(inventory.patients.compactMap(\.id)).sorted()
    return ids.count > 1 ? [""] + note("Here are \(InputError.patients(ids)).") : []
  }

  /// How a map is made that shows several treated plans at once.
  private func sums(of plans: [RTPlan]) -> [String] {
    guard plans.count > 1 else { return [] }
    let names = plans.map(\.label).sorted().joined(separator: ", ")
    let command =
      "push2pacs inspect "
      + context.arguments.positionals.map(\.shellQuoted).joined(separator: " ")
    return [""]
      + note(
        "Plans \(names) have a dose each: a map of one leaves the dose of the others out. One map of them all:"
      ) + [
        "  \(command) --sum sequential",
        "    one target, one plan after the other: the label has the sum of their doses",
        "  \(command) --sum concurrent",
        "    other targets, in the same sessions: the label is the highest target's",
      ]
  }

  /// Exports that cannot even be judged: the same reason once, with the doses that it holds for.
  private func refusals(_ exports: [InspectExport]) -> [String] {
    var order: [String] = []
    var subjects: [String: [String]] = [:]
    for export in exports {
      let reason = export.refusal?.message ?? ""
      if subjects[reason] == nil { order.append(reason) }
      let known = subjects[reason, default: []]
      if !known.contains(export.subject) { subjects[reason] = known + [export.subject] }
    }
    return order.flatMap { reason -> [String] in
      let all = subjects[reason] ?? []
      return [""]
        + note("Not possible: \(all.joined(separator: ", ")): \(reason)")
    }
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
}

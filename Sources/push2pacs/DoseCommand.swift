import CLibrary
import Console
import DICOM
import DoseMap
import Geometry
import JSON
import Quality
import Radiotherapy

/// What `dose` prints.
protocol DoseReport {
  var lines: [String] { get }
  var document: JSON { get }
}

/// `push2pacs dose`: the dose at a point of the patient, for comparing with the planning system.
struct DoseCommand {
  let context: Context

  func run() throws(CommandFailure) {
    guard let at = context.arguments.numbers("at") else {
      throw CommandFailure(.usage, "--at x,y,z is missing: a point of the patient in mm")
    }
    let point = PatientPoint(at[0], at[1], at[2])
    let inventory = try CourseReading.inventory(context)
    if let sum = context.arguments.string("sum").flatMap(DoseSum.init(rawValue:)) {
      try show(try summed(sum, at: point, inventory))
      return
    }
    guard context.arguments.strings("dose").count < 2 else {
      throw CommandFailure(
        .usage, "--dose is given more than once; to add doses up say --sum as well")
    }
    let dose = try chosenDose(inventory)
    let frame = context.arguments.string("frame") ?? dose.identity.frameOfReferenceUID
    try show(try report(of: dose, at: point, frame: frame, inventory))
  }

  private func show(_ report: some DoseReport) throws(CommandFailure) {
    if context.isJSON {
      context.terminal.print(report.document)
    } else {
      for line in report.lines { context.terminal.print(line) }
    }
  }

  /// Each part of a sum at the point, in the frame that was given or the first part's.
  private func summed(
    _ sum: DoseSum, at point: PatientPoint, _ inventory: Inventory
  ) throws(CommandFailure) -> SumReport {
    var request = CourseRequest()
    request.sum = sum
    request.doses = context.arguments.strings("dose")
    let doses: [RTDose]
    do { doses = try DoseParts.chosen(from: inventory, request).flatMap(\.self) } catch {
      throw CommandFailure(inputError: error)
    }
    let frame = context.arguments.string("frame") ?? doses[0].identity.frameOfReferenceUID
    if let odd = doses.first(where: { $0.type != doses[0].type }) {
      throw CommandFailure(
        .wrongInput,
        "dose.type: \(odd.identity.fileName) is \(odd.type ?? "of no type"), others are \(doses[0].type ?? "of no type"); dose types are never added"
      )
    }
    var parts: [SumReport.Part] = []
    for dose in doses {
      let plan = inventory.plans.first { plan in
        dose.referencedPlans.contains { $0.sopInstanceUID == plan.identity.sopInstanceUID }
      }
      let report = try report(of: dose, at: point, frame: frame, inventory)
      parts.append(
        .init(
          plan: plan?.label, report: report,
          isZeroBeyond: SoundDose.isZeroBeyond(
            report.grid, prescribed: plan?.targets.compactMap(\.doseGy).max())))
    }
    return SumReport(sum: sum, point: point, frame: frame, parts: parts)
  }

  private func report(
    of dose: RTDose, at point: PatientPoint, frame: String?, _ inventory: Inventory
  ) throws(CommandFailure) -> Report {
    let grid: DoseGrid
    do { grid = try SoundDose.grid(of: dose) } catch {
      throw CommandFailure(.wrongInput, "\(dose.identity.fileName): \(error)")
    }
    let join = try join(of: dose, with: frame, inventory)
    let place = join.toDose(point)
    let probe = place.map { DoseProbe(grid, at: $0) }
    if let probe, let gray = probe.gray {
      // Two ways to the same number; where they part, neither is to be trusted.
      let sum = probe.sum(grayPerCount: grid.grayPerCount)
      guard abs(sum - gray) <= 1e-9 * max(grid.maximum.gray, 1e-300) else {
        throw CommandFailure(.ourFault, "the dose is \(gray) Gy, its voxels add up to \(sum) Gy")
      }
    }
    return Report(
      point: point, frame: frame, place: place, dose: dose, grid: grid, join: join, probe: probe)
  }

  private func chosenDose(_ inventory: Inventory) throws(CommandFailure) -> RTDose {
    if let wanted = context.arguments.string("dose") {
      guard let dose = inventory.doses.first(where: { $0.identity.sopInstanceUID == wanted })
      else { throw CommandFailure(inputError: .notFound(.dose, uid: wanted)) }
      return dose
    }
    guard let dose = inventory.doses.first else {
      if let broken = inventory.broken.first?.error {
        throw CommandFailure(inputError: .file(broken))
      }
      throw CommandFailure(inputError: .missing(.dose))
    }
    guard inventory.doses.count == 1 else {
      throw CommandFailure(
        inputError: .several(
          .dose, option: "--dose",
          inventory.doses.map {
            .init(
              uid: $0.identity.sopInstanceUID,
              description: "\($0.summation ?? "no summation type"), \($0.identity.fileName)")
          }))
    }
    return dose
  }

  private func join(
    of dose: RTDose, with frame: String?, _ inventory: Inventory
  ) throws(CommandFailure) -> FrameJoin {
    // A point given in the dose's own frame needs no registration, and asks for none.
    if frame == dose.identity.frameOfReferenceUID { return .same }
    var imageFrames: [String: String] = [:]
    for slice in inventory.scans.flatMap(\.slices) {
      imageFrames[slice.identity.sopInstanceUID] = slice.identity.frameOfReferenceUID
    }
    do {
      return try FrameJoin.find(
        doseFrame: dose.identity.frameOfReferenceUID, scanFrame: frame,
        registrations: inventory.registrations,
        chosen: context.arguments.string("registration"),
        reach: (try? dose.geometry.get().corners) ?? [], imageFrames: imageFrames)
    } catch {
      throw CommandFailure(
        .wrongInput, "the frame \(frame ?? "") cannot be joined to the dose's: \(error.words)")
    }
  }
}

extension DoseCommand {
  /// What is said of a point, in words and as a document.
  struct Report: DoseReport {
    let point: PatientPoint
    let frame: String?
    /// The point in the dose's frame; `nil` where the registration does not reach.
    let place: PatientPoint?
    let dose: RTDose
    let grid: DoseGrid
    let join: FrameJoin
    let probe: DoseProbe?

    var lines: [String] {
      var lines: [String] = []
      if let gray = probe?.gray {
        lines.append("Dose      \(Self.short(gray)) Gy")
      } else {
        lines.append(
          place == nil
            ? "Dose      unknown: the registration is not defined at this point"
            : "Dose      unknown: the point lies outside the dose grid")
      }
      lines.append("Point     \(Self.text(point)) mm")
      lines.append("Frame     \(frame ?? "not given")")
      if join.kind != .sameFrame {
        lines.append("Joined    by \(join.kind.rawValue) registration")
        for registration in join.registrations {
          lines.append("          \(registration.identity.sopInstanceUID)")
        }
        if let place { lines.append("In dose   \(Self.text(place)) mm") }
        lines.append("Frame     \(dose.identity.frameOfReferenceUID ?? "none")")
      }
      lines.append(
        "Dose is   \(dose.summation ?? "no summation type"), \(dose.type ?? "no type"), \(dose.identity.sopInstanceUID)"
      )
      lines.append("Scaling   \(grid.grayPerCount) Gy a count")
      guard let probe, !probe.corners.isEmpty else { return lines }
      lines.append("")
      lines.append("Voxels, counted from 0:")
      let rows = probe.corners.map { corner in
        [
          "\(corner.plane)", "\(corner.row)", "\(corner.column)", "\(corner.count)",
          Self.short(Double(corner.count) * grid.grayPerCount), Self.short(corner.weight),
          Self.text(corner.position),
        ]
      }
      return lines
        + Self.aligned([["frame", "row", "column", "count", "Gy", "weight", "mm"]] + rows)
    }

    var document: JSON {
      [
        "doseGy": JSON(probe?.gray), "point": Self.numbers(point),
        "frameOfReferenceUID": JSON(frame),
        "dose": [
          "sopInstanceUID": .string(dose.identity.sopInstanceUID),
          "frameOfReferenceUID": JSON(dose.identity.frameOfReferenceUID),
          "summation": JSON(dose.summation), "type": JSON(dose.type),
          "gridScaling": .number(grid.grayPerCount),
          "point": place.map(Self.numbers) ?? .null,
        ],
        "registration": join.kind == .sameFrame
          ? .null
          : [
            "kind": .string(join.kind.rawValue),
            "sopInstanceUIDs": JSON(join.registrations.map(\.identity.sopInstanceUID)),
          ],
        "voxels": .array(
          (probe?.corners ?? []).map {
            [
              "frame": .integer($0.plane), "row": .integer($0.row), "column": .integer($0.column),
              "count": .integer(Int($0.count)),
              "doseGy": .number(Double($0.count) * grid.grayPerCount),
              "weight": .number($0.weight), "position": Self.numbers($0.position),
            ]
          }),
      ]
    }

    private static func numbers(_ point: PatientPoint) -> JSON {
      JSON([point.x, point.y, point.z])
    }

    /// Six digits, more than any planning system shows; the document has them all.
    static func short(_ value: Double) -> String {
      guard value.isFinite, value != 0 else { return "\(value)" }
      let unit = pow(10, 5 - floor(log10(abs(value))))
      guard unit.isFinite, unit > 0 else { return "\(value)" }
      return "\((value * unit).rounded() / unit)"
    }

    private static func text(_ point: PatientPoint) -> String {
      func short(_ value: Double) -> String { "\((value * 1e4).rounded() / 1e4)" }
      return "(\(short(point.x)), \(short(point.y)), \(short(point.z)))"
    }

    private static func aligned(_ rows: [[String]]) -> [String] {
      let widths = (rows.first ?? []).indices.map { column in
        rows.map { $0[column].count }.max() ?? 0
      }
      return rows.map { row in
        zip(row, widths).map { text, width in
          String(repeating: " ", count: width - text.count) + text
        }.joined(separator: "  ")
      }
    }
  }
}

extension FrameJoin.Failure {
  /// Why there is no way, in words.
  var words: String {
    switch self {
    case .frameMissing(let what): "the \(what) has no frame of reference"
    case .noPath: "no registration leads there"
    case .ambiguous(let count): "\(count) ways lead there; choose one with --registration UID"
    case .matrix(let reason), .contradiction(let reason): reason
    }
  }
}

import DICOM
import DoseMap
import Files
import Geometry
import Radiotherapy

/// Puts together what the review page shows beside the slices.
struct ReviewBuilder {
  let prepared: PreparedMap
  let facts: CourseFacts
  let grid: DoseGrid
  let join: FrameJoin
  let label: String
  /// The series beside the map, each in words.
  let furtherSeries: [String]
  let field: DoseField

  /// Volume inside each level, cm3, in the order of the levels.
  let volumes: [Double]
  /// About how much the grid's coarseness takes from each of them, cm3.
  let coarseness: [Double]
  /// The targets' dose-volume figures.
  let histograms: [DoseVolumeHistogram]

  /// Makes the page, and before it the pictures across the stack.
  ///
  /// - Parameter write: takes each of those pictures; called on several threads at once.
  func page(
    checks: [Check], series: [ReviewContent.Series], store: SliceStore,
    write: @Sendable (_ file: String, _ png: [UInt8]) throws(FileTrouble) -> Void
  ) throws(FileTrouble) -> String {
    let course = prepared.course
    let scan = course.scan
    let plane = scan.slices[0].plane
    let prescribed = prepared.levels.filter(\.isPrescription).map(\.gray)
    let (regions, leftOut) = HotRegion.all(
      in: grid, levels: prescribed, factor: facts.factor, join: join, scan: scan)
    let box = DoseBox.ranges(
      of: grid, atOrAbove: (prepared.levels.last?.gray ?? .infinity) / facts.factor, join: join,
      on: plane, margin: 10)
    var views: [Reformats.View] = []
    if let cut = Reformats(scan: scan, store: store, field: field, levels: prepared.levels) {
      views = try cut.make(
        columns: box.columns, rows: box.rows,
        peaks: regions.map { (column: $0.column, row: $0.row) }, write: write)
    }
    let content = ReviewContent(
      label: label, unit: unit, facts: rows, isodoses: isodoses, gridSpacing: gridSpacing,
      regions: regions, regionsLeftOut: leftOut,
      histograms: histograms,
      checks: checks,
      loosened: prepared.settings.site.loosened(fractions: facts.fractionsPlanned),
      expected: prepared.settings.site.expected.map(\.rawValue),
      series: series, reformats: views, reformatsMissing: reformatsMissing,
      outlines: Outline.all(in: course))
    return ReviewPage.html(content)
  }

  private var reformatsMissing: String {
    let scan = prepared.course.scan
    if scan.slices.count < 3 {
      return scan.slices.count == 1 ? "it is a single slice" : "it has two slices only"
    }
    if scan.isTilted { return "its slices lean against the direction they are stacked in" }
    if !scan.gaps.isEmpty { return "slices are missing between others" }
    return "its slices have no extent"
  }

  private var unit: String { facts.isRBE ? "Gy(RBE)" : "Gy" }

  private var isodoses: [ReviewContent.Isodose] {
    let stretch = join.stretch
    let bounds = IsodoseBounds.volumes(
      of: grid, levels: prepared.levels.map { $0.gray / facts.factor })
    return zip(zip(prepared.levels, zip(volumes, coarseness)), bounds).map { item, bound in
      let (level, (volume, coarseness)) = item
      return ReviewContent.Isodose(
        color: level.color.hex,
        text: "\(DoseText.gray(level.gray)) \(unit)" + (level.isPrescription ? " Rx" : ""),
        gray: level.gray, volume: volume, coarseness: coarseness, surely: bound.surely * stretch,
        perhaps: bound.perhaps * stretch)
    }
  }

  private var gridSpacing: String {
    let plane = grid.geometry.plane
    var parts = [plane.columnSpacing, plane.rowSpacing]
    let offsets = grid.geometry.offsets
    if offsets.count > 1, let first = offsets.first, let last = offsets.last {
      parts.append(abs(last - first) / Double(offsets.count - 1))
    }
    return parts.map(DoseText.gray).joined(separator: " x ") + " mm"
  }

  // MARK: Words

  private var rows: [ReviewContent.Row] {
    let course = prepared.course
    let scan = course.scan
    let patient = scan.patient
    var rows: [ReviewContent.Row] = [
      .init("Patient", patient.id ?? ""),
      .init(
        "Name, born, sex",
        [
          patient.name.map(Self.name),
          patient.birthDate.map(Self.day), patient.sex,
        ].compactMap(\.self).joined(separator: ", ")),
      .init(
        "Scan",
        "\(scan.modality), \(scan.slices.count) slice\(scan.slices.count == 1 ? "" : "s"), \(scan.date?.iso ?? "no date")"
          + (scan.description.map { ", \($0)" } ?? "")),
    ]
    rows += CourseRows.plansAndDoses(of: course, facts, unit: unit)
    rows += [
      .init(
        "Targets",
        facts.targets.map { "\($0.name): \(DoseText.gray($0.deliveredGy)) \(unit)" }
          .joined(separator: ", ")),
      .init("Fractions", "\(facts.fractionsDelivered) of \(facts.fractionsPlanned)"),
      .init("Last fraction", facts.completed.iso),
    ]
    switch facts.evidence {
    case .records(let count):
      rows.append(.init("Evidence", "\(count) RT treatment record\(count == 1 ? "" : "s")"))
    case .summary: rows.append(.init("Evidence", "RT Treatment Summary Record"))
    case .courseSummary: rows.append(.init("Evidence", "Course Summary of the record system"))
    case .attested: rows.append(.init("Evidence", "none; the reviewer's word"))
    }
    rows.append(.init("Registration", registration))
    rows += furtherSeries.map { .init("Further series", $0) }
    return rows
  }

  private var registration: String {
    guard let registration = join.registration else {
      return "none needed: dose and scan share the frame of reference"
    }
    var text = join.kind.rawValue
    if let label = registration.label { text += " (\(label))" }
    text += ", made by \(registration.creator.map(Self.name) ?? "nobody named")"
    text += " on \(registration.contentDate.map(Self.day) ?? "no date")"
    let hottest = grid.maximum.position
    if let moved = join.toScan(hottest) {
      let shift = moved - hottest
      text +=
        "; moves the hottest point by \([shift.x, shift.y, shift.z].map(DoseText.gray).joined(separator: ", ")) mm"
    }
    return text
  }

  /// A person's name without the signs between its parts.
  private static func name(_ stored: String) -> String {
    stored.replacing("=", with: " = ").split(separator: "^").joined(separator: " ")
  }

  private static func day(_ date: String) -> String {
    guard date.count == 8, date.allSatisfy(\.isNumber) else { return date }
    return "\(date.prefix(4))-\(date.dropFirst(4).prefix(2))-\(date.suffix(2))"
  }
}

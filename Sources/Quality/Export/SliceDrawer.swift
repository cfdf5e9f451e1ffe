import DICOM
import DoseMap
import Geometry
import Radiotherapy

/// Draws the pictures of one series: the course's words and numbers in the drawing's terms.
struct SliceDrawer: Sendable {
  private let renderer: MapRenderer
  private let planes: [ImagePlane]
  /// As people call what is drawn: `slice`.
  private let pictureName: String
  private let locator: MapLocator?
  private let outlines: StructureOutlines
  /// Where the highest dose is to be marked; `nil` for nowhere.
  private let maximum: MaximumPlace?
  /// Characters of targets' and structures' names that the font lacks: others wrote the names, so
  /// they are drawn with `?` and warned of.
  private let strange: [Character]

  struct Drawn: Sendable {
    let slice: DrawnSlice
    /// The highest dose on the slice at pixel centres, Gy; `nil` where none is known.
    let maximumGy: Double?
    let checks: [Check]

    var image: RGBImage { slice.image }
    /// Highest dose first, in pixels of the image.
    var lines: [LevelLines] { slice.levels }
  }

  init(
    prepared: PreparedMap, facts: CourseFacts, join: FrameJoin, factor: Int,
    isScanLossy: Bool, planes: [ImagePlane], pictureName: String, locator: MapLocator?,
    title: String, notes: [String]
  ) throws(ExportError) {
    self.planes = planes
    self.pictureName = pictureName
    self.locator = locator
    let settings = prepared.settings
    guard let dose = prepared.dose, let field = dose.field else { throw .blocked(prepared.checks) }
    outlines = try StructureOutlines(
      settings.structures, of: prepared.course, on: planes, beside: prepared.levels)
    maximum = settings.marksMaximum ? MaximumPlace(dose.maximum, on: planes) : nil
    let names = prepared.levels.flatMap { $0.targets ?? [] } + outlines.structures.map(\.name)
    strange = Lettering.missing(in: names.joined())
    do {
      let design = try MapDesign(
        levels: prepared.levels, lineStyle: facts.isPrior ? .dashed : .solid, scale: factor,
        text: Self.text(
          prepared, facts, join, isScanLossy: isScanLossy, title: title, notes: notes),
        maximum: dose.maximum.gray, wash: settings.wash, structures: outlines.structures)
      renderer = MapRenderer(field: field, design: design)
    } catch { throw .drawing(error) }
  }

  private static func text(
    _ prepared: PreparedMap, _ facts: CourseFacts, _ join: FrameJoin, isScanLossy: Bool,
    title: String, notes: [String]
  ) -> MapText {
    var alerts: [String] = []
    if facts.isPrior, let date = prepared.course.scan.date {
      let kind =
        join.kind == .sameFrame ? "same frame of reference" : "\(join.kind.rawValue) registration"
      alerts.append(
        "PRIOR RT, \(Interval.words(from: facts.completed, to: date)) before this scan, \(kind); lines may be off by millimetres, anatomy may have changed"
      )
    }
    if join.isDeformable {
      alerts.append("DEFORMABLE REGISTRATION: lines may be off where anatomy was bent")
    }
    let words = SumWords(prepared, facts)
    alerts += words.stoppedEarly
    for check in prepared.checks.overridable {
      alerts.append("QA OVERRIDE: \(check.id.rawValue)")
    }
    if let check = prepared.checks.first(where: { $0.id == .geometryFrame }),
      check.status == .warning
    {
      alerts.append("REGISTRATION NOT RECORDED")
    }
    if let check = prepared.checks.first(where: { $0.id == .geometryOverlap }),
      check.status == .warning
    {
      alerts.append(check.detail)
    }
    return MapText(
      title: title, unit: facts.isRBE ? "Gy(RBE)" : "Gy",
      fractions: facts.fractionsDelivered,
      quantity: facts.isRBE ? "RBE-weighted dose, not EQD2" : "physical dose, not EQD2",
      remarks: words.remarks, alerts: alerts,
      notes: [MapText.notForDiagnosis, words.otherRadiation]
        + notes + (isScanLossy ? ["scan was lossy compressed"] : []),
      ended: MapText.ended(
        year: facts.completed.year, month: facts.completed.month, day: facts.completed.day),
      contact: prepared.settings.contact)
  }

  /// Draws a picture and looks at the result.
  func draw(_ index: Int, grey: [UInt8]) throws(ExportError) -> Drawn {
    do {
      let drawn = try renderer.draw(
        MapSlice(
          number: index + 1, count: planes.count, plane: planes[index], pixels: grey,
          locator: locator, structures: outlines.lines[index],
          maximum: maximum.flatMap { $0.slice == index ? $0.mark : nil }))
      return Drawn(
        slice: drawn, maximumGy: drawn.maximum,
        checks: checks(drawn, number: index + 1))
    } catch { throw .drawing(error) }
  }

  /// What the contact sheet says of a slice; `nil` where the dose reaches no level.
  func contactEntry(of drawn: Drawn, _ index: Int) -> ContactSheet.Entry? {
    guard let maximum = drawn.maximumGy, let lowest = renderer.design.levels.last?.gray,
      maximum >= lowest
    else { return nil }
    let letters = OrientationLetters(planes[index])
    return ContactSheet.Entry(
      number: index + 1, maximumGy: maximum, left: letters.left, right: letters.right)
  }

  /// A slice made small for the contact sheet.
  func thumbnail(of drawn: Drawn, grey: [UInt8], plan: ContactPlan) -> RGBImage {
    renderer.thumbnail(
      of: drawn.slice, pixels: grey, part: plan.part, rows: plan.rows, columns: plan.columns)
  }

  /// What stands above the slices on the contact sheet.
  var contactHead: ContactSheet.Head {
    let design = renderer.design
    var legend = MapLegend(of: design)
    // Its pictures have lines and no tint.
    legend.remarks.removeAll { $0.hasPrefix("tint") }
    return ContactSheet.Head(
      title: design.text.title, legend: legend, notes: design.text.alerts + design.text.notes,
      unit: design.text.unit)
  }

  private func checks(_ drawn: DrawnSlice, number: Int) -> [Check] {
    func verdict(_ id: CheckID, _ verdict: RenderChecks.Verdict) -> Check {
      verdict.holds
        ? .pass(id, verdict.detail) : .blocked(id, "\(pictureName) \(number): \(verdict.detail)")
    }
    var checks = [
      verdict(.renderBackground, drawn.checks.background),
      verdict(.renderLines, drawn.checks.lines),
    ]
    if let missing = drawn.missingCharacters.first(where: { !strange.contains($0) }) {
      checks.append(
        .blocked(
          .renderLettering, "the font has no '\(missing)'; choose other words for label or contact")
      )
    } else if drawn.checks.lettering.holds, !drawn.missingCharacters.isEmpty {
      checks.append(
        .warning(
          .renderLettering,
          "the font has no \(drawn.missingCharacters.map { "'\($0)'" }.joined(separator: ", ")); the names of targets or structures are drawn with ? there"
        ))
    } else {
      checks.append(verdict(.renderLettering, drawn.checks.lettering))
    }
    return checks
  }

  /// The words on the pictures.
  var text: MapText { renderer.design.text }

  /// What the legend says of the lines alone, without tint and structures.
  func lineLegend() throws(ExportError) -> MapLegend {
    let design = renderer.design
    do {
      return MapLegend(
        of: try MapDesign(
          levels: design.levels, lineStyle: design.lineStyle, scale: design.scale,
          text: design.text, maximum: design.maximum))
    } catch { throw .drawing(error) }
  }

  /// The dose as it is drawn.
  var field: DoseField { renderer.field }
}

/// How long after the last fraction a scan was made, in words.
enum Interval {
  static func words(from first: CalendarDate, to second: CalendarDate) -> String {
    let days = second.dayNumber - first.dayNumber
    func plural(_ count: Int, _ unit: String) -> String {
      "\(count) \(unit)\(count == 1 ? "" : "s")"
    }
    if days < 14 { return plural(days, "day") }
    if days < 61 { return plural(days / 7, "week") }
    var months = (second.year - first.year) * 12 + second.month - first.month
    if second.day < first.day { months -= 1 }
    return months < 24 ? plural(months, "month") : plural(months / 12, "year")
  }
}

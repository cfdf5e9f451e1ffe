import DoseMap
import Geometry
import JSON
import Radiotherapy

extension DoseCommand {
  /// What is said of a sum at a point: the whole, then each part.
  struct SumReport: DoseReport {
    struct Part {
      /// Label of the part's plan.
      let plan: String?
      let report: Report
      let isZeroBeyond: Bool

      /// What the part adds, Gy; `nil` where it is unknown.
      var gray: Double? { report.probe?.gray ?? (isZeroBeyond ? 0 : nil) }
    }

    let sum: DoseSum
    let point: PatientPoint
    let frame: String?
    let parts: [Part]

    /// Known where every part is, and one at least is not beyond its grid.
    var gray: Double? {
      guard parts.contains(where: { $0.report.probe?.gray != nil }) else { return nil }
      var sum = 0.0
      for part in parts {
        guard let gray = part.gray else { return nil }
        sum += gray
      }
      return sum
    }

    var lines: [String] {
      var lines = [
        gray.map { "Sum       \(Report.short($0)) Gy, of \(parts.count) doses (\(sum.rawValue))" }
          ?? "Sum       unknown: a part of it is not known at this point"
      ]
      for (index, part) in parts.enumerated() {
        lines.append("")
        lines.append("Part \(index + 1)    " + (part.plan.map { "plan \($0)" } ?? "no plan"))
        if part.report.probe?.gray == nil, part.isZeroBeyond {
          lines.append("Adds      0 Gy: beyond its grid, at whose edge it is below 1 % of its Rx")
        }
        lines += part.report.lines
      }
      return lines
    }

    var document: JSON {
      [
        "doseGy": JSON(gray), "sum": .string(sum.rawValue),
        "point": JSON([point.x, point.y, point.z]), "frameOfReferenceUID": JSON(frame),
        "parts": .array(
          parts.map { part in
            [
              "plan": JSON(part.plan), "addsGy": JSON(part.gray),
              "isZeroBeyondGrid": .bool(part.isZeroBeyond), "probe": part.report.document,
            ]
          }),
      ]
    }
  }
}

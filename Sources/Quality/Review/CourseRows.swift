import DICOM
import DoseMap
import Geometry
import Radiotherapy

/// The plans and doses of a course in words, for the review page.
enum CourseRows {
  static func plansAndDoses(
    of course: Course, _ facts: CourseFacts, unit: String
  ) -> [ReviewContent.Row] {
    var rows: [ReviewContent.Row] = []
    switch course.request.sum {
    case .sequential:
      rows.append(
        .init("Sum", "plans of one target, one after the other: doses and fractions add up"))
    case .concurrent:
      rows.append(.init("Sum", "plans of other targets or isocentres, in the same sessions"))
    case .beams: rows.append(.init("Sum", "all parts of the plan"))
    case nil: break
    }
    for (plan, own) in zip(course.plans, facts.plans) {
      var words = [plan.plan?.label, plan.plan?.approval?.lowercased()]
      if course.isOfSeveralPlans {
        words.append("\(DoseText.gray(own.highestGy * own.share)) \(unit)")
        words.append("\(own.fractionsDelivered) of \(own.fractionsPlanned) fractions")
        words.append("last \(own.completed.iso)")
      }
      rows.append(.init("Plan", words.compactMap(\.self).joined(separator: ", ")))
      for dose in plan.doses {
        rows.append(
          .init(
            "Dose",
            [
              dose.type?.lowercased(), dose.summation.map { "summed over \($0)" },
              (try? dose.geometry.get()).map(grid),
              own.doseFactor == 1 ? nil : "planned dose times \(DoseText.gray(own.doseFactor))",
            ].compactMap(\.self).joined(separator: ", ")))
      }
    }
    return rows
  }

  private static func grid(_ geometry: GridGeometry) -> String {
    let plane = geometry.plane
    var spacing = [plane.columnSpacing, plane.rowSpacing]
    let offsets = geometry.offsets
    if offsets.count > 1, let first = offsets.first, let last = offsets.last {
      spacing.append(abs(last - first) / Double(offsets.count - 1))
    }
    return
      "grid \(plane.columns) x \(plane.rows) x \(offsets.count), \(spacing.map(DoseText.gray).joined(separator: " x ")) mm"
  }
}

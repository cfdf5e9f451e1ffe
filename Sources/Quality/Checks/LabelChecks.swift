import DICOM
import DoseMap
import Radiotherapy

/// Whether the label has its form and says what happened.
enum LabelChecks {
  static func form(_ facts: CourseFacts) -> Check {
    let text = facts.label.text
    guard VR.LO.permits(text) else {
      return .blocked(
        .labelForm,
        "'\(text.prefix(80))' has \(text.unicodeScalars.count) characters or illegal ones; a series description has at most 64"
      )
    }
    let essential = facts.label.essential
    guard essential.count <= CourseLabel.visibleCount else {
      return .blocked(
        .labelForm,
        "dose and fractions end at character \(essential.count) of '\(text)'; worklists show \(CourseLabel.visibleCount): configure a shorter label.template"
      )
    }
    return .pass(.labelForm, text)
  }

  static func facts(_ course: Course, _ facts: CourseFacts) -> Check {
    let label = facts.label
    guard let said = Said(course, facts), abs(said.gray - label.doseGy) < 0.005,
      said.last == label.completed, said.fractions == label.fractions
    else {
      return .blocked(.labelFacts, "\(label.text) is not what plan and records say")
    }
    return .pass(
      .labelFacts,
      "\(DoseText.gray(label.doseGy)) Gy in \(label.fractions) fraction\(label.fractions == 1 ? "" : "s") until \(label.completed.iso), as plan and records say"
    )
  }

  /// What plans and records say, read once more and in another way than for the label.
  private struct Said {
    let gray: Double
    let fractions: Int
    let last: CalendarDate

    init?(_ course: Course, _ facts: CourseFacts) {
      var grays: [Double] = []
      var fractions: [Int] = []
      var dates: [CalendarDate] = []
      for (plan, own) in zip(course.plans, facts.plans) {
        let known = plan.plan?.targets.compactMap(\.doseGy).max() ?? 0
        guard let gray = known > 0 ? known : own.targets.first?.doseGy else { return nil }
        grays.append(gray * own.share)
        if let delivered = plan.delivered, let last = delivered.last {
          fractions.append(
            plan.isDoseOfRecords ? delivered.fractions.count : delivered.wholeFractions)
          dates.append(last)
        } else if let said = plan.summary?.completion {
          fractions.append(said.fractions)
          dates.append(said.date)
        } else {
          guard let date = course.request.completed else { return nil }
          fractions.append(own.fractionsDelivered)
          dates.append(date)
        }
      }
      guard let last = dates.max(), let highest = grays.max(),
        let leading = grays.firstIndex(of: highest)
      else { return nil }
      self.last = last
      if course.request.sum == .sequential {
        // Never more than all plans together give, nor less than one of them does.
        gray = facts.targets.first?.deliveredGy ?? 0
        guard gray <= grays.reduce(0, +) + 0.005, gray >= highest - 0.005 else { return nil }
        self.fractions = fractions.reduce(0, +)
      } else {
        gray = highest
        self.fractions = fractions[leading]
      }
    }
  }
}

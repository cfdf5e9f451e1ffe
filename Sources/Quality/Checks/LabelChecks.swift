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
    return .pass(.labelForm, text)
  }

  static func facts(_ course: Course, _ facts: CourseFacts) -> Check {
    let label = facts.label
    let highest = course.plan?.targets.compactMap(\.doseGy).max() ?? course.request.prescriptionGy
    let last =
      course.delivered?.last ?? course.summary?.completion?.date ?? course.request.completed
    let fractions =
      course.delivered?.wholeFractions ?? course.summary?.completion?.fractions
      ?? course.request.fractions
    guard let highest, abs(highest * facts.factor - label.doseGy) < 0.005,
      last == label.completed, fractions == label.fractions
    else {
      return .blocked(.labelFacts, "\(label.text) is not what plan and records say")
    }
    return .pass(
      .labelFacts,
      "\(DoseText.gray(label.doseGy)) Gy in \(label.fractions) fraction\(label.fractions == 1 ? "" : "s") until \(label.completed.iso), as plan and records say"
    )
  }
}

import DICOM
import DoseMap
import Radiotherapy

/// A record system's treatment summary against the course's plans and records; `nil`: nothing
/// against it, or there is none.
enum ToldChecks {
  /// How far the delivered dose may be from its share of the prescription.
  private static let doseTolerance = 0.1

  static func complete(_ course: Course) -> Check? {
    let id = CheckID.treatmentComplete
    guard let told = course.request.told else { return nil }
    if let patient = told.patientID, let own = course.dose.identity.patient.id, patient != own {
      return .blocked(
        id, "the Course Summary is of another patient (\(patient)); give that of this one")
    }
    guard told.status == "completed" else {
      return .blocked(
        id,
        "the Course Summary says \(told.status), not completed; wait for the end, or leave it out")
    }
    for part in course.plans where told.plan(part.plan) == nil {
      return .blocked(
        id, "the Course Summary does not tell of plan \(part.name); is it that of this course?")
    }
    return nil
  }

  static func fractions(_ course: Course, _ part: CoursePlan) -> Check? {
    let id = CheckID.treatmentFractions
    guard let told = course.request.told?.plan(part.plan) else { return nil }
    guard let said = told.fractions else {
      return .blocked(id, "the Course Summary does not say how many fractions of \(part.name)")
    }
    if let counted = part.delivered?.wholeFractions, counted != said {
      return .blocked(
        id,
        "the Course Summary says \(said) fractions delivered, the records show \(counted) whole ones"
      )
    }
    if part.delivered == nil, let summed = part.summary?.delivered, summed != said {
      return .blocked(
        id,
        "the Course Summary says \(said) fractions delivered, the treatment summary record \(summed)"
      )
    }
    let prescribed = (part.plan?.targets ?? []).compactMap(\.doseGy).max()
    if let dose = told.doseGy, let prescribed, let planned = part.plan?.fractionsPlanned {
      let expected = prescribed * Double(said) / Double(planned)
      guard abs(dose - expected) <= doseTolerance * expected else {
        return .blocked(
          id,
          "the Course Summary says \(DoseText.gray(dose)) Gy delivered of plan \(part.name), \(DoseText.gray(expected)) Gy expected from prescription and fractions"
        )
      }
    }
    return nil
  }

  static func dates(_ course: Course, _ part: CoursePlan) -> Check? {
    let id = CheckID.treatmentDates
    guard let told = course.request.told?.plan(part.plan) else { return nil }
    guard let last = told.last else {
      return .blocked(id, "the Course Summary does not say when plan \(part.name) ended")
    }
    if let counted = part.delivered?.last ?? part.summary?.last, counted != last {
      return .blocked(
        id, "the Course Summary ends \(last.iso), the records \(counted.iso); which is right?")
    }
    if let first = told.first, let counted = part.delivered?.first, counted != first {
      return .blocked(
        id, "the Course Summary begins \(first.iso), the records \(counted.iso); which is right?")
    }
    return nil
  }
}

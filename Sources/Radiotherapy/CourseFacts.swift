package import DICOM

/// What a map says in numbers: computed from plan, records and request, the same for label,
/// legend, checks and confirmation.
package struct CourseFacts: Sendable {
  package struct Target: Hashable, Sendable {
    package let name: String
    /// Gy over all fractions that were planned.
    package let doseGy: Double
  }

  package enum Evidence: Hashable, Sendable {
    /// So many treatment records.
    case records(Int)
    /// A treatment summary record that says the treatment has ended.
    case summary
    /// A person's word, to be repeated in the confirmation.
    case attested
  }

  /// The prescribed targets, highest dose first.
  package let targets: [Target]
  /// Whether the prescription is a person's word rather than the plan's.
  package let isPrescriptionAttested: Bool
  package let fractionsPlanned: Int
  package let fractionsDelivered: Int
  package let completed: CalendarDate
  package let evidence: Evidence
  /// What the planned dose is multiplied with: 1, or delivered / planned fractions.
  package let factor: Double
  /// Whether doses are biologically weighted: `Gy(RBE)`.
  package let isRBE: Bool
  package let isPrior: Bool
  package let label: CourseLabel

  /// The highest prescribed dose as delivered, Gy.
  package var prescriptionGy: Double { (targets.first?.doseGy ?? 0) * factor }
  package var plannedPrescriptionGy: Double { targets.first?.doseGy ?? 0 }

  /// Why there are no facts: each belongs to a check that says so.
  package enum Missing: Error, Equatable {
    case plan
    case prescription
    case completion
    case fractionsPlanned
    case scanDate
  }

  package init(of course: Course) throws(Missing) {
    guard let plan = course.plan else { throw .plan }
    var targets: [Target] = []
    for (index, target) in plan.targets.enumerated() {
      guard let dose = target.doseGy, dose > 0 else { continue }
      let roi = target.roiNumber.flatMap { number in
        course.structureSet?.regions.first { $0.number == number }?.name
      }
      targets.append(
        Target(name: roi ?? target.name ?? "target \(target.number ?? index + 1)", doseGy: dose))
    }
    isPrescriptionAttested = targets.isEmpty && course.request.prescriptionGy != nil
    if targets.isEmpty, let dose = course.request.prescriptionGy {
      targets = [Target(name: "prescription", doseGy: dose)]
    }
    guard !targets.isEmpty else { throw .prescription }
    self.targets = targets.enumerated().sorted {
      $0.element.doseGy != $1.element.doseGy
        ? $0.element.doseGy > $1.element.doseGy : $0.offset < $1.offset
    }.map(\.element)
    guard let planned = plan.fractionsPlanned else { throw .fractionsPlanned }
    fractionsPlanned = planned
    if let delivered = course.delivered, let last = delivered.last {
      fractionsDelivered = delivered.wholeFractions
      completed = last
      evidence = .records(course.records.count)
    } else if let said = course.summary?.completion {
      fractionsDelivered = said.fractions
      completed = said.date
      evidence = .summary
    } else if let date = course.request.completed, let fractions = course.request.fractions {
      fractionsDelivered = fractions
      completed = date
      evidence = .attested
    } else {
      throw .completion
    }
    factor =
      course.request.isStoppedEarly && fractionsDelivered < planned
      ? Double(fractionsDelivered) / Double(planned) : 1
    isRBE = course.dose.type == "EFFECTIVE" && plan.isIon
    if let scanDate = course.scan.date {
      isPrior = scanDate > completed
    } else if let said = course.request.isPrior {
      isPrior = said
    } else {
      throw .scanDate
    }
    label = CourseLabel(
      doseGy: (self.targets.first?.doseGy ?? 0) * factor, isRBE: isRBE,
      fractions: fractionsDelivered, completed: completed, isPrior: isPrior,
      dateFormat: course.request.dateFormat)
  }
}

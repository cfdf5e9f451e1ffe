package import DICOM

/// What a map says in numbers: computed from plans, records and request, the same for label,
/// legend, checks and confirmation.
package struct CourseFacts: Sendable {
  /// A target of the whole course.
  package struct Target: Sendable {
    package let name: String
    /// Gy over all fractions that were planned.
    package let doseGy: Double
    /// Gy as delivered.
    package let deliveredGy: Double
    /// The delivered fractions of the plans that treat it.
    package let fractions: Int
    /// The contours that are meant, where the plan's structure set is there.
    package let region: StructureSet.Region?
  }

  package enum Evidence: Hashable, Sendable {
    /// So many treatment records.
    case records(Int)
    /// A treatment summary record that says the treatment has ended.
    case summary
    /// A Course Summary of the record system with status completed.
    case courseSummary
    /// A person's word, to be repeated in the confirmation.
    case attested
  }

  /// Each plan by itself, in the order of the course's.
  package let plans: [PlanFacts]
  /// The prescribed targets, highest dose first.
  package let targets: [Target]
  /// Targets of a sum of which nobody can say what they got: in which earlier one they lie is not
  /// written anywhere.
  package let unplacedTargets: [String]
  /// Whether the prescription is a person's word rather than the plan's.
  package let isPrescriptionAttested: Bool
  package let fractionsPlanned: Int
  package let fractionsDelivered: Int
  package let completed: CalendarDate
  package let evidence: Evidence
  /// What a planned dose of the highest target is multiplied with: 1, or less where something was
  /// stopped early.
  package let factor: Double
  /// Whether doses are biologically weighted: `Gy(RBE)`.
  package let isRBE: Bool
  package let isPrior: Bool
  package let label: CourseLabel

  /// The highest prescribed dose as delivered, Gy.
  package var prescriptionGy: Double { targets.first?.deliveredGy ?? 0 }
  package var plannedPrescriptionGy: Double { targets.first?.doseGy ?? 0 }

  /// Why there are no facts: each belongs to a check that says so.
  package enum Missing: Error, Equatable {
    case plan
    case prescription
    /// The prescription that was given leaves nothing for a plan that prescribes none itself.
    case prescriptionTooLow
    case completion
    case fractionsPlanned
    /// Several plans without records share fractions, and nobody said how.
    case fractionsUnshared
    case scanDate
  }

  package init(of course: Course) throws(Missing) {
    guard course.plans.allSatisfy({ $0.plan != nil }) else { throw .plan }
    let prescribed = try SummedPrescription.prescribed(by: course)
    for plan in course.plans where plan.plan?.fractionsPlanned == nil { throw .fractionsPlanned }
    let deliveries = try PlanFacts.deliveries(of: course)
    var plans: [PlanFacts] = []
    for (index, plan) in course.plans.enumerated() {
      plans.append(
        try PlanFacts(
          of: plan, delivery: deliveries[index], targets: prescribed[index].targets,
          isAttested: prescribed[index].isAttested, request: course.request))
    }
    self.plans = plans
    isPrescriptionAttested = plans.contains(where: \.isPrescriptionAttested)
    let summed = SummedPrescription(plans, sum: course.request.sum)
    targets = summed.targets
    unplacedTargets = summed.unplaced
    guard let highest = summed.targets.first else { throw .prescription }
    if course.request.sum == .sequential {
      fractionsPlanned = plans.map(\.fractionsPlanned).reduce(0, +)
      fractionsDelivered = plans.map(\.fractionsDelivered).reduce(0, +)
    } else {
      // In the same sessions: those of the plan that gives the highest dose.
      let leading = plans[summed.leadingPlan]
      fractionsPlanned = leading.fractionsPlanned
      fractionsDelivered = leading.fractionsDelivered
    }
    completed = plans.map(\.completed).max() ?? plans[0].completed
    let records = plans.map { plan in
      if case .records(let count) = plan.evidence { count } else { 0 }
    }
    // The weakest counts for the whole.
    evidence =
      plans.contains { $0.evidence == .attested }
      ? .attested
      : plans.contains { $0.evidence == .courseSummary }
        ? .courseSummary
        : plans.contains { $0.evidence == .summary } ? .summary : .records(records.reduce(0, +))
    factor =
      plans.count == 1 ? plans[0].share : highest.deliveredGy / highest.doseGy
    isRBE =
      course.dose.type == "EFFECTIVE" && course.plans.allSatisfy { $0.plan?.isIon ?? false }
    if let scanDate = course.scan.date {
      isPrior = scanDate > completed
    } else if let said = course.request.isPrior {
      isPrior = said
    } else {
      throw .scanDate
    }
    label = CourseLabel(
      doseGy: highest.deliveredGy, isRBE: isRBE, fractions: fractionsDelivered,
      completed: completed, isPrior: isPrior, dateFormat: course.request.dateFormat,
      template: course.request.labelTemplate)
  }
}

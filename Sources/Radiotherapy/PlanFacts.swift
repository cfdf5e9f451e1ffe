package import DICOM

/// What one plan of a course was to give, and gave.
package struct PlanFacts: Sendable {
  /// What messages call the plan.
  package let name: String
  /// What the plan prescribes, in its own order; of a plan that prescribes nothing what was said.
  package let targets: [PlanTarget]
  /// Whether the prescription is a person's word rather than the plan's.
  package let isPrescriptionAttested: Bool
  package let fractionsPlanned: Int
  package let fractionsDelivered: Int
  package let completed: CalendarDate
  package let evidence: CourseFacts.Evidence
  /// The delivered share of what was planned: 1, or less where the plan was stopped early.
  package let share: Double
  /// What the dose of the file is multiplied with.
  ///
  /// The share, or 1 where the dose is that of the treatment records: it is what was delivered.
  package let doseFactor: Double

  /// The highest prescribed dose as planned, Gy.
  package var highestGy: Double { targets.map(\.doseGy).max() ?? 0 }
}

/// A target as one plan prescribes it.
package struct PlanTarget: Sendable {
  package let name: String
  /// Gy over all fractions that the plan plans.
  package let doseGy: Double
  /// The contours that are meant, where the plan's structure set is there.
  package let region: StructureSet.Region?
}

extension PlanFacts {
  /// How many fractions of each plan were delivered, and how that is known.
  struct Delivery {
    var fractions: Int
    var completed: CalendarDate
    var evidence: CourseFacts.Evidence
  }

  init(
    of plan: CoursePlan, delivery: Delivery, targets: [PlanTarget], isAttested: Bool,
    request: CourseRequest
  ) throws(CourseFacts.Missing) {
    guard let planned = plan.plan?.fractionsPlanned else { throw .fractionsPlanned }
    name = plan.name
    self.targets = targets
    isPrescriptionAttested = isAttested
    fractionsPlanned = planned
    fractionsDelivered = delivery.fractions
    completed = delivery.completed
    evidence = delivery.evidence
    var share = 1.0
    if request.isStoppedEarly, let delivered = plan.delivered, plan.isDoseOfRecords {
      share = min(1, delivered.equivalentFractions / Double(planned))
    } else if request.isStoppedEarly, delivery.fractions < planned {
      share = Double(delivery.fractions) / Double(planned)
    }
    // Nothing delivered is refused by the checks; a dose of nothing has no lines.
    self.share = share > 0 ? share : 1
    doseFactor = plan.isDoseOfRecords ? 1 : self.share
  }

  /// The targets that a plan prescribes a dose to.
  static func targets(of plan: CoursePlan) -> [PlanTarget] {
    (plan.plan?.targets ?? []).enumerated().compactMap { index, target in
      guard let dose = target.doseGy, dose > 0 else { return nil }
      let region = target.roiNumber.flatMap { number in
        plan.structureSet?.regions.first { $0.number == number }
      }
      return PlanTarget(
        name: region?.name ?? target.name ?? "target \(target.number ?? index + 1)",
        doseGy: dose, region: region)
    }
  }

  /// What was delivered of each plan: by its records, else by its summary, else by the request's word.
  ///
  /// The request speaks of the course: of plans one after the other what the records do not show
  /// belongs to the plan that has none; plans of the same sessions have the same fractions.
  static func deliveries(of course: Course) throws(CourseFacts.Missing) -> [Delivery] {
    let recorded = course.plans.map { plan -> Delivery? in
      guard let delivered = plan.delivered, let last = delivered.last else {
        if let completion = plan.summary?.completion {
          return Delivery(
            fractions: completion.fractions, completed: completion.date, evidence: .summary)
        }
        let told = course.request.told
        guard told?.status == "completed", let own = told?.plan(plan.plan),
          let fractions = own.fractions, fractions > 0, let last = own.last
        else { return nil }
        return Delivery(fractions: fractions, completed: last, evidence: .courseSummary)
      }
      return Delivery(
        fractions: plan.isDoseOfRecords ? delivered.fractions.count : delivered.wholeFractions,
        completed: last, evidence: .records(plan.records.count))
    }
    let open = recorded.indices.filter { recorded[$0] == nil }
    if open.isEmpty { return recorded.compactMap(\.self) }
    guard let date = course.request.completed, let fractions = course.request.fractions else {
      throw .completion
    }
    var said = open.map { _ in fractions }
    if course.request.sum == .sequential {
      let rest = fractions - recorded.compactMap { $0?.fractions }.reduce(0, +)
      let planned = open.map { course.plans[$0].plan?.fractionsPlanned ?? 0 }
      if open.count == 1 {
        said = [rest]
      } else if planned.reduce(0, +) == rest {
        said = planned
      } else {
        throw .fractionsUnshared
      }
    }
    return recorded.enumerated().map { index, delivery in
      delivery
        ?? Delivery(
          fractions: open.firstIndex(of: index).map { said[$0] } ?? fractions, completed: date,
          evidence: .attested)
    }
  }
}

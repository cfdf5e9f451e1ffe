/// A phase of a course and the plans that were treated in it.
struct CoursePhase {
  let id: String
  let name: String
  /// Indices of plans, in the order in which they were begun.
  let plans: [Int]
  /// Whether the plans are treated in the same sessions.
  let isConcurrent: Bool
  let prescription: SummaryDetails.Prescription?
  let scheduled: TreatmentSummary.Period?

  /// The phases as they were said; else each plan is one.
  ///
  /// - Parameter replaced: which plan stands in for which: UIDs.
  static func all(
    of plans: [PlanCourse], replaced: [String: String], _ details: SummaryDetails
  ) throws(SummaryError) -> [CoursePhase] {
    let phases =
      details.phases.isEmpty
      ? unsaid(plans, replaced) : try said(details.phases, plans)
    if phases.count > 1, let prescription = details.prescription,
      prescription.fractions != nil || !prescription.doses.isEmpty
    {
      throw .phases(
        "there are \(phases.count), and prescription does not say whose fractions and dosesGy it has; write them under phases[].prescription"
      )
    }
    return phases
  }

  /// A plan that stands in for another one goes on with its phase.
  private static func unsaid(
    _ plans: [PlanCourse], _ replaced: [String: String]
  ) -> [CoursePhase] {
    var phases: [[Int]] = []
    for (index, plan) in plans.enumerated() {
      let old = replaced[plan.uid]
      if let place = phases.firstIndex(where: { $0.contains { plans[$0].uid == old } }) {
        phases[place].append(index)
      } else {
        phases.append([index])
      }
    }
    return phases.enumerated().map { index, plans in
      CoursePhase(
        id: "\(index + 1)", name: "\(index + 1)", plans: plans, isConcurrent: false,
        prescription: nil, scheduled: nil)
    }
  }

  private static func said(
    _ phases: [SummaryDetails.Phase], _ plans: [PlanCourse]
  ) throws(SummaryError) -> [CoursePhase] {
    var taken: Set<Int> = []
    var found: [CoursePhase] = []
    for said in phases {
      guard !found.contains(where: { $0.id == said.id }) else {
        throw .phases("'\(said.id)' stands there twice")
      }
      var own: [Int] = []
      for name in said.plans {
        let plan = try CoursePlans.plan(name, among: plans)
        guard let index = plans.firstIndex(where: { $0.uid == plan.uid }),
          taken.insert(index).inserted
        else { throw .phases("plan \(name) is in two phases") }
        own.append(index)
      }
      found.append(
        CoursePhase(
          id: said.id, name: said.name, plans: own.sorted(), isConcurrent: said.isConcurrent,
          prescription: said.prescription, scheduled: said.scheduled))
    }
    if let left = plans.indices.first(where: { !taken.contains($0) }) {
      throw .phases("plan \(plans[left].name) is in none of them")
    }
    return found
  }
}

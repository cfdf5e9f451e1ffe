/// The doses that are added up for one map.
package enum DoseSum: String, Sendable {
  /// The beam doses, or the doses of the fraction groups, of one plan.
  case beams
}

/// Chooses the parts of a sum; whether they are a complete set is for the checks to say.
enum DoseParts {
  private static let kinds = ["BEAM", "FRACTION"]
  private static let whole = ["PLAN", "MULTI_PLAN", "RECORD"]

  /// The beam doses of a plan, in the order of their UIDs.
  static func beams(
    from inventory: Inventory, _ request: CourseRequest
  ) throws(InputError) -> [RTDose] {
    let isOfPlan = { (dose: RTDose) in
      request.plan.map { plan in
        dose.referencedPlans.contains { $0.sopInstanceUID == plan }
      } ?? true
    }
    if let plan = inventory.doses.first(where: {
      whole.contains($0.summation ?? "") && isOfPlan($0)
    }) {
      throw .sum(
        reason:
          "the dose of the whole plan is there (\(plan.identity.fileName)); use it, without --sum")
    }
    let parts = inventory.doses.filter { kinds.contains($0.summation ?? "") && isOfPlan($0) }
      .sorted { $0.identity.sopInstanceUID < $1.identity.sopInstanceUID }
    guard let first = parts.first else {
      throw .sum(reason: "there are no doses of beams or fraction groups to be added")
    }
    let plans = Set(parts.flatMap(\.referencedPlans).map(\.sopInstanceUID)).sorted()
    guard plans.count <= 1 else {
      throw .several(
        .plan, option: "--plan",
        plans.map { uid in
          .init(
            uid: uid,
            description: inventory.plans.first { $0.identity.sopInstanceUID == uid }?.label
              ?? "not among the files")
        })
    }
    guard parts.allSatisfy({ $0.summation == first.summation }) else {
      throw .sum(reason: "doses of beams and of fraction groups cannot be added to one another")
    }
    guard
      parts.allSatisfy({
        $0.identity.frameOfReferenceUID == first.identity.frameOfReferenceUID
      })
    else { throw .sum(reason: "the parts lie in different frames of reference") }
    return parts
  }
}

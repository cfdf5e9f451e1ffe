/// Chooses the doses of a map; whether they may be added is for the checks to say.
package enum DoseParts {
  private static let kinds = ["BEAM", "FRACTION"]
  private static let whole = ["PLAN", "MULTI_PLAN", "RECORD"]

  /// The doses of the map by plan: one dose, one of each plan, or those of a plan's beams.
  package static func chosen(
    from inventory: Inventory, _ request: CourseRequest
  ) throws(InputError) -> [[RTDose]] {
    switch request.sum {
    case .beams: [try beams(from: inventory, request)]
    case .sequential, .concurrent: try plans(from: inventory, request).map { [$0] }
    case nil: [[try single(from: inventory, request)]]
    }
  }

  /// The one dose that is the whole.
  private static func single(
    from inventory: Inventory, _ request: CourseRequest
  ) throws(InputError) -> RTDose {
    if let wanted = request.dose { return try named(wanted, inventory) }
    // Doses of beams lie beside the plan's in many exports; the whole one is meant.
    let wholes = inventory.doses.filter { whole.contains($0.summation ?? "") }
    let candidates = wholes.isEmpty ? inventory.doses : wholes
    guard let dose = candidates.first else { throw .missing(.dose) }
    guard candidates.count == 1 else {
      throw .several(
        .dose, option: "--dose",
        candidates.map { dose in
          let plan = label(of: dose, inventory).map { "of plan \($0), " } ?? ""
          return .init(
            uid: dose.identity.sopInstanceUID,
            description:
              "\(dose.summation ?? "no summation type"), \(plan)\(dose.identity.fileName)")
        })
    }
    return dose
  }

  /// The doses of several plans, in the order of their UIDs.
  ///
  /// Those that were named, else those of all plans, or of the plans that were named.
  private static func plans(
    from inventory: Inventory, _ request: CourseRequest
  ) throws(InputError) -> [RTDose] {
    var parts: [RTDose] = []
    if request.doses.isEmpty {
      for uid in request.plans
      where !inventory.plans.contains(where: { $0.identity.sopInstanceUID == uid }) {
        throw .notFound(.plan, uid: uid)
      }
      parts = inventory.doses.filter { dose in
        whole.contains(dose.summation ?? "")
          && (request.plans.isEmpty
            || dose.referencedPlans.contains { request.plans.contains($0.sopInstanceUID) })
      }
    } else {
      for uid in request.doses { parts.append(try named(uid, inventory)) }
    }
    let count = parts.count
    guard count > 0 else {
      if inventory.doses.isEmpty { throw .missing(.dose) }
      throw .sum(
        reason:
          "no dose of a whole plan is there; export the plans' doses, or add up one plan's beams with --sum beams"
      )
    }
    guard Set(parts.map(\.identity.sopInstanceUID)).count == count else {
      throw .sum(reason: "the same dose is named twice with --dose")
    }
    // The dose of several plans is their sum already: the plans alone are to be put together.
    guard count > 1 || (parts[0].summation == "MULTI_PLAN" && parts[0].referencedPlans.count > 1)
    else {
      throw .sum(
        reason:
          "only one dose is there (\(parts[0].identity.fileName)), nothing to add it to; add the other plans' doses, or leave --sum out"
      )
    }
    return parts.sorted { $0.identity.sopInstanceUID < $1.identity.sopInstanceUID }
  }

  /// The beam doses of a plan, in the order of their UIDs.
  private static func beams(
    from inventory: Inventory, _ request: CourseRequest
  ) throws(InputError) -> [RTDose] {
    let isWanted = { (dose: RTDose) in
      (request.doses.isEmpty || request.doses.contains(dose.identity.sopInstanceUID))
        && (request.plan.map { plan in
          dose.referencedPlans.contains { $0.sopInstanceUID == plan }
        } ?? true)
    }
    for uid in request.doses { _ = try named(uid, inventory) }
    if let plan = inventory.doses.first(where: {
      whole.contains($0.summation ?? "") && isWanted($0)
    }) {
      throw .sum(
        reason:
          "the dose of the whole plan is there (\(plan.identity.fileName)); use it, without --sum")
    }
    let parts = inventory.doses.filter { kinds.contains($0.summation ?? "") && isWanted($0) }
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

  private static func named(
    _ uid: String, _ inventory: Inventory
  ) throws(InputError) -> RTDose {
    guard let dose = inventory.doses.first(where: { $0.identity.sopInstanceUID == uid }) else {
      throw .notFound(.dose, uid: uid)
    }
    return dose
  }

  private static func label(of dose: RTDose, _ inventory: Inventory) -> String? {
    inventory.plans.first { plan in
      dose.referencedPlans.contains { $0.sopInstanceUID == plan.identity.sopInstanceUID }
    }?.label
  }
}

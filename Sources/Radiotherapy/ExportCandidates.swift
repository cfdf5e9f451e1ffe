/// Every export that some files allow: each dose on each scan that it can lie on.
package struct ExportCandidates: Sendable {
  /// Complete requests: nothing is left to choose.
  package let requests: [CourseRequest]
  /// Plans that no dose among the files belongs to.
  package let plansWithoutDose: [RTPlan]
  /// Plans with a whole dose each, of which a map of one would leave the others out.
  package let summablePlans: [RTPlan]

  /// - Parameter request: what somebody chose already.
  package init(in inventory: Inventory, _ request: CourseRequest) {
    requests = Self.doses(in: inventory, request).flatMap { dose, request in
      Self.scans(in: inventory, for: dose, request)
    }
    plansWithoutDose = inventory.plans.filter { plan in
      !inventory.doses.contains { dose in
        dose.referencedPlans.contains { $0.sopInstanceUID == plan.identity.sopInstanceUID }
      }
    }
    summablePlans = Self.summable(in: inventory, request)
  }

  /// Nothing where one dose holds several plans, a sum was asked for, or patients differ.
  private static func summable(in inventory: Inventory, _ request: CourseRequest) -> [RTPlan] {
    guard request.sum == nil, inventory.patients.count == 1,
      !inventory.doses.contains(where: {
        $0.summation == "MULTI_PLAN" && $0.referencedPlans.count > 1
      })
    else { return [] }
    // What was never treated has no dose to be added; without any record nobody can tell.
    let treated = Set(
      inventory.records.flatMap(\.referencedPlans).map(\.sopInstanceUID)
        + inventory.summaries.flatMap(\.referencedPlans).map(\.sopInstanceUID))
    let plans = inventory.plans.filter { plan in
      let uid = plan.identity.sopInstanceUID
      return (treated.isEmpty || treated.contains(uid))
        && inventory.doses.contains { dose in
          ["PLAN", "RECORD"].contains(dose.summation ?? "")
            && dose.referencedPlans.contains { $0.sopInstanceUID == uid }
        }
    }
    return plans.count > 1 ? plans : []
  }

  /// The doses that can be drawn: whole ones; where there are none, a plan's parts together.
  private static func doses(
    in inventory: Inventory, _ request: CourseRequest
  ) -> [(RTDose?, CourseRequest)] {
    if let wanted = request.dose {
      return [(inventory.doses.first { $0.identity.sopInstanceUID == wanted }, request)]
    }
    if request.sum != nil { return [(inventory.doses.first, request)] }
    let isOfPlan = { (dose: RTDose) in
      request.plan.map { plan in
        dose.referencedPlans.contains { $0.sopInstanceUID == plan }
      } ?? true
    }
    let doses = inventory.doses.filter(isOfPlan)
    let whole = doses.filter { ["PLAN", "MULTI_PLAN", "RECORD"].contains($0.summation ?? "") }
    var found: [(RTDose?, CourseRequest)] = []
    func add(_ dose: RTDose) {
      var one = request
      one.dose = dose.identity.sopInstanceUID
      found.append((dose, one))
    }
    if !whole.isEmpty {
      whole.forEach(add)
      return found
    }
    var summed: Set<String> = []
    for dose in doses {
      guard ["BEAM", "FRACTION"].contains(dose.summation ?? ""),
        let plan = dose.referencedPlans.first?.sopInstanceUID,
        inventory.plans.contains(where: { $0.identity.sopInstanceUID == plan })
      else {
        add(dose)
        continue
      }
      guard summed.insert(plan).inserted else { continue }
      var sum = request
      sum.sum = .beams
      sum.plan = plan
      found.append((dose, sum))
    }
    return found.isEmpty ? [(nil, request)] : found
  }

  /// The scans that a dose can lie on; where it can lie on none, the likeliest, so that the
  /// verdicts say why.
  private static func scans(
    in inventory: Inventory, for dose: RTDose?, _ request: CourseRequest
  ) -> [CourseRequest] {
    // A series may hold several stacks: its UID alone leaves a choice.
    let scans = inventory.scans.filter {
      request.image == nil || $0.choice == request.image || $0.seriesInstanceUID == request.image
    }
    guard let dose, let first = scans.first,
      request.image == nil || (first.choice != request.image && scans.count > 1)
    else { return [request] }
    var ways: [(scan: ScanSeries, rank: Int)] = []
    for scan in scans {
      switch Course.join(dose, with: scan, from: inventory, request) {
      case .success(let join): ways.append((scan, join.registrations.count))
      // Something joins them, though not in a way that can be used: the verdict says so.
      case .failure(.ambiguous), .failure(.matrix), .failure(.contradiction):
        ways.append((scan, 3))
      case .failure(.noPath), .failure(.frameMissing): continue
      }
    }
    if ways.isEmpty {
      let near = scans.first { $0.studyInstanceUID == dose.identity.studyInstanceUID }
      ways = [(near ?? first, 0)]
    }
    return ways.enumerated().sorted {
      $0.element.rank != $1.element.rank
        ? $0.element.rank < $1.element.rank : $0.offset < $1.offset
    }.map { way in
      var one = request
      one.image = way.element.scan.choice
      return one
    }
  }
}

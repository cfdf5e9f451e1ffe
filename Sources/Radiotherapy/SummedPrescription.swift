/// The targets of a whole course, put together from those of its plans.
struct SummedPrescription {
  /// Highest delivered dose first; equal ones in the order of the plans.
  let targets: [CourseFacts.Target]
  /// Names of targets whose dose nobody can add up.
  let unplaced: [String]
  /// The plan that gives the highest dose.
  let leadingPlan: Int

  private struct Entry {
    let name: String
    var doseGy: Double
    var deliveredGy: Double
    var fractions: Int
    var region: StructureSet.Region?

    var target: CourseFacts.Target {
      CourseFacts.Target(
        name: name, doseGy: doseGy, deliveredGy: deliveredGy, fractions: fractions,
        region: region)
    }
  }

  init(_ plans: [PlanFacts], sum: DoseSum?) {
    var entries: [Entry] = []
    var unplaced: [String] = []
    for plan in plans {
      let earlier = entries
      for target in plans.count > 1 ? Self.once(plan.targets) : plan.targets {
        var entry = Entry(
          name: target.name, doseGy: target.doseGy, deliveredGy: target.doseGy * plan.share,
          fractions: plan.fractionsDelivered, region: target.region)
        let same = earlier.firstIndex { Self.isSame($0.name, target.name) }
        guard plans.count > 1, sum == .sequential else {
          // Two isocentres of one target: nothing adds up, the higher prescription stands.
          if plans.count > 1, let same {
            if entries[same].deliveredGy < entry.deliveredGy { entries[same] = entry }
          } else {
            entries.append(entry)
          }
          continue
        }
        if let same {
          entries[same].doseGy += entry.doseGy
          entries[same].deliveredGy += entry.deliveredGy
          entries[same].fractions += entry.fractions
          continue
        }
        // A boost lies in what was treated before: in the highest, for the plan's own highest.
        if let base = earlier.max(by: { $0.deliveredGy < $1.deliveredGy }) {
          let isHighest = target.doseGy == plan.highestGy
          let isOneLevel = earlier.allSatisfy { abs($0.deliveredGy - base.deliveredGy) < 0.005 }
          guard isHighest || isOneLevel else {
            unplaced.append(target.name)
            continue
          }
          entry.doseGy += base.doseGy
          entry.deliveredGy += base.deliveredGy
          entry.fractions += base.fractions
        }
        entries.append(entry)
      }
    }
    self.unplaced = unplaced
    targets = entries.enumerated().sorted {
      $0.element.deliveredGy != $1.element.deliveredGy
        ? $0.element.deliveredGy > $1.element.deliveredGy : $0.offset < $1.offset
    }.map(\.element.target)
    leadingPlan =
      plans.indices.max { a, b in
        let (first, second) = (plans[a], plans[b])
        let (low, high) = (first.highestGy * first.share, second.highestGy * second.share)
        return low != high ? low < high : a > b
      } ?? 0
  }

  /// Targets of one plan, each name once, with the highest of its doses.
  private static func once(_ targets: [PlanTarget]) -> [PlanTarget] {
    targets.enumerated().filter { index, target in
      !targets.enumerated().contains { other in
        isSame(other.element.name, target.name)
          && (other.element.doseGy, index) > (target.doseGy, other.offset)
      }
    }.map(\.element)
  }

  /// Names that differ in case, spaces and such marks are one.
  private static func isSame(_ a: String, _ b: String) -> Bool {
    func folded(_ name: String) -> String {
      name.lowercased().filter { $0.isLetter || $0.isNumber }
    }
    let (first, second) = (folded(a), folded(b))
    return first.isEmpty ? a == b : first == second
  }

  /// What each plan prescribes, and whether that is a person's word.
  ///
  /// A prescription that was given is the course's: of plans one after the other, a plan without
  /// one gets what the others leave of it, shared out by fractions.
  static func prescribed(
    by course: Course
  ) throws(CourseFacts.Missing) -> [(targets: [PlanTarget], isAttested: Bool)] {
    let own = course.plans.map(PlanFacts.targets(of:))
    let open = own.indices.filter { own[$0].isEmpty }
    guard !open.isEmpty else { return own.map { ($0, false) } }
    guard let given = course.request.prescriptionGy else { throw .prescription }
    var shares = [Double](repeating: given, count: own.count)
    if course.request.sum == .sequential, course.isOfSeveralPlans {
      let rest = given - own.compactMap { $0.map(\.doseGy).max() }.reduce(0, +)
      guard rest > 0 else { throw .prescriptionTooLow }
      let fractions = course.plans.map { Double($0.plan?.fractionsPlanned ?? 0) }
      let all = open.map { fractions[$0] }.reduce(0, +)
      guard all > 0 else { throw .fractionsPlanned }
      for index in open { shares[index] = rest * fractions[index] / all }
    }
    return own.enumerated().map { index, targets in
      targets.isEmpty
        ? ([PlanTarget(name: "prescription", doseGy: shares[index], region: nil)], true)
        : (targets, false)
    }
  }
}

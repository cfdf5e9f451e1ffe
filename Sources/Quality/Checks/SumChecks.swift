import DICOM
import DoseMap
import Geometry
import Radiotherapy

/// Whether the parts of a sum belong together and are all of it.
enum SumChecks {
  /// Of the verdicts on each part the first that does not pass, with the part's file; else the
  /// first part's.
  static func each(_ course: Course, _ judge: (RTDose) -> Check) -> Check {
    let verdicts = course.doseParts.map { ($0, judge($0)) }
    guard let (part, bad) = verdicts.first(where: { $0.1.status != .pass }) else {
      return judge(course.dose)
    }
    guard course.doseParts.count > 1 else { return bad }
    return Check(
      id: bad.id, status: bad.status, remedy: bad.remedy,
      detail: "\(part.identity.fileName): \(bad.detail)")
  }

  /// The gravest of the verdicts on each plan, with the plans' names where there are several.
  static func eachPlan(_ course: Course, _ judge: (CoursePlan) -> Check) -> Check {
    worst(course.plans.map { ($0.name, judge($0)) })
  }

  static func worst(_ verdicts: [(name: String, check: Check)]) -> Check {
    func rank(_ check: Check) -> Int {
      switch check.remedy {
      case .none: 0
      case .acknowledge: 1
      case .override: 2
      case .blocked: 3
      }
    }
    let gravest = verdicts.map { rank($0.check) }.max() ?? 0
    let alike = verdicts.filter { rank($0.check) == gravest }
    let first = alike[0].check
    guard verdicts.count > 1 else { return first }
    if Set(alike.map(\.check.detail)).count == 1, alike.count == verdicts.count { return first }
    return Check(
      id: first.id, status: first.status, remedy: first.remedy,
      detail: alike.map { "\($0.name): \($0.check.detail)" }.joined(separator: "; "))
  }

  /// Each part's type is one that may be shown, and all are of one.
  static func type(_ course: Course) -> Check {
    let id = CheckID.doseType
    if let odd = mixed(course) { return .blocked(id, odd) }
    let verdicts = course.plans.flatMap { plan in
      plan.doses.map { ($0.identity.fileName, DoseChecks.type($0, plan: plan.plan)) }
    }
    return worst(verdicts)
  }

  /// What dose is of another type than the first.
  private static func mixed(_ course: Course) -> String? {
    course.doseParts.first { $0.type != course.dose.type }.map { odd in
      "\(odd.identity.fileName) is \(odd.type ?? "of no type"), \(course.dose.identity.fileName) is \(course.dose.type ?? "of no type"); dose types are never added"
    }
  }

  /// One dose of each plan, or every beam that treats, or every fraction group, once.
  static func summation(_ course: Course) -> Check {
    let id = CheckID.doseSummation
    guard let sum = course.request.sum else { return alone(course.dose) }
    if let odd = mixed(course) { return .blocked(id, odd) }
    return sum == .beams ? beams(course) : plans(course, sum)
  }

  /// A dose that is not added to anything belongs to one plan: the map is named after that.
  private static func alone(_ dose: RTDose) -> Check {
    let id = CheckID.doseSummation
    let verdict = DoseChecks.summation(dose)
    guard verdict.status == .pass else { return verdict }
    let named = Set(dose.referencedPlans.map(\.sopInstanceUID)).count
    if named > 1 {
      return .blocked(
        id,
        "the dose (\(dose.summation ?? "")) names \(named) plans, and the map would be named after one; export the dose of one plan, or give all plans and --sum"
      )
    }
    if named == 1, dose.summation == "MULTI_PLAN" {
      return .overridable(
        id,
        "the dose is called MULTI_PLAN and names one plan: which others it holds is not said; export the dose of the plan"
      )
    }
    return verdict
  }

  private static func plans(_ course: Course, _ sum: DoseSum) -> Check {
    let id = CheckID.doseSummation
    let parts = course.doseParts
    for part in parts {
      let verdict = DoseChecks.summation(part)
      guard verdict.status == .pass else {
        return .blocked(id, "\(part.identity.fileName): \(verdict.detail)")
      }
      let named = Set(part.referencedPlans.map(\.sopInstanceUID)).count
      if named > 1, part.summation != "MULTI_PLAN" {
        return .blocked(
          id,
          "\(part.identity.fileName) is called \(part.summation ?? "") and names \(named) plans; export the dose of each plan"
        )
      }
    }
    if parts.count > 1, let whole = parts.first(where: { $0.summation == "MULTI_PLAN" }) {
      return .blocked(
        id,
        "\(whole.identity.fileName) is the dose of several plans; with the plans' own doses it would count them twice. Leave it out, or name the doses to be added with --dose"
      )
    }
    var seen: [String: String] = [:]
    for part in parts {
      for plan in part.referencedPlans.map(\.sopInstanceUID) {
        if let other = seen[plan], parts.count > 1 {
          let label = course.allPlans.first { $0.identity.sopInstanceUID == plan }?.label
          return .blocked(
            id,
            "\(other) and \(part.identity.fileName) are both doses of plan \(label ?? plan), which would be counted twice; name the doses to be added with --dose"
          )
        }
        seen[plan] = part.identity.fileName
      }
    }
    if course.request.doses.isEmpty, course.request.plans.isEmpty,
      let lacking = lacking(course)
    {
      return .blocked(
        id,
        "the sum lacks plan \(lacking.label), of which there are treatment records and no dose; add its dose, or name the doses to be added with --dose"
      )
    }
    let names = course.plans.map(\.name).joined(separator: ", ")
    let how = sum == .sequential ? "one after the other" : "in the same sessions"
    return .pass(
      id,
      parts.count > 1
        ? "the doses of \(course.plans.count) plans, \(how): \(names)"
        : "\(Tag.doseSummationType) MULTI_PLAN of \(course.plans.count) plans, \(how): \(names)")
  }

  /// A plan that was treated and is not in the sum.
  private static func lacking(_ course: Course) -> RTPlan? {
    let own = Set(course.plans.compactMap { $0.plan?.identity.sopInstanceUID })
    return course.allPlans.first { plan in
      !own.contains(plan.identity.sopInstanceUID)
        && course.otherRecords.contains { record in
          record.referencedPlans.contains { $0.sopInstanceUID == plan.identity.sopInstanceUID }
        }
    }
  }

  private static func beams(_ course: Course) -> Check {
    let id = CheckID.doseSummation
    guard let plan = course.plan else {
      return .blocked(id, "without the plan nobody can say whether these are all parts")
    }
    if let stray = course.doseParts.first(where: { part in
      !part.referencedPlans.contains { $0.sopInstanceUID == plan.identity.sopInstanceUID }
    }) {
      return .blocked(id, "\(stray.identity.fileName) does not name plan \(plan.label)")
    }
    let isBeams = course.dose.summation == "BEAM"
    let wanted =
      isBeams
      ? plan.fractionGroups.flatMap { plan.treatmentBeams(of: $0).map(\.number) }
      : plan.fractionGroups.map(\.number)
    let found = course.doseParts.flatMap {
      isBeams ? $0.referencedBeams : $0.referencedFractionGroups
    }
    let what = isBeams ? "beam" : "fraction group"
    if let twice = found.first(where: { number in found.filter { $0 == number }.count > 1 }) {
      return .blocked(id, "\(what) \(twice) is in two of the doses that are to be added")
    }
    let missing = wanted.filter { !found.contains($0) }
    guard missing.isEmpty else {
      return .blocked(
        id,
        "the dose of \(what) \(missing.map(String.init).joined(separator: ", ")) is missing; export all of them, or the dose of the plan"
      )
    }
    let strange = found.filter { !wanted.contains($0) }
    guard strange.isEmpty,
      course.doseParts.allSatisfy({ part in
        !(isBeams ? part.referencedBeams : part.referencedFractionGroups).isEmpty
      })
    else {
      return .blocked(
        id, "a dose is of a \(what) that the plan does not treat with, or names none")
    }
    return .pass(
      id, "the doses of all \(wanted.count) \(what)s of plan \(plan.label), added up")
  }

  /// Where a sum is known: a part that ends where its dose counts leaves the rest unknown.
  static func extent(_ course: Course, _ dose: MapDose?) -> [Check] {
    let id = CheckID.doseSumExtent
    let count = course.doseParts.count
    guard count > 1, let dose else { return [] }
    guard let extent = dose.extent else {
      return dose.field == nil
        ? [.blocked(id, "the parts cannot be brought together in one frame of reference")]
        : [.pass(id, "all \(count) parts lie on one grid")]
    }
    if extent.isCut {
      return [
        .overridable(
          id,
          "the grid of \(extent.cutBy.joined(separator: ", ")) ends within the lowest isodose of the sum (\(DoseText.gray(extent.cutCubicCentimetres)) cm3 where not all is known); export it on a larger grid. If overridden, parts count as zero beyond their grids"
        )
      ]
    }
    let zero =
      extent.negligible.isEmpty
      ? ""
      : "; \(extent.negligible.joined(separator: ", ")) below \(DoseText.percent(MapDose.negligibleShare)) % at the edge of the grid, zero beyond"
    let unknown =
      extent.isUnknownAnywhere
      ? "; unknown, and not drawn, beyond the grid of \(extent.open.joined(separator: ", "))" : ""
    return [
      .pass(
        id, "\(count) parts on grids of their own, known to the lowest isodose\(zero)\(unknown)")
    ]
  }

  /// Each plan's own highest dose fits its prescription, and the sum's that of the course.
  static func plausible(
    _ course: Course, _ dose: MapDose, facts: CourseFacts, site: SiteLimits
  ) -> Check {
    var verdicts = ofPlans(course, dose, facts).map { name, plan, part in
      (
        name,
        DoseChecks.plausible(
          maximum: part.grid.maximum.gray * part.factor / plan.share,
          prescribed: plan.highestGy, fractions: plan.fractionsPlanned, site: site)
      )
    }
    verdicts.append(
      (
        "sum",
        DoseChecks.plausible(
          maximum: dose.maximum.gray / facts.factor, prescribed: facts.plannedPrescriptionGy,
          fractions: facts.fractionsPlanned, site: site)
      ))
    return worst(verdicts)
  }

  /// Each plan's own prescription isodose is closed in its grid, and the sum's where it is known.
  static func covered(_ course: Course, _ dose: MapDose, facts: CourseFacts) -> Check {
    var verdicts = ofPlans(course, dose, facts).map { name, plan, part in
      let scale = part.factor / plan.share
      return (
        name,
        DoseChecks.covered(
          maximum: part.grid.maximum.gray * scale, edge: part.grid.maximumOnBoundary * scale,
          prescribed: plan.highestGy)
      )
    }
    verdicts.append(
      (
        "sum",
        DoseChecks.covered(
          maximum: dose.maximum.gray / facts.factor, edge: dose.edgeGray,
          prescribed: facts.plannedPrescriptionGy)
      ))
    return worst(verdicts)
  }

  /// The plans of a course of several that have one dose each.
  private static func ofPlans(
    _ course: Course, _ dose: MapDose, _ facts: CourseFacts
  ) -> [(name: String, plan: PlanFacts, part: MapDose.Part)] {
    guard course.isOfSeveralPlans, dose.parts.count > 1 else { return [] }
    return facts.plans.enumerated().compactMap { index, plan in
      let own = dose.parts.filter { $0.plan == index }
      return own.count == 1 ? (plan.name, plan, own[0]) : nil
    }
  }
}

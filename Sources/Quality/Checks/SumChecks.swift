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

  /// Every beam that treats, or every fraction group, once.
  static func summation(_ course: Course) -> Check {
    let id = CheckID.doseSummation
    guard course.request.sum == .beams else { return DoseChecks.summation(course.dose) }
    guard let plan = course.plan else {
      return .blocked(id, "without the plan nobody can say whether these are all parts")
    }
    if let odd = course.doseParts.first(where: { $0.type != course.dose.type }) {
      return .blocked(
        id,
        "\(odd.identity.fileName) is \(odd.type ?? "of no type"), others are \(course.dose.type ?? "of no type"); dose types are never added"
      )
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

  /// Where a sum is known: the parts share one grid, or it is refused.
  static func extent(_ course: Course) -> [Check] {
    let id = CheckID.doseSumExtent
    guard course.doseParts.count > 1 else { return [] }
    guard SummedGrid.shareOneGrid(course.doseParts) else {
      return [
        .blocked(
          id,
          "the parts lie on different grids; export them on one grid, or export the dose of the plan"
        )
      ]
    }
    return [.pass(id, "all \(course.doseParts.count) parts lie on one grid")]
  }
}

import DoseMap
import Radiotherapy

/// What a map says of a sum: in legend, alerts, derivation and the seed of its UIDs.
struct SumWords {
  /// Further lines of the legend.
  let remarks: [String]
  /// Plans of which less than planned was delivered.
  let stoppedEarly: [String]
  /// What else was given to the patient: nobody knows, or plans that the map does not show.
  let otherRadiation: String
  /// What is sampled, in words.
  let derivation: String
  /// What it is multiplied with, in words; empty where it is not.
  let scaling: String
  /// What a map depends on beside its files; empty where nothing is added or scaled.
  let signature: [String]

  init(_ prepared: PreparedMap, _ facts: CourseFacts) {
    let course = prepared.course
    let parts = course.doseParts
    let isAtLeast = prepared.dose?.isAtLeast ?? false
    var remarks: [String] = []
    if course.isOfSeveralPlans {
      let fractions = facts.plans.map { String($0.fractionsDelivered) }.joined(separator: " + ")
      remarks.append(
        course.request.sum == .sequential
          ? "sum of \(course.plans.count) plans, \(fractions) fx"
          : "sum of \(course.plans.count) plans in the same sessions")
    }
    if isAtLeast { remarks.append("AT LEAST: unknown parts of the sum count as 0") }
    self.remarks = remarks
    stoppedEarly = zip(course.plans, facts.plans).filter { plan, own in
      own.fractionsDelivered < own.fractionsPlanned || own.share < 1
    }.map { _, own in
      let plan = course.isOfSeveralPlans ? " \(own.name)" : ""
      return
        "STOPPED EARLY:\(plan) \(own.fractionsDelivered) of \(own.fractionsPlanned) fractions delivered"
    }
    let others = OtherPlans(beside: course).treated.count
    let shown = course.plans.count
    otherRadiation =
      others == 0
      ? MapText.thisCourseOnly
      : MapText.thisCourseOnly(shown: shown, of: shown + others)
    let what =
      switch course.request.sum {
      case .sequential: "plans, one after the other"
      case .concurrent: "plans in the same sessions"
      case .beams, nil: "parts of the plan"
      }
    derivation = parts.count > 1 ? "the sum of the doses of \(parts.count) \(what), each" : "dose"
    let factors = facts.plans.map(\.doseFactor)
    scaling =
      factors.allSatisfy { $0 == 1 }
      ? ""
      : ", multiplied by \(factors.map { "\($0)" }.joined(separator: " and "))"
    var signature =
      course.request.sum == nil && !isAtLeast
      ? []
      : [
        "sum \(course.request.sum?.rawValue ?? "none")", "factors \(factors)",
        isAtLeast ? "at least" : "known",
      ]
    if others > 0 { signature.append("other plans \(others)") }
    // Who named a target may be another file than those that the map is made from.
    let targets = prepared.levels.flatMap { $0.targets ?? [] }
    if !targets.isEmpty { signature.append("targets \(targets.joined(separator: "\\"))") }
    self.signature = signature
  }
}

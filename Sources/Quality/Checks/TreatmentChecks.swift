import DICOM
import DoseMap
import Radiotherapy

/// Whether this plan was delivered, all of it, and nothing else is to come.
enum TreatmentChecks {
  /// Plan Intents that are no treatment of a patient.
  ///
  /// PS3.3 C.8.8.9.
  private static let testIntents = ["VERIFICATION", "MACHINE_QA", "SERVICE"]

  /// Whether a plan was made for a phantom or a machine.
  static func isTest(_ plan: RTPlan) -> Bool { plan.intent.map(testIntents.contains) ?? false }

  static func approved(_ part: CoursePlan) -> Check {
    guard let plan = part.plan else { return .blocked(.planApproved, "there is no plan") }
    if isTest(plan) {
      return .blocked(
        .planApproved,
        "plan \(plan.label) has the intent \(plan.intent ?? ""); use the plan that was treated")
    }
    switch plan.approval {
    case "APPROVED" where plan.intent == "RESEARCH":
      return .warning(
        .planApproved,
        "plan \(plan.label) is approved, and has the intent RESEARCH: was it the patient's?")
    case "APPROVED": return .pass(.planApproved, "plan \(plan.label) is approved")
    case "REJECTED":
      return .blocked(
        .planApproved, "plan \(plan.label) is rejected; use the plan that was treated")
    case nil:
      return .warning(.planApproved, "plan \(plan.label) does not say whether it is approved")
    case let status?:
      return .overridable(
        .planApproved,
        "plan \(plan.label) is \(status), but was it treated? Approve it, export again")
    }
  }

  static func prescription(
    _ course: Course, _ facts: Result<CourseFacts, CourseFacts.Missing>, dose: MapDose?
  ) -> Check {
    let unknown = course.plans.compactMap(\.plan).map { plan in
      plan.targets.filter { ($0.doseGy ?? 0) <= 0 }.count
    }.reduce(0, +)
    switch facts {
    case .failure(.prescription):
      return .blocked(
        .planPrescription,
        "\(silent(course)) prescribes no dose to a target (\(Tag.targetPrescriptionDose)); give it with --prescription GY\(course.request.sum == .sequential ? ", that of all plans together" : "")"
      )
    case .failure(.prescriptionTooLow):
      return .blocked(
        .planPrescription,
        "--prescription \(DoseText.gray(course.request.prescriptionGy ?? 0)) leaves nothing for \(silent(course)): it is the dose of all plans together"
      )
    case .success(let facts):
      let targets = facts.targets.map { "\(DoseText.gray($0.doseGy)) Gy to \($0.name)" }
        .joined(separator: ", ")
      if let given = course.request.prescriptionGy,
        abs(given - facts.plannedPrescriptionGy) >= 0.005
      {
        return .blocked(
          .planPrescription,
          "--prescription \(DoseText.gray(given)) contradicts the \(course.isOfSeveralPlans ? "plans" : "plan"): \(targets)"
        )
      }
      if facts.isPrescriptionAttested {
        return .warning(
          .planPrescription,
          "\(DoseText.gray(facts.plannedPrescriptionGy)) Gy as given, not from \(silent(course))")
      }
      if unknown > 0 {
        return .blocked(
          .planPrescription,
          "\(targets); \(unknown) further target\(unknown == 1 ? "" : "s") without a dose; complete the plan"
        )
      }
      if !facts.unplacedTargets.isEmpty {
        return .warning(
          .planPrescription,
          "\(targets); in which earlier target \(facts.unplacedTargets.joined(separator: ", ")) lies is not said, so its total is not shown"
        )
      }
      let covered = dose.map { TargetCoverage.all(in: course, facts, dose: $0) } ?? []
      if let missed = covered.first(where: { !$0.isCovered }) {
        return .warning(
          .planPrescription,
          "95 % of \(missed.name) gets \(DoseText.gray(missed.d95Gy)) Gy, less than 90 % of its \(DoseText.gray(missed.prescribedGy)) Gy; is it the dose of this plan?"
        )
      }
      let shown = covered.map { "; D95 of \($0.name) \(DoseText.gray($0.d95Gy)) Gy" }.joined()
      return .pass(.planPrescription, targets + shown)
    case .failure:
      let doses = course.plans.compactMap(\.plan).flatMap(\.targets).compactMap(\.doseGy)
      if let dose = doses.max() ?? course.request.prescriptionGy {
        return .pass(.planPrescription, "\(DoseText.gray(dose)) Gy")
      }
      return .blocked(
        .planPrescription,
        "the plan prescribes no dose to a target; give it with --prescription GY")
    }
  }

  /// The plans that prescribe nothing, in words.
  private static func silent(_ course: Course) -> String {
    guard course.isOfSeveralPlans else { return "the plan" }
    return course.plans.filter { part in
      !(part.plan?.targets ?? []).contains { ($0.doseGy ?? 0) > 0 }
    }.map { "plan \($0.name)" }.joined(separator: " and ")
  }

  static func complete(
    _ course: Course, _ facts: Result<CourseFacts, CourseFacts.Missing>
  ) -> Check {
    let id = CheckID.treatmentComplete
    let others = OtherPlans(beside: course)
    if let plan = others.waiting.first {
      return .blocked(
        id,
        "plan \(plan.label) is among the files and nothing of it was delivered; wait for it, or leave its file out if it was given up"
      )
    }
    if let other = others.unfinished.first, !course.request.isStoppedEarly {
      return .blocked(
        id,
        "\(other.delivered) of \(other.planned) fractions of plan \(other.plan.label), which is among the files, were delivered; wait for the last one, or say --stopped-early if it was given up"
      )
    }
    for part in course.plans {
      if let said = SummaryChecks.complete(course, part) { return said }
    }
    if let said = ToldChecks.complete(course) { return said }
    let verdict = evidence(course, facts)
    guard !others.treated.isEmpty, verdict.remedy != .blocked else { return verdict }
    return .warning(
      id,
      "\(verdict.detail); plan\(others.treated.count == 1 ? "" : "s") \(OtherPlans.names(others.treated)) was treated as well, which this map does not show: --sum adds plans up"
    )
  }

  /// What shows that the plans of a map were delivered to their end.
  private static func evidence(
    _ course: Course, _ facts: Result<CourseFacts, CourseFacts.Missing>
  ) -> Check {
    let id = CheckID.treatmentComplete
    switch facts {
    case .success(let facts):
      switch facts.evidence {
      case .records(let count):
        return .pass(
          id,
          "\(count) treatment record\(count == 1 ? "" : "s"), last fraction \(facts.completed.iso)\(SummaryChecks.agreement(course))"
        )
      case .summary:
        return .pass(
          id,
          "treatment summary record: \(course.plans.compactMap { $0.summary?.record.statusText }.joined(separator: ", ")), last fraction \(facts.completed.iso)"
        )
      case .courseSummary:
        return .pass(
          id,
          "Course Summary of the record system: completed, last fraction \(facts.completed.iso)")
      case .attested:
        return .warning(
          id,
          "no treatment record\(unrecorded(course)); \(facts.fractionsDelivered) fraction\(facts.fractionsDelivered == 1 ? "" : "s") until \(facts.completed.iso) on the reviewer's word"
        )
      }
    case .failure(.completion):
      return .blocked(
        id,
        "nothing shows that \(course.isOfSeveralPlans ? "all was delivered" : "the course has ended")\(unrecorded(course)); add the treatment records, or give --completed DATE --fractions N"
      )
    case .failure:
      return course.records.isEmpty
        ? .blocked(id, "nothing shows that the course has ended")
        : .pass(id, "\(course.records.count) treatment records")
    }
  }

  /// Which of several plans have no record, in words.
  private static func unrecorded(_ course: Course) -> String {
    guard course.isOfSeveralPlans else { return "" }
    let names = course.plans.filter { !$0.isEvidenced }.map(\.name)
    return names.isEmpty ? "" : " of plan \(names.joined(separator: ", "))"
  }

  /// Each plan's fractions, and those of the course.
  static func fractions(_ course: Course, facts: CourseFacts) -> Check {
    let id = CheckID.treatmentFractions
    let own = zip(course.plans, facts.plans).map { ($0.name, fractions($0, $1, course)) }
    let verdict = SumChecks.worst(own)
    guard course.isOfSeveralPlans, verdict.remedy != .blocked else { return verdict }
    if let said = course.request.fractions, facts.evidence != .attested,
      said != facts.fractionsDelivered
    {
      return .blocked(
        id,
        "--fractions \(said) contradicts the records, which show \(facts.fractionsDelivered) in all"
      )
    }
    if course.doseParts.count == 1, facts.plans.contains(where: { $0.share != 1 }) {
      return .blocked(
        id,
        "a plan was stopped early, and the one dose of all plans cannot be scaled; export each plan's dose"
      )
    }
    return verdict
  }

  private static func fractions(
    _ part: CoursePlan, _ facts: PlanFacts, _ course: Course
  ) -> Check {
    let id = CheckID.treatmentFractions
    let planned = facts.fractionsPlanned
    var isPartly = false
    if let delivered = part.delivered {
      if !delivered.unclear.isEmpty {
        return .blocked(
          id,
          "a treatment record says nothing of beam, fraction, meterset or date (\(delivered.unclear[0])); export the records again"
        )
      }
      let partial = delivered.fractions.filter { !$0.isWhole }
      // The dose of the records is what was given, parts of fractions and all, if nothing was more.
      isPartly =
        !partial.isEmpty && part.isDoseOfRecords && course.request.isStoppedEarly
        && partial.allSatisfy { fraction in
          fraction.deviations.allSatisfy { $0.delivered < $0.planned ?? 0 }
        }
      if !isPartly, let first = partial.first, let deviation = first.deviations.first {
        let text =
          deviation.planned.map {
            "beam \(deviation.beam) of fraction \(first.number) was given \(DoseText.gray(deviation.delivered)) of \(DoseText.gray($0)) \(part.plan?.metersetUnit(ofBeam: deviation.beam) ?? "MU")"
          } ?? "fraction \(first.number) does not fit the plan's beams"
        return .blocked(
          id,
          part.isDoseOfRecords
            ? "\(text); say --stopped-early if less than planned was given"
            : "\(text); a part of a fraction cannot be drawn from the plan: export the dose of the record (RECORD)"
        )
      }
      if !course.isOfSeveralPlans, let said = course.request.fractions,
        said != facts.fractionsDelivered
      {
        return said == planned && facts.fractionsDelivered < planned
          ? .overridable(
            id,
            "the chart has \(said) fractions, the records show \(facts.fractionsDelivered); add the missing records"
          )
          : .blocked(
            id,
            "--fractions \(said) contradicts the records, which show \(facts.fractionsDelivered)")
      }
    }
    if let said = SummaryChecks.fractions(course, part) { return said }
    if let said = ToldChecks.fractions(course, part) { return said }
    let count = facts.fractionsDelivered
    if count > planned {
      return .blocked(
        id, "\(count) fractions delivered, \(planned) planned; use the plan that was treated")
    }
    if isPartly {
      return .warning(
        id,
        "\(count) of \(planned) fractions, not all of them whole: the dose of the records is shown, \(DoseText.percent(facts.share)) % of the planned one"
      )
    }
    if count < planned {
      return course.request.isStoppedEarly && count > 0
        ? .pass(
          id,
          "\(count) of \(planned) fractions: stopped early, \(part.isDoseOfRecords ? "the dose is that of the records" : "the dose is scaled")"
        )
        : .blocked(
          id,
          "\(count) of \(planned) fractions delivered; wait for the last one, or say --stopped-early"
        )
    }
    if let odd = part.delivered.flatMap({ numbering($0, part.plan) }) {
      return .warning(id, "\(count) of \(planned) fractions delivered, but \(odd)")
    }
    return .pass(id, "\(count) of \(planned) fractions delivered")
  }

  /// What the numbers of the fractions say against their count: numbers beyond the last planned one
  /// while others are missing may be a record that got lost and a fraction too many.
  private static func numbering(_ delivered: DeliveredCourse, _ plan: RTPlan?) -> String? {
    for group in plan?.fractionGroups ?? [] {
      let numbers = delivered.fractions.filter { $0.group == group.number }.map(\.number)
      guard let planned = group.fractionsPlanned, let first = numbers.min(),
        let last = numbers.max(), last > planned, last - first >= numbers.count,
        let missing = (first...last).first(where: { !numbers.contains($0) })
      else { continue }
      return
        "they are numbered to \(last) and \(missing) is missing: is a record lost, and was one given too many?"
    }
    return nil
  }

  /// What the records lack where they say nothing of a delivered fraction.
  static func unclear(
    _ course: Course, because missing: CourseFacts.Missing
  ) -> [Check] {
    if missing == .fractionsPlanned {
      return [
        .blocked(
          .treatmentFractions,
          "the plan does not say how many fractions are planned (\(Tag.numberOfFractionsPlanned)); complete it, and export it again"
        )
      ]
    }
    if missing == .fractionsUnshared {
      return [
        .blocked(
          .treatmentFractions,
          "--fractions \(course.request.fractions ?? 0) are not all that was planned, and which plan\(unrecorded(course)) has how many is not known; add the treatment records"
        )
      ]
    }
    guard course.plans.contains(where: { $0.delivered != nil }) else {
      return course.plans.flatMap { part in
        [SummaryChecks.fractions(course, part), SummaryChecks.dates(part)].compactMap(\.self)
      }
    }
    if let record = course.records.first(where: { $0.date == nil }) {
      return [
        .blocked(
          .treatmentDates,
          "a treatment record has no date (\(record.identity.fileName)); export the records again")
      ]
    }
    if course.plans.contains(where: { $0.delivered?.fractions.isEmpty ?? false }) {
      return [
        .blocked(
          .treatmentFractions,
          "the treatment records show no delivered fraction; wait for it, or add the other records")
      ]
    }
    return []
  }

  static func dates(_ course: Course, facts: CourseFacts, today: CalendarDate) -> Check {
    let id = CheckID.treatmentDates
    guard facts.completed <= today else {
      return .blocked(id, "the last fraction is dated \(facts.completed.iso), after today")
    }
    if let said = course.request.completed, said != facts.completed {
      return .blocked(
        id, "--completed \(said.iso) contradicts the records, which end \(facts.completed.iso)")
    }
    for part in course.plans {
      if let said = SummaryChecks.dates(part) ?? ToldChecks.dates(course, part) { return said }
    }
    for part in course.plans {
      guard let first = part.delivered?.first, let planned = part.plan?.date, planned > first
      else { continue }
      let name = course.isOfSeveralPlans ? " \(part.name)" : ""
      return .warning(
        id, "the plan\(name) is dated \(planned.iso), after the first fraction of \(first.iso)")
    }
    if let odd = sessions(course) { return odd }
    let begun = course.plans.compactMap { $0.delivered?.first ?? $0.summary?.record.firstDate }
      .min()
    let first = begun.map { "first fraction \($0.iso), " } ?? ""
    return .pass(id, "\(first)last fraction \(facts.completed.iso)")
  }

  /// What the days of several plans' fractions say against how they were put together.
  private static func sessions(_ course: Course) -> Check? {
    let id = CheckID.treatmentDates
    guard course.isOfSeveralPlans, let sum = course.request.sum else { return nil }
    let days = course.plans.map { part in
      Set(part.delivered?.fractions.flatMap(\.dates) ?? [])
    }
    for (index, second) in days.enumerated().dropFirst() where !second.isEmpty {
      for (other, first) in days[..<index].enumerated() where !first.isEmpty {
        let names = "\(course.plans[other].name) and \(course.plans[index].name)"
        let common = first.intersection(second).count
        if sum == .concurrent, common == 0 {
          return .blocked(
            id,
            "plans \(names) were never treated on one day: they are not concurrent; say --sum sequential if they treat one target"
          )
        }
        if sum == .sequential, common > 1, common == min(first.count, second.count) {
          return .warning(
            id,
            "plans \(names) were treated on the same \(common) days: are they one after the other, or --sum concurrent?"
          )
        }
      }
    }
    return nil
  }

  /// The records are of the plans that are shown.
  static func plan(_ course: Course) -> Check {
    let id = CheckID.treatmentPlan
    let own = SumChecks.eachPlan(course) { plan(course, $0) }
    guard own.status != .failure else { return own }
    let known = Set(course.allPlans.map(\.identity.sopInstanceUID))
    let strangers = course.otherRecords.filter { record in
      !record.referencedPlans.contains { known.contains($0.sopInstanceUID) }
    }
    guard let stranger = strangers.first else { return own }
    return .blocked(
      id,
      "\(strangers.count) treatment record\(strangers.count == 1 ? "" : "s") (\(stranger.identity.fileName)) of a plan that is not among the files; add that plan, or leave the records out"
    )
  }

  private static func plan(_ course: Course, _ part: CoursePlan) -> Check {
    let id = CheckID.treatmentPlan
    guard let plan = part.plan else {
      return .blocked(id, "there is no plan to compare the records with")
    }
    if let unknown = part.delivered?.unknownBeams, !unknown.isEmpty {
      return .blocked(
        id,
        "the records have beam\(unknown.count == 1 ? "" : "s") \(unknown.map(String.init).joined(separator: ", ")), the plan has not"
      )
    }
    if part.areRecordsOfRenamedPlan {
      return .overridable(
        id,
        "the treatment records name another plan UID, with the beams and metersets of plan \(plan.label)"
      )
    }
    if let said = SummaryChecks.plan(course, part) { return said }
    if part.records.isEmpty, !part.summaries.isEmpty {
      return .pass(id, "the treatment summary is of plan \(plan.label)")
    }
    return .pass(
      id,
      part.records.isEmpty
        ? "no treatment records"
        : "\(part.records.count) record\(part.records.count == 1 ? "" : "s") of plan \(plan.label)"
    )
  }
}

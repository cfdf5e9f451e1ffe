import DICOM
import DoseMap
import Radiotherapy

/// Whether this plan was delivered, all of it, and nothing else is to come.
enum TreatmentChecks {
  /// Plan Intents that are no treatment of a patient.
  ///
  /// PS3.3 C.8.8.9.
  private static let testIntents = ["VERIFICATION", "MACHINE_QA"]

  static func approved(_ plan: RTPlan) -> Check {
    if let intent = plan.intent, testIntents.contains(intent) {
      return .blocked(
        .planApproved, "plan \(plan.label) has the intent \(intent); use the plan that was treated")
    }
    switch plan.approval {
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
    _ course: Course, _ facts: Result<CourseFacts, CourseFacts.Missing>, grid: DoseGrid?
  ) -> Check {
    let unknown = course.plan?.targets.filter { ($0.doseGy ?? 0) <= 0 }.count ?? 0
    switch facts {
    case .failure(.prescription):
      return .blocked(
        .planPrescription,
        "the plan prescribes no dose to a target (\(Tag.targetPrescriptionDose)); give it with --prescription GY"
      )
    case .success(let facts):
      let targets = facts.targets.map { "\(DoseText.gray($0.doseGy)) Gy to \($0.name)" }
        .joined(separator: ", ")
      if facts.isPrescriptionAttested {
        return .warning(
          .planPrescription,
          "\(DoseText.gray(facts.plannedPrescriptionGy)) Gy as given, not from the plan")
      }
      if unknown > 0 {
        return .blocked(
          .planPrescription,
          "\(targets); \(unknown) further target\(unknown == 1 ? "" : "s") without a dose; complete the plan"
        )
      }
      let covered = grid.map { TargetCoverage.all(in: course, grid: $0) } ?? []
      if let missed = covered.first(where: { !$0.isCovered }) {
        return .warning(
          .planPrescription,
          "95 % of \(missed.name) gets \(DoseText.gray(missed.d95Gy)) Gy, less than 90 % of its \(DoseText.gray(missed.prescribedGy)) Gy; is it the dose of this plan?"
        )
      }
      let shown = covered.map { "; D95 of \($0.name) \(DoseText.gray($0.d95Gy)) Gy" }.joined()
      return .pass(.planPrescription, targets + shown)
    case .failure:
      let doses = course.plan?.targets.compactMap(\.doseGy) ?? []
      if let dose = doses.max() ?? course.request.prescriptionGy {
        return .pass(.planPrescription, "\(DoseText.gray(dose)) Gy")
      }
      return .blocked(
        .planPrescription,
        "the plan prescribes no dose to a target; give it with --prescription GY")
    }
  }

  static func complete(
    _ course: Course, _ facts: Result<CourseFacts, CourseFacts.Missing>
  ) -> Check {
    let id = CheckID.treatmentComplete
    for plan in course.allPlans
    where plan.identity.sopInstanceUID != course.plan?.identity.sopInstanceUID {
      if let intent = plan.intent, testIntents.contains(intent) { continue }
      if plan.approval == "REJECTED" { continue }
      let isDelivered =
        course.otherRecords.contains { record in
          record.referencedPlans.contains { $0.sopInstanceUID == plan.identity.sopInstanceUID }
        } || SummaryChecks.isDelivered(plan, of: course)
      if !isDelivered {
        return .blocked(
          id,
          "plan \(plan.label) is among the files and nothing of it was delivered; wait for it, or leave its file out if it was given up"
        )
      }
    }
    if let said = SummaryChecks.complete(course) { return said }
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
          "treatment summary record: \(course.summary?.record.statusText ?? ""), last fraction \(facts.completed.iso)"
        )
      case .attested:
        return .warning(
          id,
          "no treatment record; \(facts.fractionsDelivered) fraction\(facts.fractionsDelivered == 1 ? "" : "s") until \(facts.completed.iso) on the reviewer's word"
        )
      }
    case .failure(.completion):
      return .blocked(
        id,
        "nothing shows that the course has ended; add the treatment records, or give --completed DATE --fractions N"
      )
    case .failure:
      return course.records.isEmpty
        ? .blocked(id, "nothing shows that the course has ended")
        : .pass(id, "\(course.records.count) treatment records")
    }
  }

  static func fractions(_ course: Course, facts: CourseFacts) -> Check {
    let id = CheckID.treatmentFractions
    let planned = facts.fractionsPlanned
    if let delivered = course.delivered {
      if !delivered.unclear.isEmpty {
        return .blocked(
          id,
          "a treatment record says nothing of beam, fraction, meterset or date (\(delivered.unclear[0])); export the records again"
        )
      }
      let partial = delivered.fractions.filter { !$0.isWhole }
      if let first = partial.first, let deviation = first.deviations.first {
        let text =
          deviation.planned.map {
            "beam \(deviation.beam) of fraction \(first.number) was given \(DoseText.gray(deviation.delivered)) of \(DoseText.gray($0)) \(course.plan?.metersetUnit(ofBeam: deviation.beam) ?? "MU")"
          } ?? "fraction \(first.number) does not fit the plan's beams"
        return .blocked(
          id,
          "\(text); a part of a fraction cannot be drawn from the plan: export the dose of the record (RECORD)"
        )
      }
      if let said = course.request.fractions, said != facts.fractionsDelivered {
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
    if let said = SummaryChecks.fractions(course) { return said }
    let count = facts.fractionsDelivered
    if count > planned {
      return .blocked(
        id, "\(count) fractions delivered, \(planned) planned; use the plan that was treated")
    }
    if count < planned {
      return course.request.isStoppedEarly && count > 0
        ? .pass(id, "\(count) of \(planned) fractions: stopped early, the dose is scaled")
        : .blocked(
          id,
          "\(count) of \(planned) fractions delivered; wait for the last one, or say --stopped-early"
        )
    }
    return .pass(id, "\(count) of \(planned) fractions delivered")
  }

  /// What the records lack where they say nothing of a delivered fraction.
  static func unclear(_ course: Course) -> [Check] {
    guard let delivered = course.delivered else {
      return [SummaryChecks.fractions(course), SummaryChecks.dates(course)].compactMap(\.self)
    }
    if let record = course.records.first(where: { $0.date == nil }) {
      return [
        .blocked(
          .treatmentDates,
          "a treatment record has no date (\(record.identity.fileName)); export the records again")
      ]
    }
    if delivered.fractions.isEmpty {
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
    if let said = SummaryChecks.dates(course) { return said }
    if let first = course.delivered?.first, let planned = course.plan?.date, planned > first {
      return .warning(
        id, "the plan is dated \(planned.iso), after the first fraction of \(first.iso)")
    }
    let begin = course.delivered?.first ?? course.summary?.record.firstDate
    let first = begin.map { "first fraction \($0.iso), " } ?? ""
    return .pass(id, "\(first)last fraction \(facts.completed.iso)")
  }

  static func plan(_ course: Course) -> Check {
    let id = CheckID.treatmentPlan
    guard let plan = course.plan else {
      return .blocked(id, "there is no plan to compare the records with")
    }
    if let unknown = course.delivered?.unknownBeams, !unknown.isEmpty {
      return .blocked(
        id,
        "the records have beam\(unknown.count == 1 ? "" : "s") \(unknown.map(String.init).joined(separator: ", ")), the plan has not"
      )
    }
    if course.areRecordsOfRenamedPlan {
      return .overridable(
        id,
        "the treatment records name another plan UID, with the beams and metersets of plan \(plan.label)"
      )
    }
    let known = Set(course.allPlans.map(\.identity.sopInstanceUID))
    let strangers = course.otherRecords.filter { record in
      !record.referencedPlans.contains { known.contains($0.sopInstanceUID) }
    }
    if let stranger = strangers.first {
      return .blocked(
        id,
        "\(strangers.count) treatment record\(strangers.count == 1 ? "" : "s") (\(stranger.identity.fileName)) of a plan that is not among the files; add that plan, or leave the records out"
      )
    }
    if let said = SummaryChecks.plan(course) { return said }
    if course.records.isEmpty, !course.summaries.isEmpty {
      return .pass(id, "the treatment summary is of plan \(plan.label)")
    }
    return .pass(
      id,
      course.records.isEmpty
        ? "no treatment records"
        : "\(course.records.count) record\(course.records.count == 1 ? "" : "s") of plan \(plan.label)"
    )
  }
}

import DICOM
import Radiotherapy

/// What the treatment summary records have to say to the verdicts on the treatment; `nil`: nothing
/// against it.
enum SummaryChecks {
  /// Whether a summary denies that the treatment has ended, or brachytherapy was part of it.
  static func complete(_ course: Course, _ part: CoursePlan) -> Check? {
    let id = CheckID.treatmentComplete
    if let summary = part.summary, !summary.hasEnded, !summary.isSuperseded {
      guard let status = summary.record.status else {
        return .blocked(
          id,
          "the treatment summary's status is \(summary.record.statusText.map { "'\($0)'" } ?? "empty") (\(Tag.currentTreatmentStatus)); export it again"
        )
      }
      return .blocked(
        id,
        "the treatment summary says \(status.rawValue); wait for the end of the treatment, and export the summary again"
      )
    }
    if let summary = part.summary, part.records.isEmpty, summary.completion == nil {
      let lacking =
        summary.delivered == nil
        ? "how many fractions were delivered" : summary.last == nil ? "a date" : nil
      if let lacking {
        return .blocked(
          id, "the treatment summary does not say \(lacking); add the treatment records")
      }
      if let first = summary.contradictions.first {
        return .blocked(id, "\(first); export the records of this plan")
      }
    }
    let fractions = (course.summaries + course.otherSummaries).map(\.brachytherapyFractions).max()
    if let fractions, fractions > 0 {
      return .warning(
        id,
        "the treatment summary lists \(fractions) fraction\(fractions == 1 ? "" : "s") of brachytherapy, which this map does not show"
      )
    }
    let count = course.brachyRecords.count
    if count > 0 {
      return .warning(
        id,
        "\(count) brachytherapy treatment record\(count == 1 ? "" : "s") among the files; this map does not show that dose"
      )
    }
    return nil
  }

  static func fractions(_ course: Course, _ part: CoursePlan) -> Check? {
    let id = CheckID.treatmentFractions
    guard let summary = part.summary else { return nil }
    let found = summary.contradictions.filter { !$0.isOfDates }
    if let first = found.first(where: { !$0.isOfDose }) {
      return .blocked(id, "\(first); put right what is wrong, and export records and summary again")
    }
    if part.records.isEmpty, !course.isOfSeveralPlans, let said = course.request.fractions,
      said != summary.delivered
    {
      return .blocked(
        id,
        "--fractions \(said) contradicts the treatment summary, which says \(summary.delivered ?? 0)"
      )
    }
    if let first = found.first {
      return .overridable(id, "\(first); is it the summary of this treatment?")
    }
    return nil
  }

  static func dates(_ part: CoursePlan) -> Check? {
    guard let first = part.summary?.contradictions.first(where: \.isOfDates) else { return nil }
    return .blocked(
      .treatmentDates, "\(first); put right what is wrong, and export records and summary again")
  }

  /// Summaries and brachytherapy records that name a plan which is not here, or none.
  static func plan(_ course: Course, _ part: CoursePlan) -> Check? {
    let id = CheckID.treatmentPlan
    if let plan = part.plan,
      course.brachyRecords.contains(where: { record in
        record.referencedPlans.contains { $0.sopInstanceUID == plan.identity.sopInstanceUID }
      })
    {
      return .blocked(
        id, "plan \(plan.label) was delivered as brachytherapy, of which no map is made")
    }
    let known = Set(course.allPlans.map(\.identity.sopInstanceUID))
    let strangers = course.otherSummaries.filter { summary in
      !summary.referencedPlans.contains { known.contains($0.sopInstanceUID) }
    }
    guard let stranger = strangers.first else { return nil }
    return .blocked(
      id,
      stranger.referencedPlans.isEmpty
        ? "the treatment summary \(stranger.identity.fileName) names no plan; leave it out, or export it again"
        : "the treatment summary \(stranger.identity.fileName) is of a plan that is not among the files; add that plan, or leave the summary out"
    )
  }

  /// Whether a summary or a brachytherapy record shows that something of a plan was given.
  static func isDelivered(_ plan: RTPlan, of course: Course) -> Bool {
    let uid = plan.identity.sopInstanceUID
    return course.otherSummaries.contains { summary in
      ((summary.delivered ?? 0) > 0 || summary.brachytherapyFractions > 0)
        && summary.referencedPlans.contains { $0.sopInstanceUID == uid }
    }
      || course.brachyRecords.contains { record in
        record.referencedPlans.contains { $0.sopInstanceUID == uid }
      }
  }

  /// What a verdict adds where records and summary say the same.
  static func agreement(_ course: Course) -> String {
    let summaries = course.plans.filter { !$0.records.isEmpty }.compactMap(\.summary)
    guard let summary = summaries.first else { return "" }
    return summary.isSuperseded
      ? "; an earlier treatment summary agrees as far as it goes" : "; the treatment summary agrees"
  }
}

extension SummaryEvidence.Contradiction {
  var isOfDose: Bool {
    if case .dose = self { true } else { false }
  }
}

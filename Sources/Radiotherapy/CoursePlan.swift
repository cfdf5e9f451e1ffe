import DICOM

/// One plan of a course: its dose, and what was delivered of it.
package struct CoursePlan: Sendable {
  /// The plan that the dose names, or that was asked for; `nil` where it is not among the files.
  package let plan: RTPlan?
  /// The plan's dose, or those of its beams; empty where the first plan's dose is this plan's too.
  package let doses: [RTDose]
  package let records: [TreatmentRecord]
  /// Whether the records name another plan's UID, but have the plan's beams and metersets.
  package let areRecordsOfRenamedPlan: Bool
  package let delivered: DeliveredCourse?
  /// What the treatment summary records of the plan say; `nil` where there are none.
  package let summary: SummaryEvidence?
  package let summaries: [SummaryRecord]
  package let structureSet: StructureSet?
  /// The way from the dose's frame of reference to the scan's.
  package let join: Result<FrameJoin, FrameJoin.Failure>

  /// What messages call the plan.
  package var name: String {
    guard let plan else { return "without a name" }
    return plan.label.isEmpty ? plan.identity.fileName : plan.label
  }

  /// Whether the dose is what the treatment records gave rather than what was planned.
  package var isDoseOfRecords: Bool {
    !doses.isEmpty && doses.allSatisfy { $0.summation == "RECORD" }
  }

  /// - Parameter others: the other plans of the course, which may own records as well.
  init(
    plan: RTPlan?, doses: [RTDose], others: [RTPlan], inventory: Inventory,
    join: Result<FrameJoin, FrameJoin.Failure>
  ) {
    self.plan = plan
    self.doses = doses
    self.join = join
    let uid = plan?.identity.sopInstanceUID
    let own = inventory.records.filter { record in
      record.referencedPlans.contains { $0.sopInstanceUID == uid }
    }
    let renamed = own.isEmpty ? Self.renamed(plan, others: others, inventory) : []
    areRecordsOfRenamedPlan = !renamed.isEmpty
    let counted = own.isEmpty ? renamed : own
    records = counted
    delivered =
      counted.isEmpty ? nil : plan.map { DeliveredCourse(plan: $0, records: counted) }
    let summaries = inventory.summaries.filter { summary in
      summary.referencedPlans.contains { $0.sopInstanceUID == uid }
    }
    self.summaries = summaries
    summary = plan.flatMap { [delivered] in
      SummaryEvidence(plan: $0, summaries: summaries, counted: delivered)
    }
    let referencedSets = plan?.referencedStructureSets.map(\.sopInstanceUID) ?? []
    structureSet =
      inventory.structureSets.first { referencedSets.contains($0.identity.sopInstanceUID) }
  }

  /// Records of a plan that is not there which have this plan's beams and metersets, and no other's.
  private static func renamed(
    _ plan: RTPlan?, others: [RTPlan], _ inventory: Inventory
  ) -> [TreatmentRecord] {
    guard let plan else { return [] }
    let known = Set(inventory.plans.map(\.identity.sopInstanceUID))
    let strangers = inventory.records.filter { record in
      !record.referencedPlans.contains { known.contains($0.sopInstanceUID) }
    }
    let matching = strangers.filter { $0.matches(plan) }
    if others.isEmpty {
      // One plan alone: what does not match it is of something else, and so may the rest be.
      return matching.count == inventory.records.count ? matching : []
    }
    return matching.contains { record in others.contains(where: record.matches) } ? [] : matching
  }

  /// When the plan began: its first fraction, else its own date.
  var begin: CalendarDate? { delivered?.first ?? summary?.record.firstDate ?? plan?.date }

  /// Whether records or a summary show what was delivered.
  package var isEvidenced: Bool { delivered?.last != nil || summary?.completion != nil }
}

import DICOM
package import Radiotherapy

/// Makes the summary of a course from what was found in its files and what was said beside them.
package struct CourseSummaryMaking {
  package let summary: TreatmentSummary
  /// What was assumed or worked out, for the person who is to answer for it.
  package let notes: [String]

  /// - Parameter wanted: SOP Instance UIDs of the course's plans; all treatments where none is named.
  package init(
    of inventory: Inventory, details: SummaryDetails, plans wanted: [String] = []
  ) throws(SummaryError) {
    let plans = try CoursePlans.plans(of: inventory, wanted, details)
    let replaced = try CoursePlans.replaced(among: plans, details)
    let patient = try CoursePlans.patient(of: plans, details)
    try SummaryStatus.check(
      details.status, of: plans, kept: plans.filter { !replaced.values.contains($0.uid) })
    let volumes = try VolumeFinding(plans: plans, details: details)
    let basis = MakingBasis(
      details: details, patientID: patient.id ?? "", plans: plans, replaced: replaced,
      volumes: volumes)
    let phases = try CoursePhase.all(of: plans, replaced: replaced, details)
    var planMaking = PlanMaking(basis, phases)
    let parts = try planMaking.parts()
    var phaseMaking = PhaseMaking(basis, phases, plans: parts)
    let made = try phaseMaking.parts()
    let course = CourseMaking(basis: basis, phases: phases, made: made, plans: parts).part()
    summary = TreatmentSummary(
      patient: patient, volumes: volumes.volumes, course: course, phases: made.map(\.part),
      plans: parts)
    var notes = basis.siteNotes + volumes.notes + planMaking.notes + phaseMaking.notes
    for plan in plans {
      if plan.said != nil {
        notes.append(
          "plan \(plan.name): fractions and days are those of the details; there are no treatment records"
        )
      }
      if let whole = plan.plan.fractionsPlanned, whole != plan.fractionsPlanned {
        notes.append(
          "plan \(plan.name): \(plan.fractionsPlanned) of its \(whole) fractions are meant, by the details"
        )
      }
    }
    if !wanted.isEmpty, !inventory.brachyRecords.isEmpty {
      notes.append(
        "\(inventory.brachyRecords.count) brachytherapy records are left out: not supported")
    }
    let open = plans.filter { !$0.isComplete && !replaced.values.contains($0.uid) }
    if details.status == .inProgress, open.isEmpty {
      notes.append("all planned fractions were delivered; is course.status 'completed'?")
    }
    for plan in plans where plan.plan.approval != "APPROVED" {
      notes.append("plan \(plan.name) is not marked as approved")
    }
    self.notes = notes
  }
}

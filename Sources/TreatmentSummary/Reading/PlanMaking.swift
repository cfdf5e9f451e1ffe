import DICOM
import Radiotherapy

/// The plans of a summary: each with its prescription, plan and delivery.
struct PlanMaking {
  let basis: MakingBasis
  let phases: [CoursePhase]
  private(set) var notes: [String] = []

  init(_ basis: MakingBasis, _ phases: [CoursePhase]) {
    self.basis = basis
    self.phases = phases
  }

  mutating func parts() throws(SummaryError) -> [TreatmentSummary.Part] {
    var parts: [TreatmentSummary.Part] = []
    for index in basis.plans.indices { parts.append(try part(index)) }
    return parts
  }

  private mutating func part(_ index: Int) throws(SummaryError) -> TreatmentSummary.Part {
    let plan = basis.plans[index]
    let phase = phases.firstIndex { $0.plans.contains(index) } ?? 0
    var part = basis.part()
    part.phase = phase
    let radiation = try RadiationReading.radiation(of: plan, basis.details)
    part.radiations = [radiation.radiation]
    notes += radiation.notes
    part.guidance = GuidanceReading.guidance(of: plan, basis.details)
    part.devices = DeviceReading.devices(of: plan, basis.details)
    part.revisionReason = basis.revisionReason(plan)
    part.plan = .init(uid: plan.uid, sopClass: plan.plan.identity.sopClassUID)
    let status = basis.status(index)
    var planned = order("treatment-plan", plan, status)
    planned.authoredOn = basis.authoredOn(plan)
    planned.requester = basis.requester(plan)
    planned.fractions = plan.fractionsPlanned
    planned.doses = basis.volumes.targets[index].map { target in
      var dose = Self.dose(target, total: target.planned)
      dose.fractions = plan.fractionsPlanned
      dose.perFraction = DoseSums.share(of: target.planned, plan.fractionsPlanned)
      return dose
    }
    var prescribed = order("plan-prescription", plan, status)
    prescribed.fractions = planned.fractions
    prescribed.doses = planned.doses.map(DoseSums.prescribed)
    prescribed.authoredOn = basis.details.prescription?.authoredOn ?? planned.authoredOn
    prescribed.requester = basis.requester(plan)
    let prescriptions = PrescriptionMaking(basis: basis, phases: phases)
    if phases[phase].plans.count == 1 {
      try prescriptions.apply(prescriptions.said(phases[phase]), to: &prescribed)
    } else if let said = phases[phase].prescription {
      // Doses and fractions are those of all plans together; who ordered them, and when, is not.
      prescribed.authoredOn = said.authoredOn ?? prescribed.authoredOn
      prescribed.requester = said.requester ?? prescribed.requester
    }
    part.planned = planned
    part.prescribed = prescribed
    if let delivery = status.delivery {
      part.treated = try treated(plan, index, status: delivery)
    }
    return part
  }

  private func order(
    _ kind: String, _ plan: PlanCourse, _ status: SummaryStatus
  ) -> TreatmentSummary.Order {
    let name = SummaryName(kind, plan.uid)
    // The plan is known by the UID of its own instance, whatever is derived of it by another.
    var order = TreatmentSummary.Order(
      reference: name.fullURL, uid: kind == "treatment-plan" ? plan.uid : name.uid,
      name: plan.name, status: status.order)
    if let old = basis.replaced[plan.uid] { order.replaces = SummaryName(kind, old).fullURL }
    return order
  }

  private mutating func treated(
    _ plan: PlanCourse, _ index: Int, status: String
  ) throws(SummaryError) -> TreatmentSummary.Delivery {
    let name = SummaryName("treated-plan", plan.uid)
    var treated = TreatmentSummary.Delivery(
      reference: name.fullURL, uid: name.uid, name: plan.name, status: status)
    treated.fractions = plan.fractionsDelivered
    // Why the course was stopped, not why another plan was taken for this one.
    if status == "stopped", !basis.isReplaced(index) {
      treated.statusReason = basis.details.statusReason
    }
    basis.setPeriod(of: &treated, [index])
    var isComputed = false
    for target in basis.volumes.targets[index] {
      let name = basis.volumes.volumes[target.volume].name
      let delivered = try plan.deliveredDose(
        of: target.reference, called: name, planned: target.planned)
      switch delivered.source {
      case .recorded: break
      case .metersets: isComputed = true
      case .partlyRecorded(let count):
        isComputed = true
        notes.append(
          "plan \(plan.name): only \(count) of its \(plan.sessions.count) records calculate the dose to \(name)"
        )
      }
      var dose = Self.dose(target, total: delivered.dose)
      dose.fractions = plan.fractionsDelivered
      dose.perFraction = DoseSums.share(of: target.planned, plan.fractionsPlanned)
      treated.doses.append(dose)
    }
    if isComputed, plan.isBegun {
      notes.append(
        "plan \(plan.name): delivered doses worked out from \(plan.delivered == nil ? "fractions" : "metersets"), not recorded"
      )
    }
    if let partial = plan.delivered?.fractions.first(where: { !$0.isWhole }) {
      notes.append(
        "plan \(plan.name): fraction \(partial.number) was given in part and does not count as a fraction"
      )
    }
    let proofs = plan.records.map(\.identity) + (plan.summary.map { [$0.record.identity] } ?? [])
    treated.records = proofs.map { .init(uid: $0.sopInstanceUID, sopClass: $0.sopClassUID) }
    return treated
  }

  private static func dose(
    _ target: VolumeFinding.Target, total: CentiGray
  ) -> TreatmentSummary.Dose {
    var dose = TreatmentSummary.Dose(volume: target.volume)
    dose.total = total
    dose.isPrimary = target.isPrimary
    if target.reference.isPoint { dose.isPoint = true }
    return dose
  }
}

import DICOM
import Radiotherapy

/// The phases of a summary: sums of their plans.
struct PhaseMaking {
  let basis: MakingBasis
  let phases: [CoursePhase]
  private let plans: [TreatmentSummary.Part]
  private(set) var notes: [String] = []

  init(_ basis: MakingBasis, _ phases: [CoursePhase], plans: [TreatmentSummary.Part]) {
    self.basis = basis
    self.phases = phases
    self.plans = plans
  }

  /// A phase as a part, and what it counts for in the course.
  struct Made {
    var part: TreatmentSummary.Part
    /// What is planned of it: of a phase that was replaced, what was given of it.
    var planned: [TreatmentSummary.Dose]
    var prescribed: [TreatmentSummary.Dose]
  }

  mutating func parts() throws(SummaryError) -> [Made] {
    var made: [Made] = []
    for phase in phases { made.append(try part(phase)) }
    noteSameDays()
    return made
  }

  private mutating func part(_ phase: CoursePhase) throws(SummaryError) -> Made {
    let own = phase.plans.map { plans[$0] }
    let kept = phase.plans.filter { !basis.isReplaced($0) }
    let isReplaced = kept.isEmpty
    let status = status(phase, kept)
    var part = basis.part()
    part.radiations = DoseSums.merged(own.flatMap(\.radiations))
    if part.radiations.count > 1 {
      notes.append("phase \(phase.name): several modalities; they are told of its plans only")
      part.radiations = []
    }
    part.guidance = TreatmentSummary.Guidance(merging: own.map(\.guidance))
    part.devices = DeviceReading.merged(own.map(\.devices))
    part.revisionReason = own.lazy.compactMap(\.revisionReason).first

    var planned = order("planned-phase", phase, status)
    planned.period = phase.scheduled
    planned.authoredOn = own.lazy.compactMap { $0.planned?.authoredOn }.min()
    planned.requester = own.lazy.compactMap { $0.planned?.requester }.first
    // Of what was replaced counts what was given: the rest is the new plan's.
    let counted = sum(phase, phase.plans.filter { !basis.isReplaced($0) || given($0) > 0 }) {
      basis.isReplaced($0) ? plans[$0].treated?.doses : plans[$0].planned?.doses
    }
    let fractions = { (indices: [Int], count: (Int) -> Int) in
      let counts = indices.map(count)
      return phase.isConcurrent ? counts.max() ?? 0 : counts.reduce(0, +)
    }
    if isReplaced {
      planned.fractions = fractions(phase.plans) { basis.plans[$0].fractionsPlanned }
      planned.doses = sum(phase, phase.plans) { plans[$0].planned?.doses }
    } else {
      planned.fractions = fractions(phase.plans) {
        basis.isReplaced($0) ? given($0) : basis.plans[$0].fractionsPlanned
      }
      planned.doses = counted
    }
    Self.keepShares(of: &planned)
    var prescribed = order("phase-prescription", phase, status)
    prescribed.name = "\(basis.details.courseName) / \(phase.name)"
    prescribed.fractions = planned.fractions
    prescribed.doses = planned.doses.map(DoseSums.prescribed)
    prescribed.authoredOn = basis.details.prescription?.authoredOn ?? planned.authoredOn
    prescribed.requester = planned.requester
    let prescriptions = PrescriptionMaking(basis: basis, phases: phases)
    let said = prescriptions.said(phase)
    try prescriptions.apply(said, to: &prescribed)
    if said?.doses.isEmpty ?? true {
      notes.append(
        "phase \(phase.name): the prescription is not in the details; taken to be what was planned")
    }
    part.planned = planned
    part.prescribed = prescribed
    if let delivery = status.delivery {
      let name = SummaryName("treated-phase", basis.courseKey, phase.id)
      var treated = TreatmentSummary.Delivery(
        reference: name.fullURL, uid: name.uid, name: phase.name, status: delivery)
      treated.fractions = fractions(phase.plans, given)
      if delivery == "stopped", !isReplaced {
        treated.statusReason = basis.details.statusReason
      }
      basis.setPeriod(of: &treated, phase.plans)
      treated.doses = sum(phase, phase.plans) { plans[$0].treated?.doses }
      part.treated = treated
    }
    return Made(
      part: part, planned: isReplaced ? counted : planned.doses,
      prescribed: isReplaced ? counted.map(DoseSums.prescribed) : prescribed.doses)
  }

  private func status(_ phase: CoursePhase, _ kept: [Int]) -> SummaryStatus {
    let isBegun = phase.plans.contains { basis.plans[$0].isBegun }
    guard !kept.isEmpty else {
      return SummaryStatus(order: "revoked", delivery: isBegun ? "stopped" : "not-done")
    }
    let status = SummaryStatus(ofPhase: kept.map(basis.status), in: basis.details.status)
    // The plans that are left were not begun; the phase was, with a plan that they replace.
    guard isBegun, status.delivery == nil || status.delivery == "not-done" else { return status }
    return basis.details.status.hasEnded
      ? SummaryStatus(order: "revoked", delivery: "stopped") : SummaryStatus(basis.details.status)
  }

  private func given(_ plan: Int) -> Int { basis.plans[plan].fractionsDelivered }

  private func sum(
    _ phase: CoursePhase, _ indices: [Int], _ doses: (Int) -> [TreatmentSummary.Dose]?
  ) -> [TreatmentSummary.Dose] {
    let all = indices.flatMap { doses($0) ?? [] }
    return phase.isConcurrent ? DoseSums.concurrent(all) : DoseSums.sequential(all)
  }

  /// A phase's fraction gives its share to a volume only where each of its fractions does.
  private static func keepShares(of order: inout TreatmentSummary.Order) {
    for index in order.doses.indices where order.doses[index].fractions != order.fractions {
      order.doses[index].perFraction = nil
    }
  }

  private func order(
    _ kind: String, _ phase: CoursePhase, _ status: SummaryStatus
  ) -> TreatmentSummary.Order {
    let name = SummaryName(kind, basis.courseKey, phase.id)
    var order = TreatmentSummary.Order(
      reference: name.fullURL, uid: name.uid, name: phase.name, status: status.order)
    if let old = replacedPhase(phase) {
      order.replaces = SummaryName(kind, basis.courseKey, old.id).fullURL
    }
    return order
  }

  /// The phase that this one stands in for: all plans of it were replaced, by plans of this one.
  private func replacedPhase(_ phase: CoursePhase) -> CoursePhase? {
    let gone = phase.plans.compactMap { basis.replaced[basis.plans[$0].uid] }
    return phases.first { other in
      other.id != phase.id
        && other.plans.allSatisfy { gone.contains(basis.plans[$0].uid) }
    }
  }

  /// Phases that were treated on the same days are perhaps one, of concurrent plans.
  private mutating func noteSameDays() {
    func days(_ phase: CoursePhase) -> Set<String> {
      Set(phase.plans.flatMap { basis.plans[$0].sessions }.compactMap { $0.begin?.date.iso })
    }
    for (place, phase) in phases.enumerated() {
      for other in phases[(place + 1)...] {
        let same = days(phase).intersection(days(other))
        guard same.count > 1 else { continue }
        notes.append(
          "phases \(phase.name) and \(other.name) were treated on the same \(same.count) days; if their plans go together, say so with one phase of sum 'concurrent'"
        )
      }
    }
  }
}

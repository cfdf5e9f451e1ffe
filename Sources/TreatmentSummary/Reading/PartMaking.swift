import DICOM
import Radiotherapy

/// Builds course, phases and plans of a summary from what was found.
struct PartMaking {
  /// A phase and its plans' indices.
  struct Phase {
    let id: String
    let name: String
    let plans: [Int]
    let isConcurrent: Bool
    let prescription: SummaryDetails.Prescription?
  }

  let details: SummaryDetails
  let patientID: String
  let plans: [PlanCourse]
  /// Which plan stands in for which: UIDs.
  let replaced: [String: String]
  let volumes: VolumeFinding
  private(set) var notes: [String] = []

  init(
    details: SummaryDetails, patientID: String, plans: [PlanCourse], replaced: [String: String],
    volumes: VolumeFinding
  ) {
    self.details = details
    self.patientID = patientID
    self.plans = plans
    self.replaced = replaced
    self.volumes = volumes
  }

  /// What all derived names of the course have in common.
  private var courseKey: String {
    "\(details.systems.patient)|\(patientID)|\(details.courseID)"
  }

  private func isReplaced(_ index: Int) -> Bool {
    replaced.values.contains(plans[index].uid)
  }

  /// The phases as they were said; else each plan is one.
  mutating func makePhases() throws(SummaryError) -> [Phase] {
    guard !details.phases.isEmpty else {
      // A plan that stands in for another one goes on with its phase.
      var phases: [[Int]] = []
      for (index, plan) in plans.enumerated() {
        if let old = replaced[plan.uid],
          let place = phases.firstIndex(where: { $0.contains { plans[$0].uid == old } })
        {
          phases[place].append(index)
        } else {
          phases.append([index])
        }
      }
      return phases.enumerated().map { index, plans in
        Phase(
          id: "\(index + 1)", name: "\(index + 1)", plans: plans, isConcurrent: false,
          prescription: nil)
      }
    }
    var taken: Set<Int> = []
    var phases: [Phase] = []
    for said in details.phases {
      guard !phases.contains(where: { $0.id == said.id }) else {
        throw .phases("'\(said.id)' stands there twice")
      }
      var own: [Int] = []
      for name in said.plans {
        let plan = try CoursePlans.plan(name, among: plans)
        let index = plans.firstIndex { $0.uid == plan.uid } ?? 0
        guard taken.insert(index).inserted else {
          throw .phases("plan \(name) is in two phases")
        }
        own.append(index)
      }
      phases.append(
        Phase(
          id: said.id, name: said.name, plans: own, isConcurrent: said.isConcurrent,
          prescription: said.prescription))
    }
    if let left = plans.indices.first(where: { !taken.contains($0) }) {
      throw .phases("plan \(plans[left].name) is in none of them")
    }
    return phases
  }

  // What holds for every part of the course.
  private func frame() -> TreatmentSummary.Part {
    var part = TreatmentSummary.Part()
    part.diagnoses = details.diagnoses
    part.sites = details.sites
    if part.sites.isEmpty {
      let words = Set(plans.flatMap(\.plan.sites)).sorted()
      part.sites = words.map { .init(location: Concept([], text: $0), laterality: nil) }
    }
    part.performer =
      details.performer
      ?? plans.lazy.flatMap(\.sessions).compactMap(\.institution).first
      ?? plans.lazy.compactMap(\.plan.institution).first
    part.location = details.location
    return part
  }

  private func requester(_ plan: PlanCourse) -> String? {
    if let said = details.prescription?.requester { return said }
    let name =
      plan.plan.approval == "APPROVED"
      ? plan.plan.reviewer ?? plan.plan.physicians.first : plan.plan.physicians.first
    return name.flatMap { PersonName($0).spoken }
  }

  private func authoredOn(_ plan: PlanCourse) -> String? {
    plan.plan.date.map {
      FHIRTime.text(
        TreatmentMoment(date: $0, time: plan.plan.time), own: plan.plan.timezone,
        zone: details.zone)
    }
  }

  private func moment(_ moment: TreatmentMoment?, of plan: PlanCourse) -> String? {
    moment.map {
      FHIRTime.text(
        $0, own: plan.sessions.lazy.compactMap(\.timezone).first ?? plan.plan.timezone,
        zone: details.zone)
    }
  }

  /// The plans, each with its prescription, plan and delivery.
  mutating func makePlans(_ phases: [Phase]) throws(SummaryError) -> [TreatmentSummary.Part] {
    var parts: [TreatmentSummary.Part] = []
    for (index, plan) in plans.enumerated() {
      let phase = phases.firstIndex { $0.plans.contains(index) } ?? 0
      var part = frame()
      part.phase = phase
      part.radiations = [try RadiationReading.radiation(of: plan, details)]
      let said = details.plans[plan.plan.label] ?? details.plans[plan.uid]
      part.revisionReason = said?.reason
      part.plan = .init(uid: plan.uid, sopClass: plan.plan.identity.sopClassUID)
      let status = SummaryStatus(of: plan, isReplaced: isReplaced(index), in: details.status)
      let name = SummaryName("treatment-plan", plan.uid)
      var planned = TreatmentSummary.Order(
        reference: name.fullURL, uid: plan.uid, name: plan.name, status: status.order)
      planned.authoredOn = authoredOn(plan)
      planned.requester = requester(plan)
      planned.fractions = plan.fractionsPlanned
      planned.doses = volumes.targets[index].map { target in
        dose(target, total: target.planned, fractions: plan.fractionsPlanned)
      }
      let ordered = SummaryName("plan-prescription", plan.uid)
      var prescribed = TreatmentSummary.Order(
        reference: ordered.fullURL, uid: ordered.uid, name: plan.name, status: status.order)
      prescribed.fractions = planned.fractions
      prescribed.doses = planned.doses.map(Self.withoutPlanFlags)
      if let old = replaced[plan.uid] {
        planned.replaces = SummaryName("treatment-plan", old).fullURL
        prescribed.replaces = SummaryName("plan-prescription", old).fullURL
      }
      try apply(
        phases[phase].plans.count == 1 ? prescription(of: phases[phase], phases) : nil,
        to: &prescribed)
      prescribed.authoredOn = details.prescription?.authoredOn ?? planned.authoredOn
      prescribed.requester = requester(plan)
      part.planned = planned
      part.prescribed = prescribed
      if let delivery = status.delivery {
        part.treated = try treated(plan, index, status: delivery)
      }
      parts.append(part)
    }
    return parts
  }

  private mutating func treated(
    _ plan: PlanCourse, _ index: Int, status: String
  ) throws(SummaryError) -> TreatmentSummary.Delivery {
    let name = SummaryName("treated-plan", plan.uid)
    var treated = TreatmentSummary.Delivery(
      reference: name.fullURL, uid: name.uid, name: plan.name, status: status)
    treated.fractions = plan.fractionsDelivered
    treated.start = moment(plan.begin, of: plan)
    if status != "in-progress", status != "on-hold" { treated.end = moment(plan.end, of: plan) }
    var isComputed = false
    for target in volumes.targets[index] {
      let delivered = try plan.deliveredDose(of: target.reference, planned: target.planned)
      isComputed = isComputed || delivered.isComputed
      treated.doses.append(dose(target, total: delivered.dose, fractions: nil))
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
    treated.records = plan.records.map {
      .init(uid: $0.identity.sopInstanceUID, sopClass: $0.identity.sopClassUID)
    }
    return treated
  }

  private func dose(
    _ target: VolumeFinding.Target, total: CentiGray, fractions: Int?
  ) -> TreatmentSummary.Dose {
    var dose = TreatmentSummary.Dose(volume: target.volume)
    dose.total = total
    if let fractions { dose.perFraction = Self.share(of: total, fractions) }
    dose.isPrimary = target.isPrimary
    if target.reference.isPoint { dose.isPoint = true }
    return dose
  }

  /// Prescriptions know neither of a plan's primary dose nor of points.
  static func withoutPlanFlags(_ dose: TreatmentSummary.Dose) -> TreatmentSummary.Dose {
    var dose = dose
    dose.isPrimary = nil
    dose.isPoint = nil
    return dose
  }

  static func share(of total: CentiGray, _ fractions: Int) -> CentiGray? {
    guard fractions > 0 else { return nil }
    return CentiGray(centigray: total.centigray / Double(fractions))
  }

  /// What was said to be prescribed in a phase.
  private func prescription(
    of phase: Phase, _ phases: [Phase]
  ) -> SummaryDetails.Prescription? {
    phase.prescription ?? (phases.count == 1 ? details.prescription : nil)
  }

  /// Puts what was said to be prescribed in the place of what was planned.
  private func apply(
    _ said: SummaryDetails.Prescription?, to order: inout TreatmentSummary.Order
  ) throws(SummaryError) {
    guard let said else { return }
    if let fractions = said.fractions { order.fractions = fractions }
    for (name, gray) in said.doses.sorted(by: { $0.key < $1.key }) {
      guard let total = CentiGray(gray: gray) else { throw .dose("\(gray) Gy to \(name)") }
      let places = order.doses.indices.filter {
        volumes.volumes[order.doses[$0].volume].name == name
      }
      guard let place = places.first else {
        throw .volume(name, "prescription.dosesGy names it, and no plan treats it")
      }
      order.doses[place].total = total
    }
    for index in order.doses.indices {
      guard let total = order.doses[index].total else { continue }
      order.doses[index].perFraction = order.fractions.flatMap { Self.share(of: total, $0) }
    }
    if let date = said.authoredOn { order.authoredOn = date }
    if let requester = said.requester { order.requester = requester }
  }
}

extension PartMaking {
  /// The phases as parts: sums of their plans.
  mutating func makePhaseParts(
    _ phases: [Phase], _ parts: [TreatmentSummary.Part]
  ) throws(SummaryError) -> [TreatmentSummary.Part] {
    var made: [TreatmentSummary.Part] = []
    for phase in phases {
      let own = phase.plans.map { parts[$0] }
      let kept = phase.plans.filter { !isReplaced($0) }
      let status = SummaryStatus(
        ofPhase: kept.map { SummaryStatus(of: plans[$0], isReplaced: false, in: details.status) },
        in: details.status)
      var part = frame()
      part.radiations = Self.merged(own.flatMap(\.radiations), keepsEnergies: true)
      if part.radiations.count > 1 {
        notes.append("phase \(phase.name): several modalities; they are told of its plans only")
        part.radiations = []
      }
      part.revisionReason = own.lazy.compactMap(\.revisionReason).first
      let planName = SummaryName("planned-phase", courseKey, phase.id)
      var planned = TreatmentSummary.Order(
        reference: planName.fullURL, uid: planName.uid, name: phase.name, status: status.order)
      // What was replaced counts with what was given of it: the rest is the new plan's.
      let counts = phase.plans.map {
        isReplaced($0) ? plans[$0].fractionsDelivered : plans[$0].fractionsPlanned
      }
      planned.fractions = phase.isConcurrent ? counts.max() : counts.reduce(0, +)
      planned.authoredOn = own.lazy.compactMap { $0.planned?.authoredOn }.min()
      planned.requester = own.lazy.compactMap { $0.planned?.requester }.first
      planned.doses = Self.summed(
        phase.plans.flatMap { index in
          (isReplaced(index) ? parts[index].treated?.doses : parts[index].planned?.doses) ?? []
        }, fractions: planned.fractions)
      let orderName = SummaryName("phase-prescription", courseKey, phase.id)
      var prescribed = TreatmentSummary.Order(
        reference: orderName.fullURL, uid: orderName.uid,
        name: "\(details.courseName) / \(phase.name)", status: status.order)
      prescribed.fractions = planned.fractions
      prescribed.doses = planned.doses.map(Self.withoutPlanFlags)
      prescribed.authoredOn = details.prescription?.authoredOn ?? planned.authoredOn
      prescribed.requester = planned.requester
      let said = prescription(of: phase, phases)
      try apply(said, to: &prescribed)
      if said?.doses.isEmpty ?? true {
        notes.append(
          "phase \(phase.name): the prescription is not in the details; taken to be what was planned"
        )
      }
      part.planned = planned
      part.prescribed = prescribed
      if let delivery = status.delivery {
        let name = SummaryName("treated-phase", courseKey, phase.id)
        var treated = TreatmentSummary.Delivery(
          reference: name.fullURL, uid: name.uid, name: phase.name, status: delivery)
        let fractions = phase.plans.map { plans[$0].fractionsDelivered }
        treated.fractions = phase.isConcurrent ? fractions.max() : fractions.reduce(0, +)
        setPeriod(of: &treated, phase.plans)
        treated.doses = Self.summed(own.flatMap { $0.treated?.doses ?? [] }, fractions: nil)
        part.treated = treated
      }
      made.append(part)
    }
    return made
  }

  private func setPeriod(of treated: inout TreatmentSummary.Delivery, _ indices: [Int]) {
    let begun = indices.map { plans[$0] }
    if let first = begun.filter({ $0.begin != nil }).min(by: {
      ($0.begin ?? TreatmentMoment(date: .earliest, time: nil))
        < ($1.begin ?? TreatmentMoment(date: .earliest, time: nil))
    }) {
      treated.start = moment(first.begin, of: first)
    }
    guard treated.status != "in-progress", treated.status != "on-hold" else { return }
    if let last = begun.filter({ $0.end != nil }).max(by: {
      ($0.end ?? TreatmentMoment(date: .earliest, time: nil))
        < ($1.end ?? TreatmentMoment(date: .earliest, time: nil))
    }) {
      treated.end = moment(last.end, of: last)
    }
  }

  /// The course: sums of its phases.
  func makeCourse(
    _ phases: [TreatmentSummary.Part], _ parts: [TreatmentSummary.Part]
  ) -> TreatmentSummary.Part {
    let status = SummaryStatus(details.status)
    var course = frame()
    course.intent =
      (details.intent ?? plans.lazy.compactMap { Self.intent($0.plan.intent) }.first).map(
        Concept.init)
    course.isReirradiation = details.isReirradiation
    course.radiations = Self.merged(parts.flatMap(\.radiations), keepsEnergies: false)
    let orderName = SummaryName("course-prescription", courseKey)
    var prescribed = TreatmentSummary.Order(
      reference: orderName.fullURL, uid: orderName.uid, name: details.courseName,
      status: status.order)
    prescribed.authoredOn = phases.lazy.compactMap { $0.prescribed?.authoredOn }.min()
    prescribed.requester = phases.lazy.compactMap { $0.prescribed?.requester }.first
    prescribed.doses = courseDoses(phases.compactMap(\.prescribed).map { ($0.doses, $0.fractions) })
    course.prescribed = prescribed
    let planName = SummaryName("planned-course", courseKey)
    var planned = TreatmentSummary.Order(
      reference: planName.fullURL, uid: planName.uid, name: details.courseName,
      status: status.order)
    planned.authoredOn = phases.lazy.compactMap { $0.planned?.authoredOn }.min()
    planned.requester = phases.lazy.compactMap { $0.planned?.requester }.first
    planned.doses = courseDoses(phases.compactMap(\.planned).map { ($0.doses, $0.fractions) })
    course.planned = planned
    guard let delivery = status.delivery else { return course }
    let name = SummaryName("course-summary", courseKey)
    var treated = TreatmentSummary.Delivery(
      reference: name.fullURL, uid: name.uid, name: details.courseName, status: delivery)
    treated.statusReason = details.statusReason
    treated.sessions = Set(plans.flatMap(\.sessionNames)).count
    setPeriod(of: &treated, Array(plans.indices))
    treated.doses = courseDoses(phases.compactMap(\.treated).map { ($0.doses, $0.fractions) })
    for index in treated.doses.indices {
      let volume = treated.doses[index].volume
      let own = phases.filter { phase in
        (phase.planned?.doses ?? []).contains { $0.volume == volume }
      }
      let kinds = Set(
        own.map { phase in
          let dose = phase.planned?.doses.first { $0.volume == volume }?.perFraction
          return "\(phase.radiations.map(\.modality))|\(dose.map { "\($0.hundredths)" } ?? "?")"
        })
      treated.doses[index].isUniform = kinds.count <= 1
    }
    course.treated = treated
    return course
  }

  private func courseDoses(
    _ phases: [(doses: [TreatmentSummary.Dose], fractions: Int?)]
  ) -> [TreatmentSummary.Dose] {
    var doses = Self.summed(phases.flatMap(\.doses), fractions: nil)
    for index in doses.indices {
      doses[index].perFraction = nil
      let counts = phases.filter { $0.doses.contains { $0.volume == doses[index].volume } }
        .compactMap(\.fractions)
      doses[index].fractions = counts.isEmpty ? nil : counts.reduce(0, +)
    }
    return doses
  }

  private static func intent(_ text: String?) -> Coding? {
    switch text {
    case "CURATIVE": Terminology.intents["curative"]
    case "PALLIATIVE": Terminology.intents["palliative"]
    case "PROPHYLACTIC": Terminology.intents["preventive"]
    default: nil
    }
  }

  /// Doses to the same volume added up.
  ///
  /// - Parameter fractions: in how many they are given, where each gives the same.
  private static func summed(
    _ doses: [TreatmentSummary.Dose], fractions: Int?
  ) -> [TreatmentSummary.Dose] {
    var sums: [TreatmentSummary.Dose] = []
    for dose in doses {
      guard let place = sums.firstIndex(where: { $0.volume == dose.volume }) else {
        sums.append(dose)
        continue
      }
      if let more = dose.total { sums[place].total = (sums[place].total).map { $0 + more } ?? more }
      if dose.perFraction != sums[place].perFraction { sums[place].perFraction = nil }
      if dose.isPrimary != sums[place].isPrimary { sums[place].isPrimary = nil }
      if dose.isPoint == true { sums[place].isPoint = true }
    }
    for index in sums.indices {
      // What does not add up to the total over all fractions is not each fraction's dose.
      guard let fractions, let total = sums[index].total, let each = sums[index].perFraction,
        let product = CentiGray(centigray: each.centigray * Double(fractions)),
        product.isNear(total)
      else {
        sums[index].perFraction = nil
        continue
      }
    }
    return sums
  }

  /// What several radiations have in common: one for each modality.
  private static func merged(
    _ radiations: [TreatmentSummary.Radiation], keepsEnergies: Bool
  ) -> [TreatmentSummary.Radiation] {
    var merged: [TreatmentSummary.Radiation] = []
    for radiation in radiations {
      guard let place = merged.firstIndex(where: { $0.modality == radiation.modality }) else {
        merged.append(radiation)
        continue
      }
      for technique in radiation.techniques where !merged[place].techniques.contains(technique) {
        merged[place].techniques.append(technique)
      }
      for energy in radiation.energies where !merged[place].energies.contains(energy) {
        merged[place].energies.append(energy)
      }
    }
    if !keepsEnergies {
      for index in merged.indices { merged[index].energies = [] }
    }
    return merged
  }
}

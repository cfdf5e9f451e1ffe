import Radiotherapy

/// The course of a summary: sums of its phases.
struct CourseMaking {
  let basis: MakingBasis
  let phases: [CoursePhase]
  let made: [PhaseMaking.Made]
  let plans: [TreatmentSummary.Part]

  func part() -> TreatmentSummary.Part {
    let details = basis.details
    let status = SummaryStatus(details.status)
    var course = basis.part()
    course.intent =
      (details.intent ?? basis.plans.lazy.compactMap { Self.intent($0.plan.intent) }.first).map(
        Concept.init)
    course.isReirradiation = details.isReirradiation
    course.radiations = DoseSums.merged(plans.flatMap(\.radiations)).map { radiation in
      var radiation = radiation
      radiation.energies = []
      radiation.isotopes = []
      return radiation
    }
    course.guidance = TreatmentSummary.Guidance(merging: plans.map(\.guidance))
    course.devices = DeviceReading.merged(plans.map(\.devices))
    var prescribed = order("course-prescription", status)
    prescribed.authoredOn = made.lazy.compactMap { $0.part.prescribed?.authoredOn }.min()
    prescribed.requester = made.lazy.compactMap { $0.part.prescribed?.requester }.first
    prescribed.doses = courseDoses(made.flatMap(\.prescribed))
    course.prescribed = prescribed
    var planned = order("planned-course", status)
    planned.period = details.scheduled
    planned.authoredOn = made.lazy.compactMap { $0.part.planned?.authoredOn }.min()
    planned.requester = made.lazy.compactMap { $0.part.planned?.requester }.first
    planned.doses = courseDoses(made.flatMap(\.planned))
    course.planned = planned
    guard let delivery = status.delivery else { return course }
    let name = SummaryName("course-summary", basis.courseKey)
    var treated = TreatmentSummary.Delivery(
      reference: name.fullURL, uid: name.uid, name: details.courseName, status: delivery)
    treated.statusReason = details.statusReason
    let sessions = Set(basis.plans.flatMap(\.sessionNames)).count
    // Fractions without a day of their own do not say in how many sessions they were given.
    let isCounted = basis.plans.allSatisfy {
      $0.fractionsDelivered == 0 || !$0.sessionNames.isEmpty
    }
    treated.sessions = isCounted ? sessions : nil
    basis.setPeriod(of: &treated, Array(basis.plans.indices))
    treated.doses = courseDoses(made.flatMap { $0.part.treated?.doses ?? [] })
    for index in treated.doses.indices {
      let volume = treated.doses[index].volume
      treated.doses[index].isUniform = isUniform(volume)
      treated.doses[index].metrics =
        details.volumes[basis.volumes.volumes[volume].name]?.metrics ?? []
    }
    course.treated = treated
    return course
  }

  private func order(_ kind: String, _ status: SummaryStatus) -> TreatmentSummary.Order {
    let name = SummaryName(kind, basis.courseKey)
    return TreatmentSummary.Order(
      reference: name.fullURL, uid: name.uid, name: basis.details.courseName,
      status: status.order)
  }

  private func courseDoses(_ doses: [TreatmentSummary.Dose]) -> [TreatmentSummary.Dose] {
    DoseSums.sequential(doses).map { dose in
      var dose = dose
      dose.perFraction = nil
      return dose
    }
  }

  /// Whether a volume got the same dose of the same radiation with every fraction of the course.
  private func isUniform(_ volume: Int) -> Bool {
    var kinds: Set<String> = []
    for phase in phases {
      let own = phase.plans.filter { index in
        (plans[index].planned?.doses ?? []).contains { $0.volume == volume }
          && !(basis.isReplaced(index) && !basis.plans[index].isBegun)
      }
      guard !own.isEmpty else { continue }
      for index in own { kinds.insert("of \(plans[index].radiations.map(\.modality))") }
      let doses = own.flatMap { plans[$0].planned?.doses ?? [] }.filter { $0.volume == volume }
      let sums = phase.isConcurrent ? DoseSums.concurrent(doses) : doses
      for dose in sums {
        guard let each = dose.perFraction else { return false }
        kinds.insert("\(each.hundredths)")
      }
    }
    // One modality, one dose.
    return kinds.count <= 2
  }

  private static func intent(_ text: String?) -> Coding? {
    switch text {
    case "CURATIVE": Terminology.intents["curative"]
    case "PALLIATIVE": Terminology.intents["palliative"]
    case "PROPHYLACTIC": Terminology.intents["preventive"]
    default: nil
    }
  }
}

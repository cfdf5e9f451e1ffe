import JSON

/// Orders and deliveries as entries of the Bundle.
extension BundleWriting {
  func entry(
    _ order: TreatmentSummary.Order, _ profile: Profile, _ part: TreatmentSummary.Part,
    basedOn: [TreatmentSummary.Order?]
  ) -> JSON {
    let system =
      switch (profile.kind, profile.level) {
      case (.prescription, _): systems.prescription
      case (_, .course): systems.course
      case (_, .phase): systems.phase
      default: systems.plan
      }
    var resource = head(profile, part, doses: order.doses, fractions: order.fractions)
    resource["identifier"] = identifiers(system: system, name: order.name, uid: order.uid)
    let grounds = basedOn.compactMap { $0 }.map { reference($0.reference) }
    if !grounds.isEmpty { resource["basedOn"] = .array(grounds) }
    if let old = order.replaces { resource["replaces"] = [reference(old)] }
    resource["status"] = .string(order.status)
    resource["intent"] = profile.intent.map(JSON.string)
    resource["category"] = [Concept(Terminology.category).json]
    resource["code"] = profile.code.map { Concept($0).json }
    resource["subject"] = reference(summary.patient.reference)
    resource["authoredOn"] = order.authoredOn.map(JSON.string)
    resource["requester"] = order.requester.map { ["display": .string($0)] }
    if profile.kind == .plan, !part.devices.isEmpty {
      resource["performer"] = .array(part.devices.map(reference))
    }
    resource["locationReference"] = part.location.map { [["display": .string($0)]] }
    if let period = order.period { resource["occurrencePeriod"] = json(period.start, period.end) }
    addReasons(part, to: &resource)
    return Self.update(order.reference, resource, uid: order.uid)
  }

  func entry(
    _ treated: TreatmentSummary.Delivery, _ profile: Profile, _ part: TreatmentSummary.Part,
    basedOn: [TreatmentSummary.Order?], partOf: [TreatmentSummary.Delivery?]
  ) -> JSON {
    let system =
      switch profile.level {
      case .course: systems.course
      case .phase: systems.phase
      default: systems.plan
      }
    var resource = head(
      profile, part, doses: treated.doses, fractions: treated.fractions,
      sessions: treated.sessions, records: treated.records)
    resource["identifier"] = identifiers(system: system, name: treated.name, uid: treated.uid)
    let grounds = basedOn.compactMap { $0 }.map { reference($0.reference) }
    if !grounds.isEmpty { resource["basedOn"] = .array(grounds) }
    let wholes = partOf.compactMap { $0 }.map { reference($0.reference) }
    if !wholes.isEmpty { resource["partOf"] = .array(wholes) }
    resource["status"] = .string(treated.status)
    resource["statusReason"] = treated.statusReason?.json
    resource["category"] = Concept(Terminology.category).json
    resource["code"] = profile.code.map { Concept($0).json }
    resource["subject"] = reference(summary.patient.reference)
    if treated.start != nil { resource["performedPeriod"] = json(treated.start, treated.end) }
    resource["performer"] = part.performer.map { [["actor": ["display": .string($0)]]] }
    resource["location"] = part.location.map { ["display": .string($0)] }
    if !part.devices.isEmpty {
      resource["usedReference"] = .array(part.devices.map(reference))
    }
    addReasons(part, to: &resource)
    return Self.update(treated.reference, resource, uid: treated.uid)
  }

  private func addReasons(_ part: TreatmentSummary.Part, to resource: inout JSON) {
    if !part.diagnoses.isEmpty { resource["reasonCode"] = .array(part.diagnoses.map(\.json)) }
    if !part.conditions.isEmpty {
      resource["reasonReference"] = .array(part.conditions.map(reference))
    }
    guard !part.sites.isEmpty else { return }
    resource["bodySite"] = .array(
      part.sites.map { site in
        var concept = site.location.json
        let narrowed =
          site.qualifiers.map { Self.concept(Canonical.locationQualifier, $0) }
          + (site.laterality.map { [Self.concept(Canonical.laterality, $0)] } ?? [])
        if !narrowed.isEmpty { concept["extension"] = .array(narrowed) }
        return concept
      })
  }

  private func reference(_ device: TreatmentSummary.Device) -> JSON {
    guard let reference = device.reference else {
      return ["type": "Device", "display": .string(device.words)]
    }
    return ["reference": .string(reference), "display": .string(device.words)]
  }

  private func json(_ start: String?, _ end: String?) -> JSON {
    var period: JSON = .object([:])
    period["start"] = start.map(JSON.string)
    period["end"] = end.map(JSON.string)
    return period
  }
}

import JSON

/// Course, phases and plans from their resources.
extension BundleReading {
  /// A delivery with what it is based on.
  mutating func part(_ resource: ResourceIndex.Resource) -> TreatmentSummary.Part {
    let index = index
    let grounds = (resource.json["basedOn"]?.arrayValue ?? []).compactMap {
      index[$0["reference"]?.stringValue]
    }
    let planned = grounds.first { Self.profile(of: $0.json)?.kind == .plan }
    let prescribed = grounds.first { Self.profile(of: $0.json)?.kind == .prescription }
    var part = planned.map { orders(from: $0, prescribed: prescribed) } ?? TreatmentSummary.Part()
    if planned == nil, let prescribed { part.prescribed = order(prescribed) }
    let json = resource.json
    describe(&part, json)
    var treated = TreatmentSummary.Delivery(
      reference: resource.fullURL, uid: Self.uid(of: json) ?? "", name: Self.name(of: json),
      status: json["status"]?.stringValue ?? "")
    treated.statusReason = Concept(json["statusReason"])
    treated.start = json["performedPeriod"]?["start"]?.stringValue
    treated.end = json["performedPeriod"]?["end"]?.stringValue
    treated.fractions =
      Self.extensions(json, Canonical.fractionsDelivered).first?["valueUnsignedInt"]?.integerValue
    treated.sessions =
      Self.extensions(json, Canonical.sessions).first?["valueUnsignedInt"]?.integerValue
    treated.doses = doses(json, Canonical.doseDelivered)
    treated.records = Self.extensions(json, Canonical.dicomReference).compactMap(Self.instance)
    part.treated = treated
    return part
  }

  mutating func orders(
    from planned: ResourceIndex.Resource, prescribed: ResourceIndex.Resource?
  ) -> TreatmentSummary.Part {
    var part = TreatmentSummary.Part()
    describe(&part, planned.json)
    part.planned = order(planned)
    part.plan =
      Self.extensions(planned.json, Canonical.dicomReference).compactMap(Self.instance).first
    let level = Self.profile(of: planned.json)?.level
    let prescription =
      prescribed
      ?? (planned.json["basedOn"]?.arrayValue ?? []).lazy
      .compactMap { [index] in index[$0["reference"]?.stringValue] }
      .first {
        let profile = Self.profile(of: $0.json)
        return profile?.kind == .prescription && profile?.level == level
      }
    if let prescription { part.prescribed = order(prescription) }
    return part
  }

  private mutating func order(_ resource: ResourceIndex.Resource) -> TreatmentSummary.Order {
    let json = resource.json
    var order = TreatmentSummary.Order(
      reference: resource.fullURL, uid: Self.uid(of: json) ?? "", name: Self.name(of: json),
      status: json["status"]?.stringValue ?? "")
    order.authoredOn = json["authoredOn"]?.stringValue
    order.requester = json["requester"]?["display"]?.stringValue
    for url in [Canonical.fractionsPrescribed, Canonical.fractionsPlanned] {
      if let count = Self.extensions(json, url).first?["valuePositiveInt"]?.integerValue {
        order.fractions = count
      }
    }
    order.doses = doses(json, Canonical.dosePrescribed) + doses(json, Canonical.dosePlanned)
    order.replaces = json["replaces"]?[0]?["reference"]?.stringValue
    if let period = json["occurrencePeriod"] {
      order.period = TreatmentSummary.Period(
        start: period["start"]?.stringValue, end: period["end"]?.stringValue)
    }
    return order
  }

  private func describe(_ part: inout TreatmentSummary.Part, _ json: JSON) {
    part.intent = Concept(Self.extensions(json, Canonical.intent).first?["valueCodeableConcept"])
    part.isReirradiation =
      Self.extensions(json, Canonical.reirradiation).first?["valueBoolean"]?.boolValue
    part.radiations = Self.extensions(json, Canonical.modalityAndTechnique).compactMap(
      Self.radiation)
    part.guidance = Self.guidance(json)
    part.devices = devices(json)
    part.conditions = (json["reasonReference"]?.arrayValue ?? []).compactMap {
      $0["reference"]?.stringValue
    }
    part.diagnoses = (json["reasonCode"]?.arrayValue ?? []).compactMap { Concept($0) }
    part.sites = (json["bodySite"]?.arrayValue ?? []).compactMap { site in
      Concept(site).map { location in
        TreatmentSummary.Site(
          location: location,
          laterality: Concept(
            Self.extensions(site, Canonical.laterality).first?["valueCodeableConcept"]),
          qualifiers: Self.concepts(site, Canonical.locationQualifier))
      }
    }
    // An order's performer is the machine.
    part.performer = json["performer"]?[0]?["actor"]?["display"]?.stringValue
    part.location = (json["location"] ?? json["locationReference"]?[0])?["display"]?.stringValue
    part.revisionReason = Concept(
      Self.extensions(json, Canonical.revision).first?["valueCodeableConcept"])
  }

  private func devices(_ json: JSON) -> [TreatmentSummary.Device] {
    let isDelivery = json["resourceType"]?.stringValue == "Procedure"
    let references = json[isDelivery ? "usedReference" : "performer"]?.arrayValue ?? []
    return references.compactMap { reference in
      let text = reference["reference"]?.stringValue
      guard let found = index[text], found.type == "Device" else {
        let isDevice = reference["type"]?.stringValue ?? "Device" == "Device"
        guard isDevice, let words = reference["display"]?.stringValue else { return nil }
        return TreatmentSummary.Device(name: words)
      }
      func name(_ type: String) -> String? {
        (found.json["deviceName"]?.arrayValue ?? []).first { $0["type"]?.stringValue == type }?[
          "name"]?.stringValue
      }
      let model = name("manufacturer-name")
      var device = TreatmentSummary.Device(
        name: name("user-friendly-name") ?? model ?? Self.name(of: found.json))
      device.manufacturer = found.json["manufacturer"]?.stringValue
      device.model = model
      device.serial = found.json["serialNumber"]?.stringValue
      device.reference = found.fullURL
      return device
    }
  }
}

import JSON

/// What the extensions of orders and deliveries say.
extension BundleReading {
  mutating func doses(_ json: JSON, _ url: String) -> [TreatmentSummary.Dose] {
    var doses: [TreatmentSummary.Dose] = []
    for nested in Self.extensions(json, url) {
      let reference = Self.extensions(nested, "volume").first?["valueReference"]
      var dose = TreatmentSummary.Dose(volume: volume(reference))
      for url in ["totalDose", "totalDoseDelivered"] {
        if let found = Self.dose(nested, url) { dose.total = found }
      }
      dose.perFraction = Self.dose(nested, "fractionDose")
      dose.fractions =
        Self.extensions(nested, "fractions").first?["valuePositiveInt"]?.integerValue
        ?? Self.extensions(nested, "fractionsDelivered").first?["valueUnsignedInt"]?.integerValue
      dose.isUniform = Self.extensions(nested, Canonical.uniform).first?["valueBoolean"]?.boolValue
      dose.isPrimary =
        Self.extensions(nested, Canonical.primaryDose).first?["valueBoolean"]?.boolValue
      dose.metrics = Self.extensions(nested, Canonical.metric).compactMap { metric in
        guard let value = metric["valueQuantity"]?["value"]?.doubleValue,
          let unit = metric["valueQuantity"]?["unit"]?.stringValue
        else { return nil }
        return TreatmentSummary.Metric(unit, value)
      }
      dose.isPoint = Self.extensions(nested, Canonical.pointDose).first?["valueBoolean"]?.boolValue
      doses.append(dose)
    }
    return doses
  }

  /// Centigray, and nothing else: another unit is no dose that could be compared.
  private static func dose(_ nested: JSON, _ url: String) -> CentiGray? {
    guard let quantity = extensions(nested, url).first?["valueQuantity"],
      quantity["code"]?.stringValue == "cGy", let value = quantity["value"]?.doubleValue
    else { return nil }
    return CentiGray(centigray: value)
  }

  private mutating func volume(_ reference: JSON?) -> Int {
    let text = reference?["reference"]?.stringValue ?? ""
    let resource = index[text]
    let key = resource?.fullURL ?? text
    if let place = volumePlaces[key] { return place }
    let json = resource?.json ?? .null
    var volume = TreatmentSummary.Volume(
      reference: key, uid: Self.uid(of: json) ?? "",
      name: resource == nil
        ? reference?["display"]?.stringValue ?? text : Self.name(of: json))
    volume.morphology = Concept(json["morphology"])
    volume.location = Concept(json["location"])
    volume.qualifiers = (json["locationQualifier"]?.arrayValue ?? []).compactMap { Concept($0) }
    volume.description = json["description"]?.stringValue
    volumes.append(volume)
    volumePlaces[key] = volumes.count - 1
    return volumes.count - 1
  }

  static func instance(_ nested: JSON) -> TreatmentSummary.DICOMInstance? {
    guard let uid = extensions(nested, "instanceUid").first?["valueId"]?.stringValue else {
      return nil
    }
    let sopClass = extensions(nested, "sopClass").first?["valueCoding"]?["code"]?.stringValue
    return .init(
      uid: uid,
      sopClass: sopClass.map { $0.hasPrefix("urn:oid:") ? String($0.dropFirst(8)) : $0 })
  }

  static func concepts(_ json: JSON, _ url: String) -> [Concept] {
    extensions(json, url).compactMap { Concept($0["valueCodeableConcept"]) }
  }

  static func radiation(_ nested: JSON) -> TreatmentSummary.Radiation? {
    guard let modality = concepts(nested, Canonical.modality).first else { return nil }
    var radiation = TreatmentSummary.Radiation(
      modality: modality, techniques: concepts(nested, Canonical.technique),
      energies: extensions(nested, Canonical.energy).compactMap { energy in
        guard let value = energy["valueQuantity"]?["value"]?.doubleValue else { return nil }
        return TreatmentSummary.Energy(value, energy["valueQuantity"]?["code"]?.stringValue ?? "")
      })
    radiation.isotopes = concepts(nested, Canonical.energy)
    return radiation
  }

  static func guidance(_ json: JSON) -> TreatmentSummary.Guidance {
    var guidance = TreatmentSummary.Guidance()
    guidance.motion = concepts(json, Canonical.motion)
    guidance.freeBreathing = concepts(json, Canonical.freeBreathing)
    guidance.imaging = extensions(json, Canonical.imageGuidance).compactMap { nested in
      concepts(nested, "modality").first.map {
        .init(modality: $0, energy: concepts(nested, "energy").first)
      }
    }
    guidance.verification = extensions(json, Canonical.intrafraction).compactMap { nested in
      concepts(nested, "procedure").first.map {
        .init(procedure: $0, qualifier: concepts(nested, "qualifier").first)
      }
    }
    return guidance
  }
}

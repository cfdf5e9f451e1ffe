import JSON

/// Rule 20: modality, technique and energy go together.
enum RadiationRules {
  static func findings(in resource: CheckedResource) -> [Finding] {
    guard let profile = resource.profile, profile != .volume else { return [] }
    let all = BundleReading.extensions(resource.json, Canonical.modalityAndTechnique)
    var findings: [Finding] = []
    if profile.level != .course, all.count > 1 {
      findings.append(resource.found(20, "one modality and technique at most"))
    }
    for radiation in all { findings += each(radiation, resource) }
    return findings
  }

  private static func each(_ json: JSON, _ resource: CheckedResource) -> [Finding] {
    var findings: [Finding] = []
    let known = [
      Canonical.modality, Canonical.technique, Canonical.energy, Canonical.applicator,
    ]
    for part in json["extension"]?.arrayValue ?? []
    where !known.contains(part["url"]?.stringValue ?? "") {
      findings.append(
        resource.found(
          20, "modality and technique: '\(part["url"]?.stringValue ?? "")' has no place here"))
    }
    let modalities = BundleReading.extensions(json, Canonical.modality)
      .compactMap { Concept($0["valueCodeableConcept"]) }
    guard modalities.count == 1, let modality = modalities.first else {
      return findings + [resource.found(20, "exactly one modality expected")]
    }
    let techniques = BundleReading.extensions(json, Canonical.technique)
      .compactMap { Concept($0["valueCodeableConcept"]) }
    for concept in [modality] + techniques where isUnencoded(concept) && concept.text == nil {
      findings.append(resource.found(20, "UNC without words"))
    }
    let code = modality.codes().first { Terminology.techniquesOfModality[$0] != nil }
    if code == nil, !isUnencoded(modality) {
      findings.append(resource.found(20, "modality \(modality.words) is none of the value set"))
    }
    let everyTechnique = Set(Terminology.techniquesOfModality.values.flatMap(\.self))
    for technique in techniques
    where !isUnencoded(technique) && !technique.codes().contains(where: everyTechnique.contains) {
      findings.append(resource.found(20, "technique \(technique.words) is none of the value set"))
    }
    if let code, let allowed = Terminology.techniquesOfModality[code],
      !techniques.contains(where: { technique in
        isUnencoded(technique) || technique.codes().contains(where: allowed.contains)
      })
    {
      findings.append(resource.found(20, "no technique that goes with \(modality.words)"))
    }
    for energy in BundleReading.extensions(json, Canonical.energy) {
      guard let quantity = energy["valueQuantity"] else { continue }
      let unit = quantity["code"]?.stringValue ?? ""
      let isRight =
        quantity["value"]?.doubleValue != nil
        && quantity["system"]?.stringValue == CodeSystem.ucum
        && ["MV", "kV", "MeV"].contains(unit)
      if !isRight {
        findings.append(resource.found(20, "energy: a number of UCUM MV, kV or MeV expected"))
      } else if code == Terminology.photons, unit == "MeV" {
        findings.append(resource.found(20, "photons have MV or kV, not MeV"))
      } else if let code, Terminology.particles.contains(code), unit == "MV" {
        findings.append(resource.found(20, "particles have MeV, not MV"))
      }
    }
    return findings
  }

  private static func isUnencoded(_ concept: Concept) -> Bool {
    concept.codes(of: CodeSystem.nullFlavor).contains("UNC")
  }
}

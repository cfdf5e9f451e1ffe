import JSON

/// Rules 11, 12, 21, 23 to 25, 32 and 37: extensions, their values and how often they stand.
enum ExtensionRules {
  /// What each extension holds: a value of a type, or extensions (none).
  static let values: [String: [String]] = [
    Canonical.intent: ["valueCodeableConcept"], Canonical.modalityAndTechnique: [],
    Canonical.modality: ["valueCodeableConcept"], Canonical.technique: ["valueCodeableConcept"],
    Canonical.energy: ["valueQuantity", "valueCodeableConcept"],
    Canonical.applicator: ["valueCodeableConcept"],
    Canonical.fractionsPrescribed: ["valuePositiveInt"],
    Canonical.fractionsPlanned: ["valuePositiveInt"],
    Canonical.fractionsDelivered: ["valueUnsignedInt"],
    Canonical.sessions: ["valueUnsignedInt"], Canonical.dosePrescribed: [],
    Canonical.dosePlanned: [], Canonical.doseDelivered: [],
    Canonical.uniform: ["valueBoolean"], Canonical.primaryDose: ["valueBoolean"],
    Canonical.pointDose: ["valueBoolean"], Canonical.metric: ["valueQuantity"],
    Canonical.dicomReference: [], Canonical.reirradiation: ["valueBoolean"],
    Canonical.revision: ["valueCodeableConcept"], Canonical.motion: ["valueCodeableConcept"],
    Canonical.freeBreathing: ["valueCodeableConcept"], Canonical.imageGuidance: [],
    Canonical.intrafraction: [], Canonical.volumeReference: ["valueReference"],
    Canonical.locationQualifier: ["valueCodeableConcept"],
    Canonical.laterality: ["valueCodeableConcept"],
    "volume": ["valueReference"], "totalDose": ["valueQuantity"],
    "fractionDose": ["valueQuantity"], "totalDoseDelivered": ["valueQuantity"],
    "fractions": ["valuePositiveInt"], "fractionsDelivered": ["valueUnsignedInt"],
    "instanceUid": ["valueId"], "sopClass": ["valueCoding"],
    "modality": ["valueCodeableConcept"], "energy": ["valueCodeableConcept"],
    "procedure": ["valueCodeableConcept"], "qualifier": ["valueCodeableConcept"],
  ]

  static func findings(in resource: CheckedResource) -> [Finding] {
    var findings: [Finding] = []
    resource.json.walk { key, value in
      guard key == "extension", value.objectValue != nil else { return }
      findings += each(value, resource)
    }
    guard let profile = resource.profile, profile != .volume else { return findings }
    findings += counts(resource, profile)
    findings += instances(resource, profile)
    findings += motion(resource)
    findings += imaging(resource)
    return findings
  }

  private static func each(_ json: JSON, _ resource: CheckedResource) -> [Finding] {
    let url = json["url"]?.stringValue ?? ""
    let isOurs = url.hasPrefix(Canonical.codexRT) || url.hasPrefix(Canonical.mcode)
    guard let allowed = values[url] else {
      return isOurs ? [resource.found(11, "extension \(url) is not known")] : []
    }
    let held = (json.objectValue?.keys ?? []).filter { $0.hasPrefix("value") }
    let isNested = json["extension"] != nil
    guard held.count == (isNested ? 0 : 1) else {
      return [resource.found(12, "\(short(url)): either a value or extensions expected")]
    }
    guard !allowed.isEmpty else {
      return isNested ? [] : [resource.found(12, "\(short(url)): extensions expected")]
    }
    guard let kind = held.first, allowed.contains(kind), let value = json[kind] else {
      return [resource.found(12, "\(short(url)): \(allowed.joined(separator: " or ")) expected")]
    }
    let isRight =
      switch kind {
      case "valuePositiveInt": value.isWhole && (value.integerValue ?? 0) >= 1
      case "valueUnsignedInt": value.isWhole && (value.integerValue ?? -1) >= 0
      case "valueBoolean": value.boolValue != nil
      case "valueId", "valueString": value.stringValue != nil
      default: value.objectValue != nil
      }
    return isRight
      ? [] : [resource.found(12, "\(short(url)): \(kind) \(value.serialized()) is none")]
  }

  static func short(_ url: String) -> String {
    url.split(separator: "/").last.map(String.init) ?? url
  }

  private static func counts(_ resource: CheckedResource, _ profile: Profile) -> [Finding] {
    func count(_ url: String) -> Int {
      BundleReading.extensions(resource.json, url).count
    }
    var findings: [Finding] = []
    let once = [
      Canonical.intent, Canonical.reirradiation, Canonical.sessions,
      Canonical.fractionsPrescribed, Canonical.fractionsPlanned, Canonical.fractionsDelivered,
    ]
    for url in once where count(url) > 1 {
      findings.append(resource.found(23, "\(short(url)) stands there \(count(url)) times"))
    }
    let isCourse = profile.level == .course
    if count(Canonical.intent) > 0, !isCourse {
      findings.append(resource.found(23, .warning, "a treatment intent belongs to the course"))
    }
    let known = Terminology.intents.values.map(\.code) + Terminology.otherIntents
    for intent in BundleReading.extensions(resource.json, Canonical.intent) {
      let codes = Concept(intent["valueCodeableConcept"])?.codes() ?? []
      if !codes.contains(where: known.contains) {
        findings.append(resource.found(23, .warning, "the intent is none of the value set"))
      }
    }
    if profile.kind != .delivery, let url = profile.fractionsExtension, count(url) != 1 {
      findings.append(resource.found(32, "\(short(url)) expected exactly once"))
    }
    if count(Canonical.sessions) > 0, profile != .courseSummary {
      findings.append(resource.found(37, .warning, "sessions belong to the Course Summary"))
    }
    if count(Canonical.fractionsDelivered) > 0, profile.kind != .delivery || isCourse {
      findings.append(
        resource.found(37, .warning, "fractions-delivered belongs to Treated Phase and Plan"))
    }
    return findings
  }

  private static let plans = ["1.2.840.10008.5.1.4.1.1.481.5", "1.2.840.10008.5.1.4.1.1.481.8"]
  private static let records = [
    "1.2.840.10008.5.1.4.1.1.481.4", "1.2.840.10008.5.1.4.1.1.481.6",
    "1.2.840.10008.5.1.4.1.1.481.7", "1.2.840.10008.5.1.4.1.1.481.9",
  ]

  private static func instances(_ resource: CheckedResource, _ profile: Profile) -> [Finding] {
    let all = BundleReading.extensions(resource.json, Canonical.dicomReference)
    var findings: [Finding] = []
    let expected: [String]? =
      profile == .treatmentPlan ? plans : profile == .treatedPlan ? records : nil
    if profile == .treatmentPlan, all.count > 1 {
      findings.append(resource.found(21, "a Treatment Plan refers to one RT Plan"))
    }
    for reference in all {
      let uids = BundleReading.extensions(reference, "instanceUid")
      if uids.count != 1 || !DICOMUID.isValid(uids[0]["valueId"]?.stringValue ?? "") {
        findings.append(resource.found(21, "instanceUid: one bare UID expected"))
      }
      let sopClasses = BundleReading.extensions(reference, "sopClass")
      if sopClasses.count > 1 {
        findings.append(resource.found(21, "sopClass \(sopClasses.count) times"))
      }
      for item in sopClasses {
        let coding = item["valueCoding"]
        let code = coding?["code"]?.stringValue ?? ""
        if coding?["system"]?.stringValue != CodeSystem.uri || !code.hasPrefix("urn:oid:") {
          findings.append(resource.found(21, "sopClass: urn:oid: of urn:ietf:rfc:3986 expected"))
        } else if let expected, !expected.contains(String(code.dropFirst(8))) {
          findings.append(
            resource.found(
              21,
              profile == .treatmentPlan
                ? "the instance is no RT Plan or RT Ion Plan"
                : "the instance is no treatment record"
            ))
        }
      }
    }
    return findings
  }

  private static func codes(_ resource: CheckedResource, _ url: String) -> [String] {
    BundleReading.extensions(resource.json, url).flatMap {
      Concept($0["valueCodeableConcept"])?.codes() ?? []
    }
  }

  private static func motion(_ resource: CheckedResource) -> [Finding] {
    let management = codes(resource, Canonical.motion)
    var findings: [Finding] = []
    let count = BundleReading.extensions(resource.json, Canonical.motion).count
    if management.contains(where: { !Terminology.motionManagement.contains($0) })
      || management.count < count
    {
      findings.append(resource.found(24, "motion management is none of the value set"))
    }
    if management.contains(Terminology.noMotionManagement), count > 1 {
      findings.append(resource.found(24, "no motion management, and some"))
    }
    if !BundleReading.extensions(resource.json, Canonical.freeBreathing).isEmpty,
      !management.contains(Terminology.freeBreathing)
    {
      findings.append(resource.found(24, "a free-breathing technique without free breathing"))
    }
    return findings
  }

  private static func imaging(_ resource: CheckedResource) -> [Finding] {
    var findings: [Finding] = []
    for guidance in BundleReading.extensions(resource.json, Canonical.imageGuidance) {
      let modalities = BundleReading.extensions(guidance, "modality")
      let codes = modalities.flatMap { Concept($0["valueCodeableConcept"])?.codes() ?? [] }
      if modalities.count != 1 {
        findings.append(resource.found(25, "image guidance: one modality expected"))
      }
      let energies = BundleReading.extensions(guidance, "energy")
      if energies.count > 1 {
        findings.append(resource.found(25, "image guidance: one energy at most"))
      }
      for energy in energies {
        let units = Concept(energy["valueCodeableConcept"])?.codes(of: CodeSystem.ucum) ?? []
        if !codes.contains(where: Terminology.imagingWithEnergy.contains)
          || !units.contains(where: ["kV", "MV"].contains)
        {
          findings.append(
            resource.found(25, "image guidance: kV or MV goes with X-ray, fluoroscopy and CT only"))
        }
      }
    }
    for check in BundleReading.extensions(resource.json, Canonical.intrafraction) {
      let named = BundleReading.extensions(check, "procedure")
      let procedures = named.flatMap { Concept($0["valueCodeableConcept"])?.codes() ?? [] }
      let qualifiers = BundleReading.extensions(check, "qualifier")
      if named.count != 1 || qualifiers.count > 1 {
        findings.append(
          resource.found(25, "intrafraction verification: one procedure, one qualifier at most"))
      }
      if !qualifiers.isEmpty, !procedures.contains(Terminology.plainXRay) {
        findings.append(resource.found(25, "an intrafraction qualifier goes with plain X-ray only"))
      }
    }
    return findings
  }
}

extension JSON {
  /// Whether it is written as a whole number.
  fileprivate var isWhole: Bool {
    if case .integer = self { true } else { false }
  }
}

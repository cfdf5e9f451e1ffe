import JSON

/// Rules 22, 28, 29 and 40: doses to volumes.
enum DoseRules {
  static func findings(in resource: CheckedResource) -> [Finding] {
    guard let profile = resource.profile, let own = profile.doseExtension else { return [] }
    var findings: [Finding] = []
    for url in [Canonical.dosePrescribed, Canonical.dosePlanned, Canonical.doseDelivered]
    where url != own && !BundleReading.extensions(resource.json, url).isEmpty {
      findings.append(resource.found(22, "\(ExtensionRules.short(url)) has no place here"))
    }
    var volumes: Set<String> = []
    for dose in BundleReading.extensions(resource.json, own) {
      findings += parts(dose, resource, profile)
      findings += quantities(dose, resource)
      if profile == .courseSummary,
        BundleReading.extensions(dose, Canonical.uniform).count != 1
      {
        findings.append(resource.found(29, "uniform-fractionation expected once in each dose"))
      }
      findings += product(dose, resource, profile)
      let reference = BundleReading.extensions(dose, "volume").first?["valueReference"]
      let name = reference?["reference"]?.stringValue ?? ""
      if !volumes.insert(name).inserted {
        findings.append(resource.found(22, .warning, "two doses for one volume"))
      }
    }
    return findings
  }

  private static func parts(
    _ dose: JSON, _ resource: CheckedResource, _ profile: Profile
  ) -> [Finding] {
    var findings: [Finding] = []
    let isCourse = profile.level == .course
    var allowed: [String]
    if profile.kind == .delivery {
      allowed = ["volume", "totalDoseDelivered"] + (isCourse ? ["fractionsDelivered"] : [])
    } else {
      allowed = ["volume", "totalDose"] + (isCourse ? ["fractions"] : ["fractionDose"])
    }
    allowed.append(Canonical.metric)
    if profile == .courseSummary { allowed.append(Canonical.uniform) }
    if profile.kind != .prescription { allowed += [Canonical.primaryDose, Canonical.pointDose] }
    var counts: [String: Int] = [:]
    for part in dose["extension"]?.arrayValue ?? [] {
      counts[part["url"]?.stringValue ?? "", default: 0] += 1
    }
    for (url, count) in counts.sorted(by: { $0.key < $1.key }) {
      if !allowed.contains(url) {
        findings.append(
          resource.found(22, "dose to volume: '\(ExtensionRules.short(url))' has no place here"))
      } else if count > 1, url != Canonical.metric {
        findings.append(
          resource.found(22, "dose to volume: '\(ExtensionRules.short(url))' \(count) times"))
      }
    }
    let volumes = BundleReading.extensions(dose, "volume")
    let reference = volumes.first?["valueReference"]
    let type = resource.type(of: reference)
    if volumes.count != 1 || reference?.objectValue == nil
      || type.map({ $0 != "BodyStructure" }) ?? false
    {
      findings.append(resource.found(22, "dose to volume: one volume (BodyStructure) expected"))
    }
    return findings
  }

  private static func quantities(_ dose: JSON, _ resource: CheckedResource) -> [Finding] {
    var findings: [Finding] = []
    for part in dose["extension"]?.arrayValue ?? [] {
      let url = part["url"]?.stringValue ?? ""
      guard ["totalDose", "totalDoseDelivered", "fractionDose"].contains(url),
        let quantity = part["valueQuantity"]
      else { continue }
      guard let value = quantity["value"]?.doubleValue, CentiGray(centigray: value) != nil,
        quantity["system"]?.stringValue == CodeSystem.ucum,
        quantity["code"]?.stringValue == "cGy", (quantity["unit"] ?? "cGy") == "cGy"
      else {
        findings.append(resource.found(28, "\(url): a number of UCUM cGy expected"))
        continue
      }
      if url != "fractionDose", value > 0, value < 100 {
        findings.append(
          resource.found(28, .warning, "\(url) of \(value) cGy: was Gy meant?"))
      }
    }
    return findings
  }

  private static func product(
    _ dose: JSON, _ resource: CheckedResource, _ profile: Profile
  ) -> [Finding] {
    guard profile.kind != .delivery, let url = profile.fractionsExtension,
      let count = BundleReading.extensions(resource.json, url).first?["valuePositiveInt"]?
        .integerValue, (1...9999).contains(count),
      let each = amount(dose, "fractionDose"), let total = amount(dose, "totalDose"),
      let product = CentiGray(centigray: each.centigray * Double(count)), !product.isNear(total)
    else { return [] }
    return [
      resource.found(
        40,
        "\(each.centigray) cGy in \(count) fractions are \(product.centigray) cGy, not \(total.centigray)"
      )
    ]
  }

  static func amount(_ dose: JSON, _ url: String) -> CentiGray? {
    BundleReading.extensions(dose, url).first?["valueQuantity"]?["value"]?.doubleValue
      .flatMap { CentiGray(centigray: $0) }
  }
}

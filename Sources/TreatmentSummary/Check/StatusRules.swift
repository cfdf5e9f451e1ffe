import JSON

/// Rules 30, 31 and 33 to 36: how far an order or a delivery has come, when, and why it ended.
enum StatusRules {
  static func order(_ resource: CheckedResource) -> [Finding] {
    let json = resource.json
    var findings: [Finding] = []
    let status = json["status"]?.stringValue ?? ""
    if !Terminology.orderStatuses.contains(status) {
      findings.append(resource.found(30, "status '\(status)' is none of an order"))
    }
    let forbidden = json.objectValue?.keys.filter { key in
      key == "doNotPerform" || key == "specimen" || key.hasPrefix("quantity")
        || key.hasPrefix("asNeeded")
    }
    for key in forbidden ?? [] {
      findings.append(resource.found(31, "\(key) may not be there"))
    }
    return findings
  }

  static func delivery(_ resource: CheckedResource, _ profile: Profile) -> [Finding] {
    let json = resource.json
    var findings: [Finding] = []
    let status = json["status"]?.stringValue ?? ""
    if !Terminology.deliveryStatuses.contains(status) {
      findings.append(
        resource.found(
          33,
          "status '\(status)' is none of \(Terminology.deliveryStatuses.joined(separator: ", "))"))
    }
    let performed = json.objectValue?.keys.filter { $0.hasPrefix("performed") && $0 != "performer" }
    let start = json["performedPeriod"]?["start"]?.stringValue
    let end = json["performedPeriod"]?["end"]?.stringValue
    if (performed ?? []).contains(where: { $0 != "performedPeriod" }) {
      findings.append(resource.found(34, "only performedPeriod may say when it was performed"))
    } else if ["completed", "in-progress"].contains(status) || json["performedPeriod"] != nil,
      start == nil
    {
      findings.append(resource.found(34, "performedPeriod with a start expected"))
    }
    if ["completed", "stopped"].contains(status), end == nil {
      findings.append(resource.found(35, "performedPeriod.end expected when \(status)"))
    } else if let start, let end, FHIRTime.isBefore(end, start) {
      findings.append(resource.found(35, "it ends before it starts"))
    }
    findings += reason(resource, profile, status)
    return findings
  }

  private static func reason(
    _ resource: CheckedResource, _ profile: Profile, _ status: String
  ) -> [Finding] {
    guard let reason = Concept(resource.json["statusReason"]) else { return [] }
    let ends =
      Terminology.terminations.values.map(\.code) + [Terminology.treatmentCompleted]
    let codes = reason.codings.map(\.code)
    if codes.contains(where: ends.contains), status != "stopped" {
      return [resource.found(36, "a reason of termination goes with status stopped only")]
    }
    if profile == .courseSummary, status == "stopped", !codes.isEmpty,
      !codes.contains(where: ends.contains)
    {
      return [resource.found(36, "none of its status reasons is a reason of termination")]
    }
    return []
  }
}

import JSON

/// Rules 9, 10, 13 to 19, 26, 27, 30, 31 and 33 to 39: what each resource holds.
enum ResourceRules {
  static func findings(in resource: CheckedResource) -> [Finding] {
    var findings = values(resource)
    switch resource.json["resourceType"]?.stringValue {
    case "Patient": findings += patient(resource)
    case "ImagingStudy", "DocumentReference": findings += companions(resource)
    case "ServiceRequest", "Procedure", "BodyStructure":
      findings += claims(resource)
      if let profile = resource.profile {
        findings += identifiers(resource, profile)
        if profile == .volume {
          findings += volume(resource)
        } else {
          findings += common(resource, profile)
          findings += profile.kind == .delivery ? delivery(resource, profile) : order(resource)
        }
      }
    default: break
    }
    return findings
  }

  private static func claims(_ resource: CheckedResource) -> [Finding] {
    let claimed = (resource.json["meta"]?["profile"]?.arrayValue ?? []).compactMap(\.stringValue)
      .map { $0.split(separator: "|").first.map(String.init) ?? $0 }
    let ours = claimed.filter { claim in Profile.allCases.contains { $0.url == claim } }
    guard let profile = resource.profile, ours.contains(profile.url) else {
      return [resource.found(9, "meta.profile does not hold its CodeX RT profile")]
    }
    var findings: [Finding] = []
    if ours.count > 1 {
      findings.append(resource.found(10, "meta.profile claims \(ours.count) of the ten profiles"))
    }
    let codes = Concept(resource.json["code"])?.codes() ?? []
    if let code = profile.code, !codes.contains(code.code) {
      findings.append(resource.found(10, "code is not that of a \(profile.title)"))
    }
    if resource.json["intent"]?.stringValue != profile.intent {
      findings.append(
        resource.found(
          10, "intent is not \(profile.intent ?? "left out"), as the profile demands"))
    }
    return findings
  }

  /// Dates and codings wherever they stand.
  private static func values(_ resource: CheckedResource) -> [Finding] {
    let moments = [
      "authoredOn", "start", "end", "started", "date", "birthDate", "occurrenceDateTime",
    ]
    var findings: [Finding] = []
    resource.json.walk { key, value in
      if moments.contains(key), let text = value.stringValue, !FHIRTime.isDateTime(text) {
        findings.append(resource.found(13, "\(key) '\(text)' is no date, or a time without offset"))
      }
      guard key == "coding" || key == "valueCoding", value.objectValue != nil,
        let code = value["code"]?.stringValue
      else { return }
      if (value["system"]?.stringValue ?? "").isEmpty {
        findings.append(resource.found(13, "code \(code) has no system"))
      }
      if code.first?.isWhitespace == true || code.last?.isWhitespace == true || code.isEmpty {
        findings.append(resource.found(13, "code '\(code)' has blanks around it"))
      }
    }
    return findings
  }

  private static func identifiers(
    _ resource: CheckedResource, _ profile: Profile
  ) -> [Finding] {
    let all = resource.json["identifier"]?.arrayValue ?? []
    let usual = all.filter { $0["use"]?.stringValue == "usual" }
    let official = all.filter { $0["use"]?.stringValue == "official" }
    func has(_ key: String, _ identifier: JSON) -> Bool {
      !(identifier[key]?.stringValue ?? "").isEmpty
    }
    var findings: [Finding] = []
    if usual.count != 1 || !usual.allSatisfy({ has("value", $0) })
      || (profile != .volume && !usual.allSatisfy { has("system", $0) })
    {
      findings.append(
        resource.found(14, "exactly one usual identifier with system and value expected"))
    }
    if official.isEmpty || (profile == .volume && official.count != 1)
      || !official.allSatisfy({ has("value", $0) && has("system", $0) })
    {
      findings.append(
        resource.found(14, "an official identifier with system and value expected"))
    }
    for identifier in all where identifier["system"]?.stringValue == CodeSystem.dicomUID {
      let value = identifier["value"]?.stringValue ?? ""
      if !value.hasPrefix("urn:oid:") || !DICOMUID.isValid(String(value.dropFirst(8))) {
        findings.append(resource.found(15, "'\(value)' is not urn:oid: and a DICOM UID"))
      }
    }
    return findings
  }

  private static func common(_ resource: CheckedResource, _ profile: Profile) -> [Finding] {
    let json = resource.json
    var findings: [Finding] = []
    let levels = [Profile.Level.course, .phase, .plan].map { Profile.code(of: $0).code }
    let codes = Set(Concept(json["code"])?.codes() ?? []).intersection(levels)
    if codes != [profile.code?.code] {
      findings.append(
        resource.found(16, "code must hold \(profile.code?.code ?? "") and no other level"))
    }
    findings += category(resource, profile)
    if resource.type(of: json["subject"]).map({ $0 != "Patient" }) ?? (json["subject"] == nil) {
      findings.append(resource.found(18, "subject is no Patient"))
    }
    findings += links(resource, profile)
    if let reasons = json["reasonReference"]?.arrayValue,
      profile.kind != .delivery || profile == .courseSummary,
      reasons.contains(where: { resource.type(of: $0).map { $0 != "Condition" } ?? false })
    {
      findings.append(resource.found(26, "reasonReference may only refer to a Condition"))
    }
    if json["reasonCode"] == nil, json["reasonReference"] == nil {
      findings.append(resource.found(26, .warning, "no reason (diagnosis) is given"))
    }
    for site in json["bodySite"]?.arrayValue ?? []
    where (Concept(site)?.codes() ?? []).isEmpty {
      findings.append(resource.found(27, .warning, "a body site without a SNOMED code"))
    }
    return findings
  }

  private static func category(_ resource: CheckedResource, _ profile: Profile) -> [Finding] {
    let json = resource.json["category"]
    let isArray = json?.arrayValue != nil
    guard let json, isArray == (profile.kind != .delivery) else {
      return [
        resource.found(
          17, "category: \(profile.kind == .delivery ? "one object" : "an array") expected")
      ]
    }
    let codes = json.list.flatMap { Concept($0)?.codes() ?? [] }
    let known = codes.filter {
      $0 == Terminology.category.code || $0 == Terminology.inactiveCategory
    }
    guard known.count == 1 else {
      return [resource.found(17, "exactly one radiotherapy category expected")]
    }
    return known == [Terminology.inactiveCategory]
      ? [resource.found(17, .warning, "category \(known[0]) is no longer active")] : []
  }

  /// What other resources may be referred to, and how often.
  private static func links(_ resource: CheckedResource, _ profile: Profile) -> [Finding] {
    let json = resource.json
    var findings: [Finding] = []
    let allowed: [(String, [Profile])] = [
      ("basedOn", profile.mayBeBasedOn), ("partOf", profile.mayBePartOf),
      ("replaces", profile.kind == .delivery ? [] : [profile]),
    ]
    for (key, profiles) in allowed {
      guard let value = json[key] else { continue }
      guard let references = value.arrayValue else {
        findings.append(resource.found(19, "\(key): an array expected"))
        continue
      }
      var seen: Set<Profile> = []
      for reference in references {
        guard let target = resource.profile(of: reference) else { continue }
        // Course prescriptions are not constrained in what they are based on.
        if !profiles.contains(target), !(profile == .coursePrescription && key == "basedOn") {
          findings.append(resource.found(19, "\(key) may not refer to a \(target.title)"))
        } else if key != "replaces", !seen.insert(target).inserted {
          findings.append(resource.found(19, "\(key) refers to several \(target.title)s"))
        }
      }
    }
    let requesters = ["Practitioner", "PractitionerRole", "Organization"]
    if let type = resource.type(of: json["requester"]), !requesters.contains(type) {
      findings.append(resource.found(18, "requester may not be a \(type)"))
    }
    let reports = ["DiagnosticReport", "DocumentReference", "Composition"]
    for report in json["report"]?.arrayValue ?? [] {
      if let type = resource.type(of: report), !reports.contains(type) {
        findings.append(resource.found(18, "report may not be a \(type)"))
      }
    }
    if profile.kind == .delivery,
      (json["performer"]?.arrayValue ?? []).contains(where: { $0["actor"] == nil })
    {
      findings.append(resource.found(18, "a performer has no actor"))
    }
    return findings
  }

  private static func order(_ resource: CheckedResource) -> [Finding] {
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

  private static func delivery(_ resource: CheckedResource, _ profile: Profile) -> [Finding] {
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

  private static func volume(_ resource: CheckedResource) -> [Finding] {
    let json = resource.json
    var findings: [Finding] = []
    let official = (json["identifier"]?.arrayValue ?? []).filter {
      $0["use"]?.stringValue == "official"
    }
    if official.contains(where: { $0["system"]?.stringValue != CodeSystem.dicomUID }) {
      findings.append(resource.found(38, "the official identifier's system is not urn:dicom:uid"))
    }
    for key in ["morphology", "location"] {
      if let value = json[key], value.objectValue == nil {
        findings.append(resource.found(38, "\(key): one object expected"))
      }
    }
    if (Concept(json["location"])?.codings.count ?? 0) > 1 {
      findings.append(resource.found(38, "location: one code only"))
    }
    if let value = json["locationQualifier"], value.arrayValue == nil {
      findings.append(resource.found(38, "locationQualifier: an array expected"))
    }
    let types = Terminology.morphologies.values.map(\.code)
    if let morphology = Concept(json["morphology"]), !morphology.codings.isEmpty,
      !morphology.codes().contains(where: types.contains)
    {
      findings.append(resource.found(38, .warning, "the type of volume is none of the value set"))
    }
    if resource.type(of: json["patient"]).map({ $0 != "Patient" }) ?? (json["patient"] == nil) {
      findings.append(resource.found(18, "patient is no Patient"))
    }
    return findings
  }

  private static func patient(_ resource: CheckedResource) -> [Finding] {
    let json = resource.json
    let hasIdentifier = (json["identifier"]?.arrayValue ?? []).contains {
      $0["system"]?.stringValue != nil && $0["value"]?.stringValue != nil
    }
    let hasName = (json["name"]?.arrayValue ?? []).contains {
      $0["family"] != nil || $0["given"] != nil
    }
    let genders = ["male", "female", "other", "unknown"]
    guard hasIdentifier, hasName, genders.contains(json["gender"]?.stringValue ?? "") else {
      return [resource.found(39, "identifier, name and gender expected")]
    }
    return []
  }

  private static func companions(_ resource: CheckedResource) -> [Finding] {
    let json = resource.json
    guard json["status"]?.stringValue != nil else { return [resource.found(39, "no status")] }
    if json["resourceType"]?.stringValue == "DocumentReference" {
      let contents = json["content"]?.arrayValue ?? []
      let isWhole = !contents.isEmpty && contents.allSatisfy { $0["attachment"] != nil }
      return isWhole ? [] : [resource.found(39, "no attachment")]
    }
    for series in json["series"]?.arrayValue ?? [] {
      guard DICOMUID.isValid(series["uid"]?.stringValue ?? "") else {
        return [resource.found(39, "series.uid is no bare UID")]
      }
      guard series["modality"]?["code"]?.stringValue != nil else {
        return [resource.found(39, "a series without modality")]
      }
      for instance in series["instance"]?.arrayValue ?? [] {
        guard DICOMUID.isValid(instance["uid"]?.stringValue ?? ""), instance["sopClass"] != nil
        else { return [resource.found(39, "an instance without bare UID or SOP class")] }
      }
    }
    return []
  }
}

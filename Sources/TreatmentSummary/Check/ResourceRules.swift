import JSON

/// Rules 9, 10, 13 to 19, 26 and 27: what each resource holds, whatever its status.
enum ResourceRules {
  static func findings(in resource: CheckedResource) -> [Finding] {
    var findings = values(resource) + uids(resource)
    switch resource.json["resourceType"]?.stringValue {
    case "Patient": findings += CompanionRules.patient(resource)
    case "ImagingStudy", "DocumentReference": findings += CompanionRules.image(resource)
    case "ServiceRequest", "Procedure", "BodyStructure":
      findings += claims(resource)
      if let profile = resource.profile {
        findings += identifiers(resource, profile)
        if profile == .volume {
          findings += CompanionRules.volume(resource)
        } else {
          findings += common(resource, profile)
          findings +=
            profile.kind == .delivery
            ? StatusRules.delivery(resource, profile) : StatusRules.order(resource)
        }
      }
    default: break
    }
    return findings
  }

  /// Identifiers that are said to be DICOM UIDs; others' data write them in their own way.
  private static func uids(_ resource: CheckedResource) -> [Finding] {
    (resource.json["identifier"]?.list ?? []).compactMap { identifier in
      guard identifier["system"]?.stringValue == CodeSystem.dicomUID else { return nil }
      let value = identifier["value"]?.stringValue ?? ""
      guard !value.hasPrefix("urn:oid:") || !DICOMUID.isValid(String(value.dropFirst(8))) else {
        return nil
      }
      return resource.found(
        15, resource.isOfOthers ? .warning : .error, "'\(value)' is not urn:oid: and a DICOM UID")
    }
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
      guard ["coding", "valueCoding", "modality", "sopClass"].contains(key),
        value.objectValue != nil,
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
    if !resource.isPatient(json["subject"]) {
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
      findings.append(
        resource.found(
          27, .warning, "a body site without a SNOMED code; in the details it is bodySite[].code"))
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
      ("basedOn", profile.mayBeBasedOn), ("partOf", profile.mayBePartOf), ("replaces", [profile]),
    ]
    // What a course is ordered by, and what it is a part of, is left open.
    func isOpen(_ key: String) -> Bool {
      profile == .coursePrescription && key == "basedOn"
        || profile == .courseSummary && key == "partOf"
    }
    for (key, profiles) in allowed {
      guard let value = json[key] else { continue }
      guard let references = value.arrayValue else {
        findings.append(resource.found(19, "\(key): an array expected"))
        continue
      }
      var seen: Set<Profile> = []
      for reference in references where !isOpen(key) {
        guard let target = resource.profile(of: reference) else {
          // What is not here cannot be told; what is here and is none of them is wrong.
          if let other = resource.index[reference["reference"]?.stringValue] {
            findings.append(
              resource.found(19, "\(key) refers to a \(other.type) that is none of the profiles"))
          }
          continue
        }
        if !profiles.contains(target) {
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
}

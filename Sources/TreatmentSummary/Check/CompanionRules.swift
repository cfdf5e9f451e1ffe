import JSON

/// Rules 38 and 39: volumes, the patient, and the images beside a course.
enum CompanionRules {
  static func volume(_ resource: CheckedResource) -> [Finding] {
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
    let isCoded = json["morphology"]?["coding"]?.arrayValue?.isEmpty == false
    if isCoded, !(Concept(json["morphology"])?.codes() ?? []).contains(where: types.contains) {
      findings.append(resource.found(38, .warning, "the type of volume is none of the value set"))
    }
    if !resource.isPatient(json["patient"]) {
      findings.append(resource.found(18, "patient is no Patient"))
    }
    return findings
  }

  static func patient(_ resource: CheckedResource) -> [Finding] {
    let json = resource.json
    let hasIdentifier = (json["identifier"]?.arrayValue ?? []).contains {
      $0["system"]?.stringValue != nil && $0["value"]?.stringValue != nil
    }
    let hasName = (json["name"]?.arrayValue ?? []).contains {
      $0["family"]?.stringValue != nil || $0["given"]?.arrayValue?.isEmpty == false
    }
    let genders = ["male", "female", "other", "unknown"]
    guard hasIdentifier, hasName, genders.contains(json["gender"]?.stringValue ?? "") else {
      return [resource.found(39, "identifier, name and gender expected")]
    }
    return []
  }

  static func image(_ resource: CheckedResource) -> [Finding] {
    let json = resource.json
    guard json["status"]?.stringValue != nil else { return [resource.found(39, "no status")] }
    if json["resourceType"]?.stringValue == "DocumentReference" {
      let contents = json["content"]?.arrayValue ?? []
      let isWhole =
        !contents.isEmpty && contents.allSatisfy { $0["attachment"]?.objectValue != nil }
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
        guard DICOMUID.isValid(instance["uid"]?.stringValue ?? ""),
          instance["sopClass"]?["code"]?.stringValue != nil
        else { return [resource.found(39, "an instance without bare UID or SOP class")] }
      }
    }
    return []
  }
}

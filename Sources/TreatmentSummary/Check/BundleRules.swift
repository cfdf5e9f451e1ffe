import JSON

/// Rules 1 to 8 and 41: entries, requests, references.
enum BundleRules {
  static func findings(in bundle: JSON) -> [Finding] {
    let type = bundle["type"]?.stringValue ?? ""
    let isAnswer = isAnswer(bundle)
    let entries = bundle["entry"]?.arrayValue ?? []
    var findings: [Finding] = []
    if !isAnswer, type != "transaction" {
      findings.append(Finding(1, "Bundle", "type is '\(type)', transaction expected"))
    }
    if entries.isEmpty { findings.append(Finding(1, "Bundle", "there are no entries")) }
    if !isAnswer { findings += requests(entries) }
    findings += identifiers(entries)
    findings += references(entries, isAnswer: isAnswer)
    findings += emptiness(bundle)
    findings += subjects(entries)
    return findings
  }

  /// Whether it is what a server sends back, which is no request.
  static func isAnswer(_ bundle: JSON) -> Bool {
    ["searchset", "collection", "transaction-response"].contains(
      bundle["type"]?.stringValue ?? "")
  }

  private static func requests(_ entries: [JSON]) -> [Finding] {
    var findings: [Finding] = []
    var names: Set<String> = []
    var conditions: Set<String> = []
    for (number, entry) in entries.enumerated() {
      let place = "entry \(number + 1)"
      let name = entry["fullUrl"]?.stringValue ?? ""
      if !isUUID(name) {
        findings.append(Finding(2, place, "fullUrl '\(name)' is no urn:uuid: in lower case"))
      } else if !names.insert(name).inserted {
        findings.append(Finding(2, place, "fullUrl '\(name)' stands there twice"))
      }
      let resource = entry["resource"] ?? .null
      let type = resource["resourceType"]?.stringValue ?? ""
      let method = entry["request"]?["method"]?.stringValue ?? ""
      let url = entry["request"]?["url"]?.stringValue ?? ""
      let isOfType =
        url == type || url.hasPrefix(type + "/") || url.hasPrefix(type + "?")
      if !["PUT", "POST"].contains(method) {
        findings.append(Finding(3, place, "request.method is '\(method)', PUT or POST expected"))
      } else if type.isEmpty || !isOfType {
        findings.append(Finding(3, place, "request.url '\(url)' is not of a \(type)"))
      } else if method == "PUT", [type, type + "/", type + "?"].contains(url) {
        findings.append(Finding(3, place, "a PUT needs an id or a condition"))
      }
      var condition: String?
      if method == "POST" {
        condition = entry["request"]?["ifNoneExist"]?.stringValue
        if condition == nil {
          findings.append(Finding(4, place, "a POST needs ifNoneExist, or a second run doubles it"))
        }
      } else if let mark = url.firstIndex(of: "?") {
        condition = String(url[url.index(after: mark)...])
      }
      if let condition {
        if !isOwn(condition, resource) {
          findings.append(
            Finding(
              4, place, "condition '\(condition)' is not identifier= one of the resource's own"))
        }
        if !conditions.insert("\(type)?\(condition)").inserted {
          findings.append(Finding(5, place, "condition '\(condition)' stands there twice"))
        }
      }
    }
    let patients = entries.filter { $0["resource"]?["resourceType"]?.stringValue == "Patient" }
    if patients.count != 1 {
      findings.append(Finding(6, "Bundle", "\(patients.count) patients, exactly one expected"))
    }
    return findings
  }

  private static func isUUID(_ name: String) -> Bool {
    let groups = name.dropFirst(9).split(separator: "-", omittingEmptySubsequences: false)
    return name.hasPrefix("urn:uuid:") && groups.map(\.utf8.count) == [8, 4, 4, 4, 12]
      && groups.joined().utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
      }
  }

  private static func isOwn(_ condition: String, _ resource: JSON) -> Bool {
    guard condition.hasPrefix("identifier="), !condition.contains("|"), !condition.contains("?"),
      let token = FHIRQuery.decoded(String(condition.dropFirst("identifier=".count)))
    else { return false }
    return (resource["identifier"]?.arrayValue ?? []).contains { identifier in
      "\(identifier["system"]?.stringValue ?? "")|\(identifier["value"]?.stringValue ?? "")"
        == token
    }
  }

  private static func identifiers(_ entries: [JSON]) -> [Finding] {
    var seen: Set<String> = []
    var findings: [Finding] = []
    for entry in entries {
      let resource = entry["resource"] ?? .null
      let type = resource["resourceType"]?.stringValue ?? ""
      for identifier in resource["identifier"]?.arrayValue ?? []
      where identifier["use"]?.stringValue == "official" {
        let value = identifier["value"]?.stringValue ?? ""
        let key = "\(type)|\(identifier["system"]?.stringValue ?? "")|\(value)"
        if !seen.insert(key).inserted {
          findings.append(Finding(5, type, "the official identifier \(value) stands there twice"))
        }
      }
    }
    return findings
  }

  private static func references(_ entries: [JSON], isAnswer: Bool) -> [Finding] {
    let names = Set(entries.compactMap { $0["fullUrl"]?.stringValue })
    let locals = Set(
      entries.compactMap { entry -> String? in
        guard let resource = entry["resource"], let id = resource["id"]?.stringValue else {
          return nil
        }
        return "\(resource["resourceType"]?.stringValue ?? "")/\(id)"
      })
    var findings: [Finding] = []
    for (number, entry) in entries.enumerated() {
      (entry["resource"] ?? .null).walk { key, value in
        guard key == "reference", let text = value.stringValue else { return }
        if text.hasPrefix("urn:uuid:") {
          if !names.contains(text) {
            findings.append(
              Finding(7, "entry \(number + 1)", "refers to \(text), which is no entry"))
          }
        } else if isAnswer,
          !locals.contains(text.split(separator: "/").suffix(2).joined(separator: "/")),
          !names.contains(text)
        {
          findings.append(
            Finding(7, .warning, "entry \(number + 1)", "refers to \(text), which is not here"))
        }
      }
    }
    return findings
  }

  private static func emptiness(_ bundle: JSON) -> [Finding] {
    var findings: [Finding] = []
    for (number, entry) in (bundle["entry"]?.arrayValue ?? []).enumerated() {
      entry.walk { key, value in
        let what: String? =
          switch value {
          case .null: "null"
          case .string(let text) where text.isEmpty: "an empty string"
          case .array(let values) where values.isEmpty: "an empty array"
          case .object(let object) where object.isEmpty: "an empty object"
          default: nil
          }
        if let what {
          findings.append(Finding(8, "entry \(number + 1)", "\(key) is \(what); leave it out"))
        }
      }
    }
    return findings
  }

  private static func subjects(_ entries: [JSON]) -> [Finding] {
    let subjects = Set(
      entries.compactMap { entry -> String? in
        let resource = entry["resource"]
        return (resource?["subject"] ?? resource?["patient"])?["reference"]?.stringValue
      })
    return subjects.count > 1
      ? [Finding(41, "Bundle", "the resources are of \(subjects.count) patients")] : []
  }
}

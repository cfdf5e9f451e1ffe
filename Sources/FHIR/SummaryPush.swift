import HTTP
package import JSON
package import TreatmentSummary

/// Puts a summary's Bundle onto a server: whole by transaction, else resource by resource.
///
/// IHE-RO XRTS-01, Provide or Update Treatment Summary.
package struct SummaryPush {
  private let server: FHIRServer

  package init(to server: FHIRServer) { self.server = server }

  package struct Outcome: Sendable, Equatable {
    package var created = 0
    package var updated = 0
    package var isTransaction = false
  }

  /// Statuses after which nothing more is to come.
  private static let endings = ["completed", "stopped", "not-done"]

  /// Refuses a summary that says less than what the server has.
  package func requireProgress(_ summary: TreatmentSummary) throws(FHIRError) {
    guard let new = summary.course.treated else { return try requirePlanned(summary) }
    let found = try server.find(
      "Procedure", system: CodeSystem.dicomUID, value: "urn:oid:\(new.uid)")
    guard let old = found.first else { return }
    guard found.count == 1 else {
      throw .severalMatches(type: "Procedure", identifier: "urn:oid:\(new.uid)")
    }
    let status = old["status"]?.stringValue ?? ""
    if Self.endings.contains(status), status != new.status {
      throw .goesBack("the course is \(status) there, and would become \(new.status)")
    }
    var index = ResourceIndex(old)
    for resource in summary.volumes {
      for json in try server.find(
        "BodyStructure", system: CodeSystem.dicomUID, value: "urn:oid:\(resource.uid)")
      {
        index.add(json, fullURL: nil)
      }
    }
    guard let known = try? BundleReading.summary(in: index), let before = known.course.treated
    else { return }
    for dose in before.doses {
      let name = known.volumes[dose.volume].name
      let uid = known.volumes[dose.volume].uid
      guard let place = summary.volumes.firstIndex(where: { $0.uid == uid }),
        let now = new.doses.first(where: { $0.volume == place })
      else { throw .goesBack("volume \(name) is not in this summary") }
      if let old = dose.fractions, let new = now.fractions, new < old {
        throw .goesBack("\(old) fractions to \(name) there, \(new) here")
      }
      if let old = dose.total, let new = now.total, new < old, !new.isNear(old) {
        throw .goesBack("\(old.gray) Gy to \(name) there, \(new.gray) here")
      }
    }
  }

  /// Refuses to say planned of a course that the server knows to have begun, or to be over.
  private func requirePlanned(_ summary: TreatmentSummary) throws(FHIRError) {
    guard let planned = summary.course.planned else { return }
    let found = try server.find(
      "ServiceRequest", system: CodeSystem.dicomUID, value: "urn:oid:\(planned.uid)")
    guard let order = found.first else { return }
    let status = order["status"]?.stringValue ?? ""
    if status != planned.status, ["completed", "revoked"].contains(status) {
      throw .goesBack("the course is \(status) there, and would become \(planned.status)")
    }
    guard let id = order["id"]?.stringValue,
      let subject = order["subject"]?["reference"]?.stringValue
    else { return }
    var index = ResourceIndex(order)
    for page in try server.search("Procedure", [("subject", subject)]) { index.add(bundle: page) }
    for course in BundleReading.courses(in: index) {
      let isOfOrder = (course.json["basedOn"]?.arrayValue ?? []).contains {
        index[$0["reference"]?.stringValue]?.id == id
      }
      guard isOfOrder else { continue }
      throw .goesBack(
        "the course is \(course.json["status"]?.stringValue ?? "told of") there, and would become planned"
      )
    }
  }

  /// A map's links with what the server has of its study: an ImagingStudy of its own, or one of
  /// earlier maps.
  package func completed(_ links: DoseMapLinks) throws(FHIRError) -> DoseMapLinks {
    var links = links
    let studies = try server.find(
      "ImagingStudy", system: CodeSystem.dicomUID, value: "urn:oid:\(links.studyUID)")
    func isOfMaps(_ study: JSON) -> Bool {
      (study["identifier"]?.arrayValue ?? []).contains {
        $0["system"]?.stringValue == DoseMapLinks.system
      }
    }
    let foreign = studies.filter { !isOfMaps($0) }
    guard foreign.count <= 1, studies.count - foreign.count <= 1 else {
      throw .severalMatches(type: "ImagingStudy", identifier: "urn:oid:\(links.studyUID)")
    }
    links.knownStudy = foreign.first?["id"]?.stringValue.map { "ImagingStudy/\($0)" }
    links.earlierSeries = studies.first(where: isOfMaps)?["series"]?.arrayValue ?? []
    return links
  }

  /// The documents that the server's Course Summary reports, but for that of a series.
  ///
  /// An update without them would part an earlier map from its course.
  package func reports(
    of summary: TreatmentSummary, besides series: String?
  ) throws(FHIRError) -> [JSON] {
    guard let treated = summary.course.treated else { return [] }
    let found = try server.find(
      "Procedure", system: CodeSystem.dicomUID, value: "urn:oid:\(treated.uid)")
    var kept: [JSON] = []
    for report in found.first?["report"]?.arrayValue ?? [] {
      if let series, let reference = report["reference"]?.stringValue,
        let document = try server.read(reference),
        (document["identifier"]?.arrayValue ?? []).contains(where: {
          $0["value"]?.stringValue == "urn:oid:\(series)"
        })
      {
        continue
      }
      kept.append(report)
    }
    return kept
  }

  /// Whether the server has the document of a series, once.
  package func hasDocument(ofSeries uid: String) throws(FHIRError) -> Bool {
    try server.find(
      "DocumentReference", system: CodeSystem.dicomUID, value: "urn:oid:\(uid)"
    ).count == 1
  }

  /// Sends the Bundle.
  ///
  /// - Parameter progress: told how many of how many single requests are done.
  package func push(
    _ bundle: JSON, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(FHIRError) -> Outcome {
    if try server.capability().takesTransactions != false {
      let response = try server.transaction(bundle)
      switch response.status {
      case 404, 405, 501: break  // no transactions here: one by one
      case 409:
        throw .changedMeanwhile(type: "resource", words: FHIRServer.words(of: response.body))
      default: return try outcome(of: try server.accepted(response), bundle)
      }
    }
    return try single(bundle, progress)
  }

  private func outcome(of response: WebResponse, _ bundle: JSON) throws(FHIRError) -> Outcome {
    let answer = try server.json(response)
    let entries = answer["entry"]?.arrayValue ?? []
    let count = bundle["entry"]?.arrayValue?.count ?? 0
    guard answer["resourceType"]?.stringValue == "Bundle", entries.count == count else {
      throw .badAnswer(
        origin: response.origin, "\(count) resources sent, \(entries.count) answered for")
    }
    var outcome = Outcome(isTransaction: true)
    for entry in entries {
      let status = entry["response"]?["status"]?.stringValue ?? ""
      if status.hasPrefix("201") {
        outcome.created += 1
      } else if status.hasPrefix("200") || status.hasPrefix("204") {
        outcome.updated += 1
      } else {
        throw .badAnswer(origin: response.origin, "an entry's status is '\(status)'")
      }
    }
    return outcome
  }

  /// One conditional request after the other; what was there from an earlier run is updated.
  private func single(
    _ bundle: JSON, _ progress: (Int, Int) -> Void
  ) throws(FHIRError) -> Outcome {
    let entries = bundle["entry"]?.arrayValue ?? []
    var names: [String: String] = [:]
    var open: [JSON] = []
    var outcome = Outcome()
    for (number, entry) in entries.enumerated() {
      let resource = entry["resource"] ?? .null
      let name =
        "\(resource["resourceType"]?.stringValue ?? "") '\(BundleReading.name(of: resource))'"
      do {
        // A reference to what comes later is left out now and put in at the end.
        let (ready, isWhole) = Self.resolved(resource, names)
        let local = try put(ready, entry, &outcome)
        names[entry["fullUrl"]?.stringValue ?? ""] = local
        if !isWhole { open.append(entry) }
      } catch {
        throw .brokenOff(done: number, of: entries.count, at: name, error)
      }
      progress(number + 1, entries.count)
    }
    for entry in open {
      let resource = entry["resource"] ?? .null
      var again = Outcome()
      do { _ = try put(Self.resolved(resource, names).json, entry, &again) } catch {
        throw .brokenOff(
          done: entries.count, of: entries.count,
          at: resource["resourceType"]?.stringValue ?? "", error)
      }
    }
    return outcome
  }

  /// Creates or updates a resource; answers what refers to it from now on.
  private func put(
    _ resource: JSON, _ entry: JSON, _ outcome: inout Outcome
  ) throws(FHIRError) -> String {
    let type = resource["resourceType"]?.stringValue ?? ""
    // Patient and machines: what the hospital has of them is not ours to change.
    let isMadeOnly = entry["request"]?["method"]?.stringValue == "POST"
    let identifiers = resource["identifier"]?.arrayValue ?? []
    let identifier = Self.identifier(of: entry, among: identifiers)
    let system = identifier?["system"]?.stringValue ?? ""
    let value = identifier?["value"]?.stringValue ?? ""
    let found = try server.find(type, system: system, value: value)
    guard found.count <= 1 else { throw .severalMatches(type: type, identifier: value) }
    if let there = found.first {
      guard let id = there["id"]?.stringValue else {
        throw .badAnswer(origin: server.base.origin, "a \(type) without an id")
      }
      outcome.updated += 1
      if isMadeOnly { return "\(type)/\(id)" }
      var updated = resource
      updated["id"] = .string(id)
      let response = try server.update(
        updated, version: there["meta"]?["versionId"]?.stringValue)
      if response.status == 409 || response.status == 412 {
        throw .changedMeanwhile(type: type, words: FHIRServer.words(of: response.body))
      }
      _ = try server.accepted(response)
      return "\(type)/\(id)"
    }
    let response = try server.create(
      resource, ifNoneExist: FHIRQuery.identifier(system: system, value: value))
    if response.status == 412 { throw .severalMatches(type: type, identifier: value) }
    if response.status == 409 {
      throw .changedMeanwhile(type: type, words: FHIRServer.words(of: response.body))
    }
    let accepted = try server.accepted(response)
    outcome.created += 1
    if let created = try? server.json(accepted), created["resourceType"]?.stringValue == type,
      let id = created["id"]?.stringValue
    {
      return "\(type)/\(id)"
    }
    // [base]/Type/id/_history/version
    let parts = (accepted.header("location") ?? "").split(separator: "/").map(String.init)
    guard let place = parts.lastIndex(of: type), parts.indices.contains(place + 1) else {
      throw .badAnswer(origin: accepted.origin, "a \(type) was made, and not said where")
    }
    return "\(type)/\(parts[place + 1])"
  }

  /// The identifier that an entry's condition names.
  private static func identifier(of entry: JSON, among identifiers: [JSON]) -> JSON? {
    let request = entry["request"]
    let condition =
      request?["ifNoneExist"]?.stringValue
      ?? request?["url"]?.stringValue?.split(separator: "?").last.map(String.init)
    return identifiers.first { identifier in
      condition
        == FHIRQuery.identifier(
          system: identifier["system"]?.stringValue ?? "",
          value: identifier["value"]?.stringValue ?? "")
    }
  }

  /// With the references that are known; `false` where one had to be left out.
  static func resolved(_ json: JSON, _ names: [String: String]) -> (json: JSON, isWhole: Bool) {
    switch json {
    case .array(let values):
      var kept: [JSON] = []
      var isWhole = true
      for value in values {
        let (resolved, whole) = resolved(value, names)
        isWhole = isWhole && whole
        if resolved != .null { kept.append(resolved) }
      }
      return (kept.isEmpty && !values.isEmpty ? .null : .array(kept), isWhole)
    case .object(let object):
      if let reference = object["reference"]?.stringValue, reference.hasPrefix("urn:uuid:") {
        guard let local = names[reference] else { return (.null, false) }
        var resolved = json
        resolved["reference"] = .string(local)
        return (resolved, true)
      }
      var kept = JSONObject()
      var isWhole = true
      for entry in object {
        let (resolved, whole) = resolved(entry.value, names)
        isWhole = isWhole && whole
        if resolved != .null || entry.value == .null { kept.append(entry.key, resolved) }
      }
      return (.object(kept), isWhole)
    default: return (json, true)
    }
  }
}

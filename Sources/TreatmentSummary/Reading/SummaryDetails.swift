package import JSON

/// What DICOM does not say of a course: identifiers, status, diagnosis, what was prescribed.
package struct SummaryDetails: Sendable {
  package struct Systems: Sendable {
    package var patient: String
    package var course: String
    package var phase: String
    package var plan: String
    package var prescription: String
    package var volume: String
  }

  /// Where a course stands: a clinician's statement, held against the records.
  package enum Status: String, Sendable, CaseIterable {
    case planned
    case inProgress = "in-progress"
    case onHold = "on-hold"
    case completed
    case stopped
    case notDone = "not-done"

    /// Whether nothing more of the course is to come.
    package var hasEnded: Bool { self == .completed || self == .stopped || self == .notDone }
  }

  package struct Prescription: Sendable {
    package var authoredOn: String?
    package var requester: String?
    package var fractions: Int?
    /// Gy by the volume's name.
    package var doses: [String: Double] = [:]
  }

  package struct Phase: Sendable {
    package var id: String
    package var name: String
    /// Labels or SOP Instance UIDs.
    package var plans: [String]
    /// Whether the plans are treated in the same sessions.
    package var isConcurrent: Bool
    package var prescription: Prescription?
  }

  package struct Plan: Sendable {
    package var modality: Coding?
    package var techniques: [Coding] = []
    /// Label or SOP Instance UID of the plan that this one stands in for.
    package var replaces: String?
    package var reason: Concept?
  }

  package struct Volume: Sendable {
    package var uid: String?
    package var morphology: Coding?
    package var location: Concept?
    package var qualifiers: [Concept] = []
    package var description: String?
    package var plannedGy: Double?
    package var isPrimary: Bool?
  }

  package var systems: Systems
  package var courseID: String
  package var courseName: String
  package var status: Status
  package var statusReason: Concept?
  package var intent: Coding?
  package var isReirradiation: Bool?
  package var diagnoses: [Concept] = []
  package var sites: [TreatmentSummary.Site] = []
  package var phases: [Phase] = []
  package var prescription: Prescription?
  package var modality: Coding?
  package var techniques: [Coding] = []
  package var plans: [String: Plan] = [:]
  package var volumes: [String: Volume] = [:]
  package var performer: String?
  package var location: String?
  package var zone: TimeOffset?

  package static let keys = [
    "identifierSystems", "course", "diagnosis", "bodySite", "phases", "prescription", "modality",
    "technique", "plans", "volumes", "performer", "location", "timezone",
  ]

  /// Reads the document; every complaint names the key.
  package init(_ document: JSON) throws(JSONShapeError) {
    let reader = JSONReader(document)
    try reader.allowOnly(Self.keys)
    let systems = try reader.required("identifierSystems")
    let names = ["patient", "course", "phase", "plan", "prescription", "volume"]
    try systems.allowOnly(names)
    self.systems = Systems(
      patient: try systems.required("patient").uri(), course: try systems.required("course").uri(),
      phase: try systems.required("phase").uri(), plan: try systems.required("plan").uri(),
      prescription: try systems.required("prescription").uri(),
      volume: try systems.required("volume").uri())
    let course = try reader.required("course")
    try course.allowOnly(["id", "name", "status", "statusReason", "intent", "reirradiation"])
    courseID = try course.required("id").text()
    courseName = try course.required("name").text()
    let words = Status.allCases.map(\.rawValue)
    status =
      Status(rawValue: try course.required("status").string(oneOf: words)) ?? .inProgress
    statusReason = try course.optional("statusReason")?.concept(Terminology.terminations)
    intent = try course.optional("intent")?.word(of: Terminology.intents)
    isReirradiation = try course.optional("reirradiation")?.bool()
    for item in try reader.optional("diagnosis")?.array() ?? [] {
      diagnoses.append(try item.concept([:]))
    }
    for item in try reader.optional("bodySite")?.array() ?? [] {
      try item.allowOnly(["system", "code", "display", "text", "laterality"])
      let side = try item.optional("laterality")?.string(oneOf: Terminology.lateralities)
      sites.append(
        TreatmentSummary.Site(
          location: try item.codedConcept(),
          laterality: side.flatMap { Terminology.qualifiers[$0] }.map(Concept.init)))
    }
    modality = try reader.optional("modality")?.word(of: Terminology.modalities)
    techniques = try reader.optional("technique")?.techniques() ?? []
    prescription = try reader.optional("prescription")?.prescription()
    for item in try reader.optional("phases")?.array() ?? [] {
      phases.append(try item.phase())
    }
    for (name, item) in try reader.optional("plans")?.named() ?? [] {
      try item.allowOnly(["modality", "technique", "replaces", "reason"])
      plans[name] = Plan(
        modality: try item.optional("modality")?.word(of: Terminology.modalities),
        techniques: try item.optional("technique")?.techniques() ?? [],
        replaces: try item.optional("replaces")?.text(),
        reason: try item.optional("reason")?.concept(Terminology.revisions))
    }
    for (name, item) in try reader.optional("volumes")?.named() ?? [] {
      volumes[name] = try item.volume()
    }
    performer = try reader.optional("performer")?.text()
    location = try reader.optional("location")?.text()
    if let item = try reader.optional("timezone") {
      let text = try item.string()
      guard let zone = TimeOffset(text) else {
        throw .unexpected(
          path: item.path, expected: "an offset such as +02:00 or a name such as Europe/Berlin",
          found: item.value.serialized())
      }
      self.zone = zone
    }
  }
}

extension JSONReader {
  /// A text with something in it.
  fileprivate func text() throws(JSONShapeError) -> String {
    let text = try string()
    guard text.contains(where: { !$0.isWhitespace }), text.first?.isWhitespace == false,
      text.last?.isWhitespace == false
    else {
      throw .unexpected(
        path: path, expected: "a text without blanks around it", found: value.serialized())
    }
    return text
  }

  /// An identifier system: an absolute URI.
  fileprivate func uri() throws(JSONShapeError) -> String {
    let text = try text()
    guard let colon = text.firstIndex(of: ":"), colon != text.startIndex,
      !text.contains(where: { $0.isWhitespace || $0 == "|" }), text[colon...].count > 1
    else {
      throw .unexpected(
        path: path, expected: "a URI such as https://hospital.example/ids/course",
        found: value.serialized())
    }
    return text
  }

  fileprivate func word(of table: [String: Coding]) throws(JSONShapeError) -> Coding {
    let word = try string(oneOf: table.keys.sorted())
    guard let coding = table[word] else { throw .missing(path: path) }
    return coding
  }

  fileprivate func techniques() throws(JSONShapeError) -> [Coding] {
    if value.stringValue != nil { return [try word(of: Terminology.techniques)] }
    var codings: [Coding] = []
    for item in try array() { codings.append(try item.word(of: Terminology.techniques)) }
    return codings
  }

  /// A word of a table, or `{system, code, display, text}`.
  fileprivate func concept(_ table: [String: Coding]) throws(JSONShapeError) -> Concept {
    if value.stringValue != nil, !table.isEmpty { return Concept(try word(of: table)) }
    try allowOnly(["system", "code", "display", "text"])
    return try codedConcept()
  }

  fileprivate func codedConcept() throws(JSONShapeError) -> Concept {
    let text = try optional("text")?.text()
    guard let code = try optional("code")?.text() else {
      guard let text else { throw .missing(path: path + ".code") }
      return Concept([], text: text)
    }
    let coding = Coding(
      code, try optional("display")?.text(),
      system: try optional("system")?.uri() ?? CodeSystem.snomed)
    return Concept([coding], text: text)
  }

  fileprivate func day() throws(JSONShapeError) -> String {
    let text = try string()
    guard FHIRTime.isDateTime(text) else {
      throw .unexpected(
        path: path, expected: "a date as YYYY-MM-DD, or with time and offset",
        found: value.serialized())
    }
    return text
  }

  fileprivate func prescription() throws(JSONShapeError) -> SummaryDetails.Prescription {
    try allowOnly(["authoredOn", "requester", "fractions", "dosesGy"])
    var prescription = SummaryDetails.Prescription()
    prescription.authoredOn = try optional("authoredOn")?.day()
    prescription.requester = try optional("requester")?.text()
    prescription.fractions = try optional("fractions")?.integer(in: 1...999)
    for (name, dose) in try optional("dosesGy")?.named() ?? [] {
      prescription.doses[name] = try dose.double(in: 0.01...1000)
    }
    return prescription
  }

  fileprivate func phase() throws(JSONShapeError) -> SummaryDetails.Phase {
    try allowOnly(["id", "name", "plans", "sum", "prescription"])
    let id = try required("id").text()
    var plans: [String] = []
    for item in try required("plans").array() { plans.append(try item.text()) }
    guard !plans.isEmpty else { throw .missing(path: path + ".plans[0]") }
    let sum = try optional("sum")?.string(oneOf: ["sequential", "concurrent"])
    if plans.count > 1, sum == nil { throw .missing(path: path + ".sum") }
    return SummaryDetails.Phase(
      id: id, name: try optional("name")?.text() ?? id, plans: plans,
      isConcurrent: sum == "concurrent", prescription: try optional("prescription")?.prescription()
    )
  }

  fileprivate func volume() throws(JSONShapeError) -> SummaryDetails.Volume {
    try allowOnly([
      "uid", "morphology", "location", "qualifiers", "description", "plannedGy", "primary",
    ])
    var volume = SummaryDetails.Volume()
    if let item = try optional("uid") {
      let uid = try item.string()
      guard DICOMUID.isValid(uid) else {
        throw .unexpected(path: item.path, expected: "a DICOM UID", found: item.value.serialized())
      }
      volume.uid = uid
    }
    volume.morphology = try optional("morphology")?.word(of: Terminology.morphologies)
    volume.location = try optional("location")?.concept([:])
    for item in try optional("qualifiers")?.array() ?? [] {
      volume.qualifiers.append(try item.concept(Terminology.qualifiers))
    }
    volume.description = try optional("description")?.text()
    volume.plannedGy = try optional("plannedGy")?.double(in: 0.01...1000)
    volume.isPrimary = try optional("primary")?.bool()
    return volume
  }
}

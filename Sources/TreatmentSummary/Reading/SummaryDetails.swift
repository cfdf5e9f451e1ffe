package import DICOM
package import JSON
package import Radiotherapy

/// What DICOM does not say of a course: identifiers, status, diagnosis, what was prescribed.
package struct SummaryDetails: Sendable {
  package struct Systems: Sendable {
    package var patient: String
    package var course: String
    package var phase: String
    package var plan: String
    package var prescription: String
    package var volume: String
    /// Of treatment machines; without it they are named and have no resource.
    package var device: String?
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
    package var scheduled: TreatmentSummary.Period?
  }

  /// What was delivered of a plan that has no records.
  package struct Delivered: Sendable {
    package var fractions: Int
    package var first: CalendarDate
    package var last: CalendarDate
  }

  package struct Plan: Sendable {
    package var modality: Coding?
    package var techniques: [Coding] = []
    /// Label or SOP Instance UID of the plan that this one stands in for.
    package var replaces: String?
    package var reason: Concept?
    /// How many fractions are meant to be given of it, where they are fewer than it was made for.
    package var fractions: Int?
    package var delivered: Delivered?
    /// Gy that the plan is to give, by the volume's name.
    package var doses: [String: Double] = [:]
    /// Whether the doses that its records calculate are passed over for the metersets.
    package var countsMetersets = false
    package var isotope: Coding?
    package var guidance: TreatmentSummary.Guidance?
  }

  package struct Volume: Sendable {
    package var uid: String?
    package var morphology: Coding?
    package var location: Concept?
    package var qualifiers: [Concept] = []
    package var description: String?
    package var plannedGy: Double?
    package var isPrimary: Bool?
    /// Of what was delivered in the course.
    package var metrics: [TreatmentSummary.Metric] = []
  }

  package var systems: Systems
  package var courseID: String
  package var courseName: String
  package var status: Status
  package var statusReason: Concept?
  package var intent: Coding?
  package var isReirradiation: Bool?
  package var scheduled: TreatmentSummary.Period?
  package var diagnoses: [Concept] = []
  /// References to the server's own Conditions.
  package var conditions: [String] = []
  package var sites: [TreatmentSummary.Site] = []
  package var phases: [Phase] = []
  package var prescription: Prescription?
  package var modality: Coding?
  package var techniques: [Coding] = []
  package var isotope: Coding?
  package var guidance: TreatmentSummary.Guidance?
  package var plans: [String: Plan] = [:]
  package var volumes: [String: Volume] = [:]
  package var performer: String?
  package var location: String?
  package var zone: TimeOffset?

  package static let keys = [
    "identifierSystems", "course", "diagnosis", "bodySite", "phases", "prescription", "modality",
    "technique", "isotope", "guidance", "plans", "volumes", "performer", "location", "timezone",
  ]

  /// Reads the document; every complaint names the key.
  package init(_ document: JSON) throws(JSONShapeError) {
    let reader = JSONReader(document)
    try reader.allowOnly(Self.keys)
    let systems = try reader.required("identifierSystems")
    try systems.allowOnly([
      "patient", "course", "phase", "plan", "prescription", "volume", "device",
    ])
    self.systems = Systems(
      patient: try systems.required("patient").uri(), course: try systems.required("course").uri(),
      phase: try systems.required("phase").uri(), plan: try systems.required("plan").uri(),
      prescription: try systems.required("prescription").uri(),
      volume: try systems.required("volume").uri(),
      device: try systems.optional("device")?.uri())
    let course = try reader.required("course")
    try course.allowOnly([
      "id", "name", "status", "statusReason", "intent", "reirradiation", "scheduled",
    ])
    courseID = try course.required("id").text()
    courseName = try course.required("name").text()
    let words = Status.allCases.map(\.rawValue)
    status =
      Status(rawValue: try course.required("status").string(oneOf: words)) ?? .inProgress
    statusReason = try course.optional("statusReason")?.concept(Terminology.terminations)
    intent = try course.optional("intent")?.word(of: Terminology.intents)
    if let reason = try course.optional("statusReason"), let coding = statusReason?.codings.first,
      status != .stopped, Terminology.terminations.values.contains(coding)
    {
      throw .unexpected(
        path: reason.path, expected: "a reason with course.status 'stopped' only",
        found: "one with '\(status.rawValue)'")
    }
    isReirradiation = try course.optional("reirradiation")?.bool()
    scheduled = try course.optional("scheduled")?.period()
    for item in try reader.optional("diagnosis")?.array() ?? [] {
      try item.allowOnly(["system", "code", "display", "text", "condition"])
      if let condition = try item.optional("condition") {
        conditions.append(try condition.reference(to: "Condition"))
      }
      if item.value["code"] != nil || item.value["text"] != nil || item.value["condition"] == nil {
        diagnoses.append(try item.codedConcept())
      }
    }
    for item in try reader.optional("bodySite")?.array() ?? [] {
      sites.append(try item.site())
    }
    modality = try reader.optional("modality")?.word(of: Terminology.modalities)
    techniques = try reader.optional("technique")?.techniques() ?? []
    isotope = try reader.optional("isotope")?.word(of: Terminology.isotopes)
    guidance = try reader.optional("guidance")?.guidance()
    prescription = try reader.optional("prescription")?.prescription()
    for item in try reader.optional("phases")?.array() ?? [] {
      phases.append(try item.phase())
    }
    for (name, item) in try reader.optional("plans")?.named() ?? [] {
      plans[name] = try item.plan()
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

  /// What was said of a plan, by its label or its UID.
  package func said(of plan: RTPlan) -> Plan? {
    plans[plan.identity.sopInstanceUID] ?? plans[plan.label]
  }
}

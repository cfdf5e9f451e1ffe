/// A course as CodeX RT tells it: what was prescribed, planned and delivered, by course, phase and
/// plan.
///
/// The one shape between the DICOM objects of a course, the resources of a server and a person's
/// table.
package struct TreatmentSummary: Sendable, Equatable {
  package var patient: Patient
  package var volumes: [Volume]
  package var course: Part
  package var phases: [Part]
  /// Each with its phase in ``Part/phase``.
  package var plans: [Part]

  package struct Patient: Sendable, Equatable {
    package var reference: String
    package var system: String?
    package var id: String?
    package var family: String?
    package var given: [String] = []
    package var prefix: String?
    package var suffix: String?
    /// `male`, `female`, `other` or `unknown`.
    package var gender: String?
    /// `YYYY-MM-DD`.
    package var birthDate: String?
    /// Who gave the identifier, where the objects say it.
    package var issuer: String?
    package var address: String?
    package var telephones: [String] = []

    package init(reference: String) { self.reference = reference }
  }

  package struct Volume: Sendable, Equatable {
    package var reference: String
    package var uid: String
    package var name: String
    package var morphology: Concept?
    package var location: Concept?
    package var qualifiers: [Concept] = []
    package var description: String?

    package init(reference: String, uid: String, name: String) {
      self.reference = reference
      self.uid = uid
      self.name = name
    }
  }

  /// A dose to a volume: prescribed, planned or delivered.
  package struct Dose: Sendable, Equatable {
    /// Index of the volume.
    package var volume: Int
    package var total: CentiGray?
    package var perFraction: CentiGray?
    /// In how many fractions; the resources say it of a course only.
    package var fractions: Int?
    package var isPrimary: Bool?
    package var isPoint: Bool?
    /// Of a course: whether modality and dose per fraction were the same throughout.
    package var isUniform: Bool?
    /// What the dose amounts to biologically, as somebody worked it out.
    package var metrics: [Metric] = []

    package init(volume: Int) { self.volume = volume }
  }

  /// A radiobiologic metric of a dose: `EQD2Gy(a/b = 10)`, `BED`.
  package struct Metric: Sendable, Hashable {
    package var unit: String
    package var value: Double

    package init(_ unit: String, _ value: Double) {
      self.unit = unit
      self.value = value
    }
  }

  /// What is ordered: a prescription, or what is planned for it.
  package struct Order: Sendable, Equatable {
    package var reference: String
    package var uid: String
    package var name: String
    package var status: String
    package var authoredOn: String?
    package var requester: String?
    package var fractions: Int?
    package var doses: [Dose] = []
    /// Reference to the order that this one stands in for.
    package var replaces: String?
    /// When it is to take place.
    package var period: Period?

    package init(reference: String, uid: String, name: String, status: String) {
      self.reference = reference
      self.uid = uid
      self.name = name
      self.status = status
    }
  }

  /// What was delivered so far.
  package struct Delivery: Sendable, Equatable {
    package var reference: String
    package var uid: String
    package var name: String
    package var status: String
    package var statusReason: Concept?
    package var start: String?
    package var end: String?
    /// Of a phase or plan.
    package var fractions: Int?
    /// Of a course.
    package var sessions: Int?
    package var doses: [Dose] = []
    package var records: [DICOMInstance] = []

    package init(reference: String, uid: String, name: String, status: String) {
      self.reference = reference
      self.uid = uid
      self.name = name
      self.status = status
    }
  }

  /// From a day or moment until another, as FHIR writes them.
  package struct Period: Sendable, Equatable {
    package var start: String?
    package var end: String?

    package init(start: String?, end: String?) {
      self.start = start
      self.end = end
    }
  }

  /// An instance in an archive.
  package struct DICOMInstance: Sendable, Equatable {
    package var uid: String
    package var sopClass: String?

    package init(uid: String, sopClass: String?) {
      self.uid = uid
      self.sopClass = sopClass
    }
  }

  package struct Radiation: Sendable, Hashable {
    package var modality: Concept
    package var techniques: [Concept]
    package var energies: [Energy]
    /// The sources, where there is no accelerator.
    package var isotopes: [Concept] = []

    package init(modality: Concept, techniques: [Concept], energies: [Energy]) {
      self.modality = modality
      self.techniques = techniques
      self.energies = energies
    }
  }

  package struct Energy: Sendable, Hashable {
    package var value: Double
    /// `MV`, `kV` or `MeV`.
    package var unit: String

    package init(_ value: Double, _ unit: String) {
      self.value = value
      self.unit = unit
    }
  }

  /// The course, one of its phases, or one of its plans.
  package struct Part: Sendable, Equatable {
    package var radiations: [Radiation] = []
    package var intent: Concept?
    package var isReirradiation: Bool?
    package var diagnoses: [Concept] = []
    /// References to the server's own Conditions.
    package var conditions: [String] = []
    package var sites: [Site] = []
    package var guidance = Guidance()
    package var devices: [Device] = []
    package var performer: String?
    package var location: String?
    package var revisionReason: Concept?
    /// Index of a plan's phase.
    package var phase: Int?
    /// The RT Plan.
    package var plan: DICOMInstance?
    package var prescribed: Order?
    package var planned: Order?
    package var treated: Delivery?

    package init() {}
  }

  /// A part of the body, its side and what else narrows it down.
  package struct Site: Sendable, Equatable {
    package var location: Concept
    package var laterality: Concept?
    package var qualifiers: [Concept] = []

    package init(location: Concept, laterality: Concept?, qualifiers: [Concept] = []) {
      self.location = location
      self.laterality = laterality
      self.qualifiers = qualifiers
    }
  }

  package init(
    patient: Patient, volumes: [Volume], course: Part, phases: [Part], plans: [Part]
  ) {
    self.patient = patient
    self.volumes = volumes
    self.course = course
    self.phases = phases
    self.plans = plans
  }
}

/// The ten profiles of CodeX Radiation Therapy that a treatment summary is made of.
package enum Profile: String, Sendable, CaseIterable {
  case coursePrescription = "codexrt-radiotherapy-course-prescription"
  case phasePrescription = "codexrt-radiotherapy-phase-prescription"
  case planPrescription = "codexrt-radiotherapy-plan-prescription"
  case plannedCourse = "codexrt-radiotherapy-planned-course"
  case plannedPhase = "codexrt-radiotherapy-planned-phase"
  case treatmentPlan = "codexrt-radiotherapy-treatment-plan"
  case courseSummary = "codexrt-radiotherapy-course-summary"
  case treatedPhase = "codexrt-radiotherapy-treated-phase"
  case treatedPlan = "codexrt-radiotherapy-treated-plan"
  case volume = "codexrt-radiotherapy-volume"

  package enum Level: Sendable { case course, phase, plan }

  package enum Kind: Sendable { case prescription, plan, delivery, volume }

  package var url: String { Canonical.codexRT + rawValue }

  package var level: Level? {
    switch self {
    case .coursePrescription, .plannedCourse, .courseSummary: .course
    case .phasePrescription, .plannedPhase, .treatedPhase: .phase
    case .planPrescription, .treatmentPlan, .treatedPlan: .plan
    case .volume: nil
    }
  }

  package var kind: Kind {
    switch self {
    case .coursePrescription, .phasePrescription, .planPrescription: .prescription
    case .plannedCourse, .plannedPhase, .treatmentPlan: .plan
    case .courseSummary, .treatedPhase, .treatedPlan: .delivery
    case .volume: .volume
    }
  }

  package var resourceType: String {
    switch kind {
    case .prescription, .plan: "ServiceRequest"
    case .delivery: "Procedure"
    case .volume: "BodyStructure"
    }
  }

  /// What `meta.profile` holds.
  package var claims: [String] {
    switch self {
    case .courseSummary: [url, Canonical.mcode + "mcode-radiotherapy-course-summary"]
    case .volume: [url, Canonical.mcode + "mcode-radiotherapy-volume"]
    default: [url]
    }
  }

  /// The fixed intent of an order.
  package var intent: String? {
    switch kind {
    case .prescription: "original-order"
    case .plan: "filler-order"
    default: nil
    }
  }

  package var code: Coding? { level.map(Self.code(of:)) }

  package static func code(of level: Level) -> Coding {
    switch level {
    case .course: Coding("1217123003", "Radiotherapy course of treatment (regime/therapy)")
    case .phase: Coding("1222565005", "Radiotherapy treatment phase (regime/therapy)")
    case .plan: Coding("1255724003", "Radiotherapy treatment plan (regime/therapy)")
    }
  }

  /// The profile of a resource: what it claims, else what type, code and intent make it.
  package static func of(type: String, code: [String], intent: String?) -> Profile? {
    allCases.first { profile in
      profile.resourceType == type && profile.intent == intent
        && profile.code.map { code.contains($0.code) } ?? true
    }
  }

  /// What `basedOn` may refer to.
  package var mayBeBasedOn: [Profile] {
    switch self {
    case .coursePrescription, .volume: []
    case .phasePrescription: [.coursePrescription]
    case .planPrescription: [.coursePrescription, .phasePrescription]
    case .plannedCourse: [.coursePrescription]
    case .plannedPhase: [.plannedCourse, .phasePrescription]
    case .treatmentPlan: [.planPrescription, .plannedPhase, .plannedCourse]
    case .courseSummary: [.plannedCourse, .coursePrescription]
    case .treatedPhase: [.plannedPhase, .phasePrescription]
    case .treatedPlan: [.treatmentPlan, .planPrescription]
    }
  }

  /// What `partOf` may refer to.
  package var mayBePartOf: [Profile] {
    switch self {
    case .treatedPhase: [.courseSummary]
    case .treatedPlan: [.courseSummary, .treatedPhase]
    default: []
    }
  }

  /// The extension that holds doses to volumes.
  package var doseExtension: String? {
    switch kind {
    case .prescription: Canonical.dosePrescribed
    case .plan: Canonical.dosePlanned
    case .delivery: Canonical.doseDelivered
    case .volume: nil
    }
  }

  /// The extension that counts fractions; the course counts sessions.
  package var fractionsExtension: String? {
    switch self {
    case .phasePrescription, .planPrescription: Canonical.fractionsPrescribed
    case .plannedPhase, .treatmentPlan: Canonical.fractionsPlanned
    case .treatedPhase, .treatedPlan: Canonical.fractionsDelivered
    default: nil
    }
  }

  /// What people call a resource of it.
  package var title: String {
    switch self {
    case .coursePrescription: "Course Prescription"
    case .phasePrescription: "Phase Prescription"
    case .planPrescription: "Plan Prescription"
    case .plannedCourse: "Planned Course"
    case .plannedPhase: "Planned Phase"
    case .treatmentPlan: "Treatment Plan"
    case .courseSummary: "Course Summary"
    case .treatedPhase: "Treated Phase"
    case .treatedPlan: "Treated Plan"
    case .volume: "Volume"
    }
  }
}

/// The addresses of profiles and extensions, as they are written: in full, without a version.
package enum Canonical {
  package static let codexRT =
    "http://hl7.org/fhir/us/codex-radiation-therapy/StructureDefinition/"
  package static let mcode = "http://hl7.org/fhir/us/mcode/StructureDefinition/"

  package static let cancerPatient = mcode + "mcode-cancer-patient"
  package static let treatmentDevice = codexRT + "codexrt-radiotherapy-treatment-device"
  package static let intent = mcode + "mcode-procedure-intent"
  package static let modalityAndTechnique = mcode + "mcode-radiotherapy-modality-and-technique"
  package static let modality = mcode + "mcode-radiotherapy-modality"
  package static let technique = mcode + "mcode-radiotherapy-technique"
  package static let energy = codexRT + "codexrt-radiotherapy-energy-or-isotope"
  package static let applicator = codexRT + "codexrt-radiotherapy-treatment-applicator-type"
  package static let fractionsPrescribed = codexRT + "codexrt-radiotherapy-fractions-prescribed"
  package static let fractionsPlanned = codexRT + "codexrt-radiotherapy-fractions-planned"
  package static let fractionsDelivered = codexRT + "codexrt-radiotherapy-fractions-delivered"
  package static let sessions = mcode + "mcode-radiotherapy-sessions"
  package static let dosePrescribed = codexRT + "codexrt-radiotherapy-dose-prescribed-to-volume"
  package static let dosePlanned = codexRT + "codexrt-radiotherapy-dose-planned-to-volume"
  package static let doseDelivered = mcode + "mcode-radiotherapy-dose-delivered-to-volume"
  package static let uniform = codexRT + "codexrt-radiotherapy-uniform-fractionation"
  package static let primaryDose = codexRT + "codexrt-radiotherapy-primary-plan-dose"
  package static let pointDose = codexRT + "codexrt-radiotherapy-point-dose"
  package static let metric = codexRT + "codexrt-radiobiologic-metric"
  package static let dicomReference = codexRT + "codexrt-dicom-reference"
  package static let reirradiation =
    codexRT + "codexrt-radiotherapy-course-involves-reirradiation"
  package static let revision =
    codexRT + "codexrt-radiotherapy-reason-for-revision-or-adaptation"
  package static let motion = codexRT + "codexrt-radiotherapy-respiratory-motion-management"
  package static let freeBreathing =
    codexRT + "codexrt-radiotherapy-free-breathing-motion-mgmt-technique"
  package static let imageGuidance = codexRT + "codexrt-image-guided-radiotherapy-modality"
  package static let intrafraction = codexRT + "codexrt-intrafraction-verification"
  package static let volumeReference = codexRT + "codexrt-radiotherapy-volume-extension"
  package static let locationQualifier = mcode + "mcode-body-location-qualifier"
  package static let laterality = mcode + "mcode-laterality-qualifier"
}

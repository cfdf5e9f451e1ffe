package import JSON

extension SummaryDetails {
  /// A details file to fill in, with values of an invented hospital: every key but those of which
  /// one excludes another.
  package static let template: JSON = [
    "identifierSystems": [
      "patient": "https://hospital.example/ids/mrn",
      "course": "https://hospital.example/ids/course",
      "phase": "https://hospital.example/ids/phase",
      "plan": "https://hospital.example/ids/plan",
      "prescription": "https://hospital.example/ids/prescription",
      "volume": "https://hospital.example/ids/volume",
      "device": "https://hospital.example/ids/device",
    ],
    "course": [
      "id": "C1", "name": "C1 SRS Brain", "status": "completed", "intent": "palliative",
      "reirradiation": false, "scheduled": ["start": "2020-04-23", "end": "2020-04-23"],
    ],
    "diagnosis": [
      [
        "system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "C79.31",
        "display": "Secondary malignant neoplasm of brain", "condition": "Condition/4711",
      ]
    ],
    "bodySite": [
      [
        "code": "12738006", "display": "Brain structure (body structure)", "laterality": "left",
        "qualifiers": ["partial"],
      ]
    ],
    "phases": [
      ["id": "1", "name": "1", "plans": ["PLAN LABEL"], "prescription": ["fractions": 1]]
    ],
    "prescription": [
      "authoredOn": "2020-04-20", "requester": "Dr. Erika Example", "fractions": 1,
      "dosesGy": ["PTV": 18],
    ],
    "modality": "photons", "technique": "VMAT",
    "guidance": [
      "motion": "free-breathing", "techniques": ["gating"],
      "imaging": ["surface", ["modality": "cone-beam-CT", "energy": "kV"]],
      "verification": [["procedure": "X-ray", "qualifier": "multiple"]],
    ],
    "plans": [
      "PLAN LABEL": [
        "technique": ["VMAT"], "replaces": "OLD LABEL", "reason": "change-of-target",
        "fractions": 1,
      ]
    ],
    "volumes": [
      "PTV": [
        "morphology": "PTV",
        "location": ["code": "12738006", "display": "Brain structure (body structure)"],
        "qualifiers": ["left", "partial"], "description": "PTV of a single metastasis",
        "primary": true, "metrics": ["EQD2Gy(a/b = 10)": 42],
      ]
    ],
    "performer": "Example Hospital, Radiation Oncology", "location": "Example Hospital",
    "timezone": "Europe/Berlin",
  ]

  /// What each key means.
  package static let meanings: [(key: String, meaning: String)] = [
    (
      "identifierSystems",
      "required: URIs under which the hospital's identifiers are unique; only device may be left out: machines are named then, and have no resource"
    ),
    ("course.id, course.name", "required: the course's identifier; the name that people see"),
    (
      "course.status",
      "required: \(Status.allCases.map(\.rawValue).joined(separator: ", ")); held against the records"
    ),
    (
      "course.statusReason",
      "why it was stopped (or is on hold, in words): \(Terminology.terminations.keys.sorted().joined(separator: ", ")); or {system, code, display, text}"
    ),
    (
      "course.intent",
      "\(Terminology.intents.keys.sorted().joined(separator: ", ")); else the plan's own"
    ),
    ("course.reirradiation", "whether a region is irradiated that was irradiated before"),
    ("course.scheduled", "{start, end}: when the course is to take place"),
    (
      "diagnosis",
      "list of {system, code, display, text, condition}; SNOMED CT where no system is given; condition: the server's own resource, Condition/ID"
    ),
    (
      "bodySite",
      "list of {system, code, display, text, laterality, qualifiers}; else the plans' treatment sites"
    ),
    (
      "phases",
      "list of {id, name, plans, sum, prescription, scheduled}: plans by label or UID, sum sequential or concurrent where there are several; else each plan is a phase"
    ),
    (
      "prescription",
      "{authoredOn, requester, fractions, dosesGy: {volume: Gy}}; with several phases fractions and dosesGy stand in each; else what was planned counts as prescribed, and a note says so"
    ),
    (
      "modality", "\(Terminology.modalities.keys.sorted().joined(separator: ", ")); else the plan's"
    ),
    (
      "technique",
      "one or a list of \(Terminology.techniques.keys.sorted().joined(separator: ", ")); needed for arcs with a moving MLC"
    ),
    (
      "isotope",
      "of machines with a source: \(Terminology.isotopes.keys.sorted().joined(separator: ", ")); told in the place of an energy"
    ),
    (
      "guidance",
      "{motion: \(Terminology.motions.keys.sorted().joined(separator: ", ")); techniques with free-breathing: \(Terminology.freeBreathingTechniques.keys.sorted().joined(separator: ", ")); imaging: list of \(Terminology.imaging.keys.sorted().joined(separator: ", ")) or {modality, energy: kV or MV}; verification: list of \(Terminology.verifications.keys.sorted().joined(separator: ", ")) or {procedure: X-ray, qualifier: single or multiple}}; breathing else from the plan's setups"
    ),
    (
      "plans",
      "by label or UID: {modality, technique, isotope, guidance, replaces, reason, fractions, plannedGy, dosesFrom, delivered}; replaces: the plan that it stands in for; fractions: how many are meant of it, where it was made for more; plannedGy {volume: Gy}: what this plan alone is to give; dosesFrom: metersets where the doses that its records calculate are not those of each session; delivered {fractions, first, last}: of a plan without any treatment record"
    ),
    (
      "volumes",
      "by name: {uid, morphology, location, qualifiers, description, plannedGy, primary, metrics: {EQD2Gy(a/b = 10): value}}; metrics are of what was delivered; an organ at risk is told of where it is named here with plannedGy"
    ),
    ("performer, location", "who treated, and where; else the institution of the records"),
    (
      "timezone",
      "an offset such as +02:00, or a name such as Europe/Berlin; else days without times"
    ),
  ]
}

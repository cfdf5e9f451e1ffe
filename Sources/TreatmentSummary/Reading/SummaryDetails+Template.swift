package import JSON

extension SummaryDetails {
  /// A details file to fill in: every key, with values of an invented hospital.
  package static let template: JSON = [
    "identifierSystems": [
      "patient": "https://hospital.example/ids/mrn",
      "course": "https://hospital.example/ids/course",
      "phase": "https://hospital.example/ids/phase",
      "plan": "https://hospital.example/ids/plan",
      "prescription": "https://hospital.example/ids/prescription",
      "volume": "https://hospital.example/ids/volume",
    ],
    "course": [
      "id": "C1", "name": "C1 SRS Brain", "status": "completed", "intent": "palliative",
      "reirradiation": false,
    ],
    "diagnosis": [
      [
        "system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "C79.31",
        "display": "Secondary malignant neoplasm of brain",
      ]
    ],
    "bodySite": [
      ["code": "12738006", "display": "Brain structure (body structure)", "laterality": "left"]
    ],
    "phases": [
      ["id": "1", "name": "1", "plans": ["PLAN LABEL"], "prescription": ["fractions": 1]]
    ],
    "prescription": [
      "authoredOn": "2020-04-20", "requester": "Dr. Erika Example", "fractions": 1,
      "dosesGy": ["PTV": 18],
    ],
    "modality": "photons", "technique": "VMAT",
    "plans": [
      "PLAN LABEL": ["technique": ["VMAT"], "replaces": "OLD LABEL", "reason": "change-of-target"]
    ],
    "volumes": [
      "PTV": [
        "morphology": "PTV",
        "location": ["code": "12738006", "display": "Brain structure (body structure)"],
        "qualifiers": ["left", "partial"], "description": "PTV of a single metastasis",
        "primary": true,
      ]
    ],
    "performer": "Example Hospital, Radiation Oncology", "location": "Example Hospital",
    "timezone": "Europe/Berlin",
  ]

  /// What each key means.
  package static let meanings: [(key: String, meaning: String)] = [
    ("identifierSystems", "required: URIs under which the hospital's identifiers are unique"),
    ("course.id, course.name", "required: the course's identifier; the name that people see"),
    (
      "course.status",
      "required: \(Status.allCases.map(\.rawValue).joined(separator: ", ")); held against the records"
    ),
    (
      "course.statusReason",
      "why it was stopped: \(Terminology.terminations.keys.sorted().joined(separator: ", ")); or {system, code, display, text}"
    ),
    (
      "course.intent",
      "\(Terminology.intents.keys.sorted().joined(separator: ", ")); else the plan's own"
    ),
    ("diagnosis", "list of {system, code, display, text}; SNOMED CT where no system is given"),
    ("bodySite", "list of {system, code, display, text, laterality}"),
    (
      "phases",
      "list of {id, name, plans, sum, prescription}: plans by label or UID, sum sequential or concurrent where there are several; else each plan is a phase"
    ),
    (
      "prescription",
      "{authoredOn, requester, fractions, dosesGy: {volume: Gy}}; else what was planned counts as prescribed, and a note says so"
    ),
    (
      "modality", "\(Terminology.modalities.keys.sorted().joined(separator: ", ")); else the plan's"
    ),
    (
      "technique",
      "one or a list of \(Terminology.techniques.keys.sorted().joined(separator: ", ")); needed for arcs with a moving MLC"
    ),
    ("plans", "by label or UID: {modality, technique, replaces, reason}"),
    (
      "volumes",
      "by name: {uid, morphology, location, qualifiers, description, plannedGy, primary}; an organ at risk is told of where it is named here with plannedGy"
    ),
    ("performer, location", "who treated, and where; else the institution of the records"),
    (
      "timezone",
      "an offset such as +02:00, or a name such as Europe/Berlin; else days without times"
    ),
  ]
}

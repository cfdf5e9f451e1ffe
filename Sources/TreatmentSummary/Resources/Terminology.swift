/// The codes that the profiles take, by the words that people use for them.
///
/// CodeX RT STU2 and mCODE STU4 value sets; SNOMED CT unless said otherwise.
package enum Terminology {
  package static let category = Coding("1287742003", "Radiotherapy (procedure)")
  /// Still taken when read, no longer written.
  package static let inactiveCategory = "108290001"

  package static let intents: [String: Coding] = [
    "curative": Coding("373808002", "Curative - procedure intent"),
    "palliative": Coding("363676003", "Palliative - procedure intent"),
    "supportive": Coding("399707004", "Supportive - procedure intent"),
    "preventive": Coding("129428001", "Preventive - intent"),
  ]
  package static let otherIntents = ["261004008", "429892002", "360156006", "447295008"]

  package static let modalities: [String: Coding] = [
    "photons": Coding("1156506007", "External beam radiation therapy using photons (procedure)"),
    "electrons": Coding("45643008", "External beam radiation therapy using electrons (procedure)"),
    "protons": Coding("10611004", "External beam radiation therapy protons (procedure)"),
    "carbon-ions": Coding(
      "1156505006", "External beam radiation therapy using carbon ions (procedure)"),
    "neutrons": Coding("80347004", "External beam radiation therapy neutrons (procedure)"),
  ]

  package static let techniques: [String: Coding] = [
    "3D": Coding("1162782007", "Three dimensional external beam radiation therapy (procedure)"),
    "2D": Coding("1156526006", "Two dimensional external beam radiation therapy (procedure)"),
    "IMRT": Coding("441799006", "Intensity modulated radiation therapy (procedure)"),
    "VMAT": Coding("1156530009", "Volumetric Modulated Arc Therapy (procedure)"),
    "intraoperative": Coding("168524008", "Radiotherapy - intraoperative control (procedure)"),
    "FLASH": Coding("1163157007", "Ultra-high dose rate radiotherapy (procedure)"),
    "spot-scanning": Coding(
      "1156528007",
      "External beam radiation therapy using particle spot scanning technique (procedure)"),
    "scanning": Coding(
      "1204242009",
      "External beam radiation therapy using particle scanning technique (procedure)"),
    "passive-scattering": Coding(
      "1156529004",
      "External beam radiation therapy using particle passive scattering technique (procedure)"),
    "neutron-capture": Coding("169317000", "Neutron capture therapy (procedure)"),
  ]

  /// The techniques that go with each modality: one of them at least, or `UNC` with words.
  package static let techniquesOfModality: [String: [String]] = [
    "1156506007": [
      "441799006", "1156530009", "1162782007", "1156526006", "168524008", "1163157007",
    ],
    "45643008": ["1162782007", "1156526006", "168524008", "1163157007"],
    "10611004": ["1156528007", "1204242009", "1156529004", "1163157007"],
    "1156505006": ["1156528007", "1204242009", "1156529004"],
    "80347004": ["1162782007", "169317000"],
    "394902000": ["384692006", "113120007", "384691004", "1156382005", "168524008", "14473006"],
    "438629002": ["384692006", "1156382005", "113120007", "384691004", "168524008", "14473006"],
    "1156384006": ["384692006", "113120007"],
    "1156708005": ["384692006", "113120007", "14473006"],
    "169359004": ["113120007"],
    "440252007": ["16560241000119104", "1156383000", "384692006", "113120007"],
  ]

  /// Modalities whose energies are MeV; photons have MV or kV.
  package static let particles = ["45643008", "10611004", "1156505006", "80347004"]
  package static let photons = "1156506007"
  package static let carbonIons = "1156505006"

  package static let morphologies: [String: Coding] = [
    "PTV": Coding("228793007", "Planning target volume (observable entity)"),
    "GTV": Coding("228791009", "Gross tumor volume (observable entity)"),
    "CTV": Coding("228792002", "Clinical target volume (observable entity)"),
    "ITV": Coding("1201745009", "Internal target volume (observable entity)"),
    "IGTV": Coding("1201746005", "Internal gross tumor volume (observable entity)"),
    "OAR": Coding("1162586008", "Irradiated volume of organ at risk (observable entity)"),
  ]

  package static let qualifiers: [String: Coding] = [
    "left": Coding("7771000", "Left (qualifier value)"),
    "right": Coding("24028007", "Right (qualifier value)"),
    "both": Coding("51440002", "Right and left (qualifier value)"),
    "entire": Coding("255503000", "Entire (qualifier value)"),
    "partial": Coding("255609007", "Partial (qualifier value)"),
    "multiple": Coding("255204007", "Multiple (qualifier value)"),
    "superior": Coding("264217000", "Superior (qualifier value)"),
    "upper": Coding("261183002", "Upper (qualifier value)"),
    "lower": Coding("261122009", "Lower (qualifier value)"),
    "central": Coding("26216008", "Central (qualifier value)"),
    "peripheral": Coding("14414005", "Peripheral (qualifier value)"),
  ]
  package static let lateralities = ["left", "right", "both"]

  package static let terminations: [String: Coding] = [
    "no-response": Coding("266721009", "No response to treatment (situation)"),
    "not-tolerated": Coding("407563006", "Treatment not tolerated (situation)"),
    "financial": Coding("160932005", "Financial problem (finding)"),
    "refused": Coding("105480006", "Refusal of treatment by patient (situation)"),
    "moved-away": Coding("184081006", "Patient has moved away (finding)"),
    "not-available": Coding("309846006", "Treatment not available (situation)"),
    "lost-to-follow-up": Coding("399307001", "Lost to follow-up (finding)"),
    "death": Coding("419620001", "Death (event)"),
    "noncompliance": Coding("7058009", "Noncompliance with treatment (finding)"),
    "trial-completed": Coding("443729008", "Completion of clinical trial (finding)"),
    "pregnancy": Coding("77386006", "Pregnancy (finding)"),
  ]
  /// Named by the invariants still, though no longer in the value set.
  package static let treatmentCompleted = "182992009"

  package static let revisions: [String: Coding] = [
    "acute-toxicity": Coding(
      "373858009",
      "Radiotherapy course changed - acute radiotherapy toxicity (finding)"),
    "patients-choice": Coding("314846003", "Patient given choice of treatment (finding)"),
    "change-of-intent": Coding("1259981006", "Changes to treatment intent (finding)"),
    "change-of-target": Coding("1259231006", "Changes in target (finding)"),
    "change-of-organ-at-risk": Coding("1259232004", "Changes in organ at risk (finding)"),
  ]

  package static let motions: [String: Coding] = [
    "free-breathing": Coding(
      freeBreathing, "External beam radiotherapy with free breathing (procedure)"),
    "breath-hold": Coding(
      "721051000124109", "External beam radiotherapy with breath hold (procedure)"),
    "none": Coding(
      noMotionManagement,
      "External beam radiotherapy without respiratory motion management (procedure)"),
  ]
  package static let freeBreathingTechniques: [String: Coding] = [
    "gating": Coding("721061000124106", "Radiotherapy with respiratory gating (regime/therapy)"),
    "tracking": Coding(
      "1286801002", "Real time tumor tracking external beam radiotherapy (procedure)"),
    "ITV": Coding(
      "1286802009",
      "External beam radiotherapy using internal target volume approach (procedure)"),
    "compression": Coding(
      "721081000124101", "Radiotherapy with abdominal compression (regime/therapy)"),
  ]
  package static let imaging: [String: Coding] = [
    "cone-beam-CT": Coding("717193008", "Cone beam computed tomography (procedure)"),
    "CT": Coding("77477000", "Computed tomography (procedure)"),
    "X-ray": Coding(plainXRay, "Plain X-ray (procedure)"),
    "fluoroscopy": Coding("44491008", "Fluoroscopy (procedure)"),
    "MRI": Coding("113091000", "Magnetic resonance imaging (procedure)"),
    "ultrasound": Coding("16310003", "Ultrasonography (procedure)"),
    "surface": Coding("1297350006", "Surface guided radiation therapy (procedure)"),
  ]
  package static let verifications: [String: Coding] = [
    "X-ray": Coding(plainXRay, "Plain X-ray (procedure)"),
    "CT": Coding("77477000", "Computed tomography (procedure)"),
    "MRI": Coding("113091000", "Magnetic resonance imaging (procedure)"),
    "ultrasound": Coding("16310003", "Ultrasonography (procedure)"),
    "surface": Coding("1297350006", "Surface guided radiation therapy (procedure)"),
    "fiducials": Coding(
      "1335864002",
      "Imaging guided radiotherapy using fiducial marker target localization (procedure)"),
    "transponder": Coding(
      "1332089004",
      "External beam radiation therapy using electromagnetic transponder real time tumor tracking (procedure)"
    ),
  ]
  package static let counts: [String: Coding] = [
    "single": Coding("50607009", "Singular (qualifier value)"),
    "multiple": Coding("255204007", "Multiple (qualifier value)"),
  ]
  package static let isotopes: [String: Coding] = [
    "cobalt-60": Coding("5405008", "Cobalt-60 (substance)"),
    "caesium-137": Coding("55117002", "Cesium-137 (substance)"),
  ]

  package static let freeBreathing = "721071000124104"
  package static let noMotionManagement = "721031000124102"
  package static let motionManagement = [freeBreathing, "721051000124109", noMotionManagement]
  package static let plainXRay = "168537006"
  /// Image guidance that has an energy.
  package static let imagingWithEnergy = ["717193008", "77477000", plainXRay, "44491008"]

  package static let orderStatuses = [
    "draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown",
  ]
  package static let deliveryStatuses = [
    "in-progress", "not-done", "on-hold", "stopped", "completed",
  ]

  package static let unencoded = Coding("UNC", "un-encoded", system: CodeSystem.nullFlavor)

  /// What no code was found for, in words.
  package static func unknown(_ words: String) -> Concept { Concept([unencoded], text: words) }
}

/// Every check, by its id: the table that a map has to pass before it may be sent.
package enum CheckID: String, Sendable, CaseIterable {
  case identityPatient = "identity.patient"
  case identityPACS = "identity.pacs"
  case doseUnits = "dose.units"
  case doseType = "dose.type"
  case doseScaling = "dose.scaling"
  case doseGeometry = "dose.geometry"
  case doseSummation = "dose.summation"
  case dosePlan = "dose.plan"
  case dosePlausible = "dose.plausible"
  case doseCovered = "dose.covered"
  case doseLowestCovered = "dose.lowest-covered"
  case doseSumExtent = "dose.sum-extent"
  case planApproved = "plan.approved"
  case planPrescription = "plan.prescription"
  case treatmentComplete = "treatment.complete"
  case treatmentFractions = "treatment.fractions"
  case treatmentDates = "treatment.dates"
  case treatmentPlan = "treatment.plan"
  case geometryFrame = "geometry.frame"
  case geometryRegistration = "geometry.registration"
  case geometryOverlap = "geometry.overlap"
  case geometrySlices = "geometry.slices"
  case geometryPrior = "geometry.prior"
  case renderBackground = "render.background"
  case renderLines = "render.lines"
  case renderLettering = "render.lettering"
  case labelForm = "label.form"
  case labelFacts = "label.facts"
  case labelUnique = "label.unique"
  case encodingValid = "encoding.valid"

  /// When the check holds, for the person who reads the table.
  package var rule: String {
    switch self {
    case .identityPatient: "all objects are of one patient, who has an ID"
    case .identityPACS: "the archive holds the scan's study for the same patient"
    case .doseUnits: "dose in Gy"
    case .doseType: "physical dose, or the weighted dose of an ion plan"
    case .doseScaling: "a scaling above 0, unsigned pixels of 16 or 32 bits, one frame an offset"
    case .doseGeometry: "a grid with legal, monotonic frame offsets and an orthonormal orientation"
    case .doseSummation: "the dose of a whole plan"
    case .dosePlan: "the dose names the plan that is used"
    case .dosePlausible: "the highest dose fits the prescription"
    case .doseCovered: "the prescription isodose exists and is closed within the grid"
    case .doseLowestCovered: "the lowest isodose is closed within the grid, nothing is too thin"
    case .doseSumExtent: "every part of a sum is known wherever the sum is drawn"
    case .planApproved: "the plan is approved and was meant for the patient"
    case .planPrescription: "every target's prescription is known"
    case .treatmentComplete: "the course has ended and no other plan is waiting"
    case .treatmentFractions: "as many fractions delivered as planned, each of them whole"
    case .treatmentDates: "the dates of plan, fractions and label fit together"
    case .treatmentPlan: "the treatment records are of this plan"
    case .geometryFrame: "dose and scan share a frame of reference or are joined by a registration"
    case .geometryRegistration: "the registration is sound and made for this scan"
    case .geometryOverlap: "the irradiated volume lies in the scan"
    case .geometrySlices: "parallel slices without gaps"
    case .geometryPrior: "a scan after the last fraction makes a PRIOR map, an earlier one does not"
    case .renderBackground: "away from the ink every pixel is the windowed scan"
    case .renderLines:
      "each isodose, traced again from the finished pixels, lies where it was meant"
    case .renderLettering: "nothing is cut off, nothing covers the prescription isodose"
    case .labelForm: "the label has its form, a real date and room"
    case .labelFacts: "the label says what plan and records say"
    case .labelUnique: "the archive holds no other series of that name"
    case .encodingValid: "every mandatory attribute is there and every value legal"
    }
  }

  /// Whether only the archive can tell: decided when sending, and written in the journal.
  package var isDecidedWhenSending: Bool {
    self == .identityPACS || self == .labelUnique
  }
}

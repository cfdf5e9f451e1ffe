import DICOM

/// A volume or point that a plan follows the dose to: target or organ at risk.
///
/// PS3.3 C.8.8.10.
package struct DoseReference: Hashable, Sendable {
  package let number: Int?
  package let uid: String?
  /// What the volume is called across plans and structure sets, where somebody has said so.
  package let conceptualVolumeUID: String?
  /// `VOLUME`, `SITE`, `POINT` or `COORDINATES`.
  package let structureType: String?
  /// `TARGET` or `ORGAN_AT_RISK`.
  package let type: String?
  package let description: String?
  package let roiNumber: Int?
  /// Gy over all fractions of the plan.
  package let prescriptionGy: Double?

  package var isTarget: Bool { type == "TARGET" }
  /// Whether the dose is that of a point rather than of a volume.
  package var isPoint: Bool { structureType == "POINT" || structureType == "COORDINATES" }

  init(of item: DataSet) throws(AttributeError) {
    number = try item.integer(.doseReferenceNumber)
    uid = item.string(.doseReferenceUID)
    conceptualVolumeUID = item.string(.conceptualVolumeUID)
    structureType = item.string(.doseReferenceStructureType)?.uppercased()
    type = item.string(.doseReferenceType)?.uppercased()
    description = item.string(.doseReferenceDescription)
    roiNumber = try item.integer(.referencedROINumber)
    prescriptionGy = try item.number(.targetPrescriptionDose)
  }
}

/// The kinds of objects that a course is made of.
///
/// PS3.6 annex A.
package enum SOPClass {
  package static let ctImage = "1.2.840.10008.5.1.4.1.1.2"
  package static let enhancedCTImage = "1.2.840.10008.5.1.4.1.1.2.1"
  package static let legacyConvertedCTImage = "1.2.840.10008.5.1.4.1.1.2.2"
  package static let mrImage = "1.2.840.10008.5.1.4.1.1.4"
  package static let enhancedMRImage = "1.2.840.10008.5.1.4.1.1.4.1"
  package static let legacyConvertedMRImage = "1.2.840.10008.5.1.4.1.1.4.4"
  package static let petImage = "1.2.840.10008.5.1.4.1.1.128"
  package static let legacyConvertedPETImage = "1.2.840.10008.5.1.4.1.1.128.1"
  package static let enhancedPETImage = "1.2.840.10008.5.1.4.1.1.130"
  package static let rtDose = "1.2.840.10008.5.1.4.1.1.481.2"
  package static let rtStructureSet = "1.2.840.10008.5.1.4.1.1.481.3"
  package static let rtBeamsTreatmentRecord = "1.2.840.10008.5.1.4.1.1.481.4"
  package static let rtPlan = "1.2.840.10008.5.1.4.1.1.481.5"
  package static let rtBrachyTreatmentRecord = "1.2.840.10008.5.1.4.1.1.481.6"
  package static let rtTreatmentSummaryRecord = "1.2.840.10008.5.1.4.1.1.481.7"
  package static let rtIonPlan = "1.2.840.10008.5.1.4.1.1.481.8"
  package static let rtIonBeamsTreatmentRecord = "1.2.840.10008.5.1.4.1.1.481.9"
  package static let spatialRegistration = "1.2.840.10008.5.1.4.1.1.66.1"
  package static let deformableSpatialRegistration = "1.2.840.10008.5.1.4.1.1.66.3"
  package static let rtImage = "1.2.840.10008.5.1.4.1.1.481.1"
  package static let keyObjectSelection = "1.2.840.10008.5.1.4.1.1.88.59"
  package static let secondaryCapture = "1.2.840.10008.5.1.4.1.1.7"
  package static let multiFrameTrueColorSecondaryCapture = "1.2.840.10008.5.1.4.1.1.7.4"
  package static let grayscaleSoftcopyPresentationState = "1.2.840.10008.5.1.4.1.1.11.1"

  /// Whether objects of a class are a part of some course: images to draw on, and everything of
  /// radiotherapy.
  package static func isOfCourse(_ uid: String) -> Bool {
    isScan(uid) || uid.hasPrefix("1.2.840.10008.5.1.4.1.1.481.")
      || uid == spatialRegistration || uid == deformableSpatialRegistration
  }

  /// Whether a class is one of the second generation of radiotherapy objects.
  ///
  /// PS3.3 A.86: RT Physician Intent, RT Segment Annotation, RT Radiation Set and what hangs on them,
  /// to Enhanced Continuous RT Image.
  package static func isSecondGeneration(_ uid: String) -> Bool {
    let root = "1.2.840.10008.5.1.4.1.1.481."
    guard uid.hasPrefix(root), let number = Int(uid.dropFirst(root.count)) else { return false }
    // RT Patient Position Acquisition Instruction and what may still be added come behind 9.
    return number >= 10
  }

  /// Whether the images of a class can carry a map.
  package static func isScan(_ uid: String) -> Bool {
    switch uid {
    case ctImage, enhancedCTImage, legacyConvertedCTImage, mrImage, enhancedMRImage,
      legacyConvertedMRImage, petImage, legacyConvertedPETImage, enhancedPETImage:
      true
    default: false
    }
  }
}

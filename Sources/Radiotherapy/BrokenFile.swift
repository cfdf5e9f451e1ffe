package import DICOM

/// A file that cannot be used, and what could still be read of it.
package struct BrokenFile: Sendable {
  package let error: FileError
  /// `nil` where nothing could be read, not even that it is DICOM.
  package let remains: Remains?
  /// Whether it is sound, but another file calls itself the same instance and says something else.
  package let isTwin: Bool

  package init(_ error: FileError, remains: Remains? = nil) {
    self.error = error
    self.remains = remains
    isTwin = false
  }

  /// A second file of an instance that does not say what the first one says.
  ///
  /// Which of the two is right nobody can know.
  init(twin identity: ObjectIdentity, of first: String) {
    var remains = Remains()
    remains.sopClassUID = identity.sopClassUID
    remains.sopInstanceUID = identity.sopInstanceUID
    remains.studyInstanceUID = identity.studyInstanceUID
    remains.seriesInstanceUID = identity.seriesInstanceUID
    remains.modality = identity.modality
    self.remains = remains
    error = .unreadable(
      path: identity.path,
      reason:
        "has the SOP Instance UID of \(first) and says something else; keep the one that is right")
    isTwin = true
  }

  /// What the head of a broken file still says.
  package struct Remains: Hashable, Sendable {
    package var sopClassUID: String?
    package var sopInstanceUID: String?
    package var studyInstanceUID: String?
    package var seriesInstanceUID: String?
    package var frameOfReferenceUID: String?
    package var modality: String?
    package var patientID: String?
    package var referencedPlans: [String] = []

    package init() {}

    package init(of file: DICOMFile) {
      let dataSet = file.dataSet
      // Not every string of a broken file can be trusted to be whole: the last element may be cut.
      // The reader drops an element that is, so what is here was read in full.
      sopClassUID = dataSet.string(.sopClassUID) ?? file.meta.string(.mediaStorageSOPClassUID)
      sopInstanceUID =
        dataSet.string(.sopInstanceUID) ?? file.meta.string(.mediaStorageSOPInstanceUID)
      studyInstanceUID = dataSet.string(.studyInstanceUID)
      seriesInstanceUID = dataSet.string(.seriesInstanceUID)
      frameOfReferenceUID = dataSet.string(.frameOfReferenceUID)
      modality = dataSet.string(.modality)?.uppercased()
      patientID = dataSet.string(.patientID)
      referencedPlans = ObjectReference.all(in: dataSet, .referencedRTPlanSequence)
        .map(\.sopInstanceUID)
    }
  }

  /// What kind of object it is, as far as SOP class or modality say.
  package enum Kind: Sendable {
    case scan
    case dose
    case plan
    case structureSet
    case record
    case registration
    /// An object that no map is made from.
    case bystander
  }

  package var kind: Kind? {
    if let uid = remains?.sopClassUID {
      switch uid {
      case let uid where SOPClass.isScan(uid): return .scan
      case SOPClass.rtDose: return .dose
      case SOPClass.rtPlan, SOPClass.rtIonPlan: return .plan
      case SOPClass.rtStructureSet: return .structureSet
      case SOPClass.rtBeamsTreatmentRecord, SOPClass.rtIonBeamsTreatmentRecord,
        SOPClass.rtTreatmentSummaryRecord, SOPClass.rtBrachyTreatmentRecord:
        return .record
      case SOPClass.spatialRegistration, SOPClass.deformableSpatialRegistration:
        return .registration
      default: return .bystander
      }
    }
    switch remains?.modality {
    case "CT", "MR", "PT": return .scan
    case "RTDOSE": return .dose
    case "RTPLAN": return .plan
    case "RTSTRUCT": return .structureSet
    case "RTRECORD": return .record
    case "REG": return .registration
    case nil: return nil
    default: return .bystander
    }
  }

  package var path: String { error.path }

  /// The folder that the file lies in.
  package var folder: String { Self.folder(of: path) }

  package static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return String(path[..<slash])
  }

  package var fileName: String { path.split(separator: "/").last.map(String.init) ?? path }
}

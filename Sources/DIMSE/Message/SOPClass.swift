/// UIDs of the services of PS3.4 that are spoken here.
package enum SOPClass {
  package static let verification = "1.2.840.10008.1.1"
  package static let storageCommitment = "1.2.840.10008.1.20.1"
  /// The one instance that every commitment is asked of.
  package static let storageCommitmentInstance = "1.2.840.10008.1.20.1.1"
  package static let patientRootFind = "1.2.840.10008.5.1.4.1.2.1.1"
  package static let patientRootMove = "1.2.840.10008.5.1.4.1.2.1.2"
  package static let patientRootGet = "1.2.840.10008.5.1.4.1.2.1.3"
  package static let studyRootFind = "1.2.840.10008.5.1.4.1.2.2.1"
  package static let studyRootMove = "1.2.840.10008.5.1.4.1.2.2.2"
  package static let studyRootGet = "1.2.840.10008.5.1.4.1.2.2.3"
  package static let secondaryCapture = "1.2.840.10008.5.1.4.1.1.7"
  package static let multiFrameTrueColorSecondaryCapture = "1.2.840.10008.5.1.4.1.1.7.4"
}

/// From where a query starts: the information model.
///
/// PS3.4 C.3.
package enum QueryRoot: Sendable, CaseIterable {
  case patient, study

  package var findSOPClass: String {
    self == .patient ? SOPClass.patientRootFind : SOPClass.studyRootFind
  }

  package var moveSOPClass: String {
    self == .patient ? SOPClass.patientRootMove : SOPClass.studyRootMove
  }

  package var getSOPClass: String {
    self == .patient ? SOPClass.patientRootGet : SOPClass.studyRootGet
  }
}

/// Query/Retrieve Level (0008,0052).
package enum QueryLevel: String, Sendable, CaseIterable, Comparable {
  case patient = "PATIENT"
  case study = "STUDY"
  case series = "SERIES"
  case image = "IMAGE"

  private var depth: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  package static func < (a: QueryLevel, b: QueryLevel) -> Bool { a.depth < b.depth }
}

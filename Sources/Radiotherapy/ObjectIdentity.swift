package import DICOM

/// What every object of a course says of itself: which one it is, whose, and in which study.
package struct ObjectIdentity: Hashable, Sendable {
  package let path: String
  package let sopClassUID: String
  package let sopInstanceUID: String
  package let studyInstanceUID: String
  package let seriesInstanceUID: String
  package let frameOfReferenceUID: String?
  package let modality: String
  package let studyDate: CalendarDate?
  package let studyDescription: String?
  package let seriesDescription: String?
  package let patient: PatientIdentity

  /// - Throws: where an object has no name of its own to be referred to.
  package init(of file: DICOMFile) throws(FileError) {
    path = file.path
    guard let sopClass = file.identifier(.sopClassUID), !sopClass.isEmpty else {
      throw .attribute(path: file.path, .missing(.sopClassUID))
    }
    sopClassUID = sopClass
    // What is no part of a course (a directory, a report) may lack what it likes.
    let isStranger = !SOPClass.isOfCourse(sopClass)
    func required(_ tag: Tag) throws(FileError) -> String {
      if let uid = file.identifier(tag), !uid.isEmpty { return uid }
      guard isStranger else { throw .attribute(path: file.path, .missing(tag)) }
      return tag == .sopInstanceUID ? file.path : ""
    }
    sopInstanceUID = try required(.sopInstanceUID)
    studyInstanceUID = try required(.studyInstanceUID)
    seriesInstanceUID = try required(.seriesInstanceUID)
    frameOfReferenceUID = file.dataSet.whole(.frameOfReferenceUID)
    modality = file.dataSet.string(.modality) ?? ""
    studyDate = file.dataSet.string(.studyDate).flatMap(CalendarDate.init(dicom:))
    studyDescription = file.dataSet.string(.studyDescription)
    seriesDescription = file.dataSet.string(.seriesDescription)
    patient = PatientIdentity(of: file.dataSet)
  }

  /// How messages call the file: its name without the folders.
  package var fileName: String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}

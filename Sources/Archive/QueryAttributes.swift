package import DICOM
package import DIMSE

/// Which attributes can be asked for, and to which level they belong.
///
/// PS3.4 Tables C.6-1 to C.6-5.
package enum QueryAttributes {
  /// The level an attribute belongs to; `nil` where it is not kept in the index.
  static func level(of tag: Tag) -> QueryLevel? {
    if tag == .specificCharacterSet { return .patient }
    if study.contains(tag) { return .study }
    if series.contains(tag) { return .series }
    if image.contains(tag) { return .image }
    return tag.group == 0x0010 ? .patient : nil
  }

  /// The attribute that tells things of a level apart.
  static func unique(_ level: QueryLevel) -> Tag {
    switch level {
    case .patient: .patientID
    case .study: .studyInstanceUID
    case .series: .seriesInstanceUID
    case .image: .sopInstanceUID
    }
  }

  /// What can be asked for at a level, in the order of the tags.
  package static func keys(_ level: QueryLevel) -> [Tag] {
    let stored: Set<Tag> =
      switch level {
      case .patient:
        [.patientID, .patientName, .patientBirthDate, .patientSex, .issuerOfPatientID]
      case .study: study
      case .series: series
      case .image: image
      }
    return stored.union(computed.filter { $0.value == level }.keys).sorted()
  }

  /// Counted or collected from what lies below, never stored.
  static let computed: [Tag: QueryLevel] = [
    .numberOfPatientRelatedStudies: .patient, .numberOfPatientRelatedSeries: .patient,
    .numberOfPatientRelatedInstances: .patient, .modalitiesInStudy: .study,
    .sopClassesInStudy: .study, .numberOfStudyRelatedSeries: .study,
    .numberOfStudyRelatedInstances: .study, .numberOfSeriesRelatedInstances: .series,
  ]

  private static let study: Set<Tag> = [
    .studyInstanceUID, .studyDate, .studyTime, .accessionNumber, .studyID, .studyDescription,
    .referringPhysicianName, Tag(0x0008, 0x1060), Tag(0x0008, 0x1048), Tag(0x0010, 0x1010),
    Tag(0x0010, 0x1020), Tag(0x0010, 0x1030),
  ]

  private static let series: Set<Tag> = [
    .seriesInstanceUID, .modality, .seriesNumber, .seriesDescription, .frameOfReferenceUID,
    .manufacturer, Tag(0x0008, 0x0021), Tag(0x0008, 0x0031), Tag(0x0008, 0x0080),
    Tag(0x0008, 0x1010), Tag(0x0008, 0x1090), Tag(0x0018, 0x0015), Tag(0x0018, 0x1030),
    Tag(0x0018, 0x5100), Tag(0x0020, 0x0060),
  ]

  private static let image: Set<Tag> = [
    .sopInstanceUID, .sopClassUID, .instanceNumber, .numberOfFrames, .rows, .columns,
    .imagePositionPatient, .imageOrientationPatient, .pixelSpacing, Tag(0x0008, 0x0008),
    Tag(0x0008, 0x0022), Tag(0x0008, 0x0023), Tag(0x0008, 0x0032), Tag(0x0008, 0x0033),
    Tag(0x0020, 0x0012), Tag(0x0028, 0x0100), Tag(0x0028, 0x0301),
  ]
}

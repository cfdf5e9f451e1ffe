package import DICOM
package import DIMSE

/// What is looked for in an archive; what is `nil` may be anything.
///
/// Texts may hold `*` and `?`; the date is a range as DICOM writes it.
package struct ArchiveQuery: Sendable, Equatable {
  package var patientID: String?
  package var patientName: String?
  /// `20200423`, `20200401-20200430`, `20200401-` or `-20200430`.
  package var studyDate: String?
  package var accessionNumber: String?
  package var modality: String?
  package var studyDescription: String?
  package var seriesDescription: String?
  package var study: String?
  package var series: String?
  package var instance: String?

  package init() {}

  package var isEmpty: Bool { self == ArchiveQuery() }

  /// Whether it names more of a study than its UID.
  var namesStudies: Bool {
    [patientID, patientName, studyDate, accessionNumber, studyDescription, study]
      .contains { $0 != nil }
  }

  /// The keys of a level: what must match, and empty what shall be told.
  ///
  /// PS3.4 C.6.1, C.6.2.
  func keys(_ level: QueryLevel, study: String? = nil, series: String? = nil) -> DataSet {
    var keys = DataSet()
    for tag in Self.told[level] ?? [] { keys.setKey(tag) }
    for (tag, key) in criteria(level) { keys.setKey(tag, key) }
    if level > .study { keys.setKey(.studyInstanceUID, study ?? self.study ?? "") }
    if level > .series { keys.setKey(.seriesInstanceUID, series ?? self.series ?? "") }
    return keys
  }

  /// Whether an answer is one: some archives ignore keys.
  ///
  /// An attribute that is not told at all decides nothing, unless it is an ID.
  func takes(_ answer: DataSet, _ level: QueryLevel) -> Bool {
    criteria(level).allSatisfy { tag, key in
      let values = answer.strings(tag)
      let vr = Dictionary.vr(of: tag) ?? .LO
      if values.isEmpty { return vr != .UI && tag != .patientID }
      // Upper and lower case are the archive's affair.
      return KeyMatching.matches(
        key: [key.lowercased()], values: values.map { $0.lowercased() }, vr: vr)
    }
  }

  private func criteria(_ level: QueryLevel) -> [(Tag, String)] {
    let all: [(Tag, String?)] =
      switch level {
      case .patient: [(.patientID, patientID), (.patientName, patientName)]
      case .study:
        [
          (.patientID, patientID), (.patientName, patientName), (.studyDate, studyDate),
          (.accessionNumber, accessionNumber), (.modalitiesInStudy, modality),
          (.studyDescription, studyDescription), (.studyInstanceUID, study),
        ]
      case .series:
        [
          (.modality, modality), (.seriesDescription, seriesDescription),
          (.seriesInstanceUID, series),
        ]
      case .image: [(.sopInstanceUID, instance)]
      }
    return all.compactMap { tag, key in key.map { (tag, $0) } }
  }

  /// What is asked to be told of each match.
  package static let told: [QueryLevel: [Tag]] = [
    .patient: [
      .patientID, .issuerOfPatientID, .patientName, .patientBirthDate, .patientSex,
      .numberOfPatientRelatedStudies,
    ],
    .study: [
      .studyInstanceUID, .studyDate, .studyTime, .accessionNumber, .studyID, .studyDescription,
      .modalitiesInStudy, .patientID, .issuerOfPatientID, .patientName, .patientBirthDate,
      .patientSex, .numberOfStudyRelatedSeries, .numberOfStudyRelatedInstances,
    ],
    .series: [
      .seriesInstanceUID, .modality, .seriesNumber, .seriesDescription, .seriesDate,
      .numberOfSeriesRelatedInstances,
    ],
    .image: [.sopInstanceUID, .sopClassUID, .instanceNumber, .numberOfFrames, .rows, .columns],
  ]
}

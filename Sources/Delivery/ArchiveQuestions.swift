import DICOM
import DIMSE

/// What a delivery asks an archive: by query, at the level that answers surely.
struct ArchiveQuestions {
  let destination: Destination
  let interruption: Interruption

  func open(_ proposals: [ContextProposal]) throws(DeliveryError) -> Association {
    guard !destination.isWebOnly else { throw .notOverWeb }
    do {
      return try Association.request(
        to: destination.peer, as: destination.callingAETitle, contexts: proposals,
        options: .init(timeouts: destination.timeouts), interruption: interruption)
    } catch { throw .association(error) }
  }

  /// One study, with patient, accession number and date; empty where it is not held.
  func study(_ uid: String) throws(DeliveryError) -> [DataSet] {
    try find(.study) { (key: inout DataSet) throws(EncodingError) in
      try key.set(.studyInstanceUID, uid)
      for tag in Self.toldOfStudies { key.setEmpty(tag) }
    }
  }

  /// The studies of a patient ID.
  func studies(ofPatient id: String) throws(DeliveryError) -> [DataSet] {
    try find(.study) { (key: inout DataSet) throws(EncodingError) in
      key.setEmpty(.studyInstanceUID)
      for tag in Self.toldOfStudies { key.setEmpty(tag) }
      key.setKey(.patientID, id)
    }.filter { $0.string(.patientID) == id }
  }

  private static let toldOfStudies: [Tag] = [
    .patientID, .issuerOfPatientID, .patientName, .patientBirthDate, .patientSex,
    .accessionNumber, .studyDate,
  ]

  /// The series of a study, with their descriptions.
  func series(of study: String) throws(DeliveryError) -> [DataSet] {
    try find(.series) { (key: inout DataSet) throws(EncodingError) in
      try key.set(.studyInstanceUID, study)
      for tag in [Tag.seriesInstanceUID, .seriesDescription, .modality] { key.setEmpty(tag) }
    }
  }

  /// The SOP Instance UIDs of a series: counted one by one, since counts are not to be trusted.
  func instances(study: String, series: String) throws(DeliveryError) -> Set<String> {
    Set(try images(study: study, series: series).compactMap { $0.string(.sopInstanceUID) })
  }

  /// The instances of a series, as the archive lists them one by one.
  func images(study: String, series: String) throws(DeliveryError) -> [DataSet] {
    try find(.image) { (key: inout DataSet) throws(EncodingError) in
      try key.set(.studyInstanceUID, study)
      try key.set(.seriesInstanceUID, series)
      for tag in [Tag.sopInstanceUID, .sopClassUID, .instanceNumber] { key.setEmpty(tag) }
    }.filter {
      // Some archives answer with more than was asked for.
      ($0.string(.seriesInstanceUID) ?? series) == series
    }
  }

  func find(
    _ level: QueryLevel, _ fill: (inout DataSet) throws(EncodingError) -> Void
  ) throws(DeliveryError) -> [DataSet] {
    var key = DataSet()
    do {
      try fill(&key)
    } catch { throw .encoding(error) }
    if let service = destination.storingService(interruption) {
      return try search(service, level, key)
    }
    let association = try open(NegotiationTable.asking(.study))
    let matches: [DataSet]
    let answer: Answer
    do {
      (matches, answer) = try association.find(.study, level: level, keys: key)
    } catch {
      association.abort()
      throw .association(error)
    }
    do { try association.release() } catch { association.abort() }
    guard answer.status.isDone else { throw .refused(what: "the query", answer) }
    return matches
  }
}

import Audit
import DICOM
import DIMSE
import Delivery

extension Context {
  /// Asks an archive, and writes down who has asked for whom before anything is shown.
  func search(
    _ query: ArchiveQuery, _ level: QueryLevel, _ destination: Destination, _ auditing: Auditing
  ) throws(CommandFailure) -> ArchiveSearch.Outcome {
    let asked = "\(level.rawValue.lowercased()) level, by \(query.named.joined(separator: ", "))"
    let given = Set([query.patientID].compactMap(\.self))
    let outcome: ArchiveSearch.Outcome
    do {
      outcome = try ArchiveSearch(
        destination: destination, interruption: CancelOnSignal.interruption()
      ).run(query, level: level)
    } catch {
      let failure = CommandFailure(error, at: destination)
      try auditing.record(
        .queried, patients: given, outcome: .seriousFailure, at: destination.name,
        detail: "\(asked): \(failure.message)")
      throw failure
    }
    func values(_ tag: Tag) -> Set<String> { Set(outcome.matches.compactMap { $0.string(tag) }) }
    try auditing.record(
      .queried, patients: given.union(values(.patientID)), studies: values(.studyInstanceUID),
      at: destination.name,
      detail: "\(asked): \(outcome.matches.count) match\(outcome.matches.count == 1 ? "" : "es")")
    return outcome
  }
}

extension ArchiveQuery {
  /// What was said of what is looked for, without names and texts.
  fileprivate var named: [String] {
    let said: [(String, Bool)] = [
      ("patient ID", patientID != nil), ("patient name", patientName != nil),
      ("accession number", accessionNumber != nil), ("modality", modality != nil),
      ("study date", studyDate != nil), ("study description", studyDescription != nil),
      ("series description", seriesDescription != nil), ("study", study != nil),
      ("series", series != nil), ("instance", instance != nil),
    ]
    return said.filter(\.1).map(\.0)
  }
}

package import DICOM
import HTTP

/// QIDO-RS: PS3.18 10.6.
extension WebArchive {
  /// The most that one page of matches may have.
  private static let pageLimit = 64 << 20
  private static let pageSize = 500
  private static let pages = 400

  /// The study of a UID, with patient, accession number and date; empty where it is not held.
  package func study(_ uid: String) throws(DICOMwebError) -> [DataSet] {
    try search(
      base.appending("studies"),
      [("StudyInstanceUID", uid), ("includefield", "00100021")], by: .studyInstanceUID)
  }

  /// The series of a study.
  package func series(of study: String) throws(DICOMwebError) -> [DataSet] {
    try search(
      base.appending("studies", study, "series"), [("includefield", "0008103E")],
      by: .seriesInstanceUID)
  }

  /// The instances of a series, one by one.
  package func instances(study: String, series: String) throws(DICOMwebError) -> [DataSet] {
    try search(
      base.appending("studies", study, "series", series, "instances"), [], by: .sopInstanceUID)
  }

  /// Asks page by page until a page brings nothing new: some services give fewer matches than they
  /// have, and do not say so.
  private func search(
    _ resource: WebAddress, _ keys: [(name: String, value: String)], by identifier: Tag
  ) throws(DICOMwebError) -> [DataSet] {
    var found: [DataSet] = []
    var seen: Set<String> = []
    var offset = 0
    for _ in 0..<Self.pages {
      let page = try page(
        resource.asking(keys + [("limit", "\(Self.pageSize)"), ("offset", "\(offset)")]))
      var isNew = false
      for match in page {
        guard let uid = match.string(identifier) else {
          throw .answer("a match without \(identifier)", service: base.origin)
        }
        if seen.insert(uid).inserted {
          found.append(match)
          isNew = true
        }
      }
      guard isNew else { return found }
      offset += page.count
    }
    throw .answer("matches without end", service: base.origin)
  }

  private func page(_ address: WebAddress) throws(DICOMwebError) -> [DataSet] {
    let response = try send(
      WebRequest(.get, address, headers: [("Accept", Self.json)]), limit: Self.pageLimit)
    // Nothing matches, or the study or series is not there.
    let isBelowStudy = address.path.hasSuffix("/series") || address.path.hasSuffix("/instances")
    if response.status == 204 || (response.status == 404 && isBelowStudy) { return [] }
    guard response.status == 200 else { throw .web(response.failure) }
    guard isJSON(response) || response.body.isEmpty else {
      throw .answer(
        "\(response.header("content-type") ?? "nothing") where \(Self.json) was asked for",
        service: base.origin)
    }
    do { return try DICOMJSON.dataSets(response.body) } catch {
      throw .model(error, service: base.origin)
    }
  }
}

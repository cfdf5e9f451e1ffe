package import DICOM
import HTTP

/// QIDO-RS: PS3.18 10.6.
extension WebArchive {
  package enum Level: String, Sendable {
    case studies, series, instances

    /// What names a match.
    var identifier: Tag {
      switch self {
      case .studies: .studyInstanceUID
      case .series: .seriesInstanceUID
      case .instances: .sopInstanceUID
      }
    }

    /// What is told without being asked for.
    ///
    /// PS3.18 10.6.3.3.
    var told: Set<Tag> {
      switch self {
      case .studies:
        [
          .studyDate, .studyTime, .accessionNumber, .modalitiesInStudy, .referringPhysicianName,
          .patientName, .patientID, .patientBirthDate, .patientSex, .studyInstanceUID, .studyID,
          .numberOfStudyRelatedSeries, .numberOfStudyRelatedInstances,
        ]
      case .series:
        [
          .modality, .seriesDescription, .seriesInstanceUID, .seriesNumber,
          .numberOfSeriesRelatedInstances, .studyInstanceUID,
        ]
      case .instances:
        [
          .sopClassUID, .sopInstanceUID, .instanceNumber, .rows, .columns, .bitsAllocated,
          .numberOfFrames, .studyInstanceUID, .seriesInstanceUID,
        ]
      }
    }
  }

  /// The most bytes that one page of matches may have.
  private static let pageLimit = 64 << 20
  private static let pageSize = 500
  private static let pages = 400

  /// Searches for what has the values of some keys; empty keys are asked to be told.
  ///
  /// Asks page by page until a page brings nothing new: some services give fewer matches than they
  /// have, and do not say so.
  package func search(_ level: Level, keys: DataSet) throws(DICOMwebError) -> [DataSet] {
    let (resource, parameters) = request(level, keys)
    var found: [DataSet] = []
    var seen: Set<String> = []
    for _ in 0..<Self.pages {
      let page = try page(resource, parameters, level, limit: Self.pageSize, offset: found.count)
      var isNew = false
      for match in page {
        guard let uid = match.string(level.identifier) else {
          throw .answer("a match without \(level.identifier)", service: base.origin)
        }
        if seen.insert(uid).inserted {
          found.append(match)
          isNew = true
        }
      }
      guard isNew else { return found }
    }
    throw .answer("matches without end", service: base.origin)
  }

  /// One match, where there is any.
  func any(_ level: Level, keys: DataSet) throws(DICOMwebError) -> DataSet? {
    let (resource, parameters) = request(level, keys)
    return try page(resource, parameters, level, limit: 1, offset: 0).first
  }

  /// The resource that keys name, and the parameters for the others.
  ///
  /// PS3.18 8.3.4.
  private func request(
    _ level: Level, _ keys: DataSet
  ) -> (WebAddress, [(name: String, value: String)]) {
    var resource = base
    var inPath: Set<Tag> = []
    if level != .studies, let study = keys.string(.studyInstanceUID) {
      resource = resource.appending("studies", study)
      inPath.insert(.studyInstanceUID)
      if level == .instances, let series = keys.string(.seriesInstanceUID) {
        resource = resource.appending("series", series)
        inPath.insert(.seriesInstanceUID)
      }
    }
    var parameters: [(name: String, value: String)] = []
    var told: [(name: String, value: String)] = []
    let ignored: Set<Tag> = [.queryRetrieveLevel, .specificCharacterSet]
    for element in keys.elements {
      let tag = element.tag
      if inPath.contains(tag) || ignored.contains(tag) { continue }
      let name = Dictionary.keyword(of: tag) ?? tag.number.replacing(",", with: "")
      let values = keys.strings(tag)
      if values.isEmpty {
        if !level.told.contains(tag) { told.append(("includefield", name)) }
      } else {
        parameters.append((name, values.joined(separator: element.vr == .UI ? "," : "\\")))
      }
    }
    return (resource.appending(level.rawValue), parameters + told)
  }

  private func page(
    _ resource: WebAddress, _ parameters: [(name: String, value: String)], _ level: Level,
    limit: Int, offset: Int
  ) throws(DICOMwebError) -> [DataSet] {
    let address = resource.asking(parameters + [("limit", "\(limit)"), ("offset", "\(offset)")])
    let response = try send(
      WebRequest(.get, address, headers: [("Accept", Self.json)]), limit: Self.pageLimit)
    // Nothing matches, or the study or series in the path is not there.
    let isBelow = resource.path != base.appending(level.rawValue).path
    if response.status == 204 || (response.status == 404 && isBelow) { return [] }
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

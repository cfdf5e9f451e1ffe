import DICOM
import HTTP

/// Trying what a service can do, without storing anything and without telling what it holds.
extension WebArchive {
  package enum Service: String, Sendable, CaseIterable {
    case search = "QIDO-RS"
    case store = "STOW-RS"
    case retrieve = "WADO-RS"
  }

  package enum Finding: Sendable, Equatable {
    case works
    case absent
    /// There is nothing to try it on.
    case untried
  }

  package func probe(_ service: Service) throws(DICOMwebError) -> Finding {
    switch service {
    case .search:
      _ = try any(.studies, keys: DataSet())
      return .works
    case .store:
      return try takesStoreRequests() ? .works : .absent
    case .retrieve:
      return try probeRetrieval()
    }
  }

  /// Asks for the attributes of some instance.
  private func probeRetrieval() throws(DICOMwebError) -> Finding {
    var keys = DataSet()
    for level in [Level.studies, .series, .instances] {
      guard let match = try any(level, keys: keys), let uid = match.string(level.identifier) else {
        return .untried
      }
      keys.set(Element(tag: level.identifier, vr: .UI, value: .bytes(Array(uid.utf8)[...])))
    }
    let response = try send(
      WebRequest(
        .get,
        base.appending(
          "studies", keys.string(.studyInstanceUID) ?? "", "series",
          keys.string(.seriesInstanceUID) ?? "", "instances", keys.string(.sopInstanceUID) ?? "",
          "metadata"), headers: [("Accept", Self.json)]), limit: 64 << 20)
    switch response.status {
    case 200: return .works
    case 404, 405, 406, 501: return .absent
    default: throw .web(response.failure)
    }
  }

  /// Whether the service takes store requests at all.
  ///
  /// An empty request is refused in one way by a service that stores, in another by one that does
  /// not.
  private func takesStoreRequests() throws(DICOMwebError) -> Bool {
    let writer = MultipartWriter()
    let response = try send(
      WebRequest(
        .post, base.appending("studies"),
        headers: [("Content-Type", writer.contentType), ("Accept", Self.json)],
        body: .bytes(writer.end)), limit: 1 << 20)
    switch response.status {
    case 404, 405, 501: return false
    case 401, 403, 502...599: throw .web(response.failure)
    default: return true
    }
  }
}

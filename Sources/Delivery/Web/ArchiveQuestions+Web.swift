import DICOM
package import DICOMweb
import DIMSE
import Files
import HTTP

/// The same questions over DICOMweb.
extension ArchiveQuestions {
  /// How often an instance is asked for again where the connection breaks.
  private static let attempts = 4
  /// No instance that comes back is larger.
  private static let instanceLimit = 8 << 30

  /// QIDO-RS with the keys of a C-FIND.
  func search(
    _ service: WebArchive, _ level: QueryLevel, _ keys: DataSet
  ) throws(DeliveryError) -> [DataSet] {
    let resources: WebArchive.Level =
      switch level {
      case .patient, .study: .studies
      case .series: .series
      case .image: .instances
      }
    return try retried { () throws(DICOMwebError) in
      try service.search(resources, keys: keys)
    }
  }

  /// WADO-RS, instance by instance, each into a file.
  func retrieve(
    _ request: RetrieveRequest, _ keep: (ReturnedInstance) throws(DeliveryError) -> Void
  ) throws(DeliveryError) -> [String] {
    guard let service = destination.webService(interruption) else { throw .cannotRetrieve }
    var wanted = request.instances
    if wanted.isEmpty {
      wanted = try images(study: request.study, series: request.series).compactMap {
        $0.string(.sopInstanceUID)
      }.sorted()
    }
    var failed: [String] = []
    for (index, uid) in wanted.enumerated() {
      let path = "\(request.spool)web-\(index)"
      let isHeld = try retried { () throws(DICOMwebError) in
        PrivateFile.remove(path)
        return try service.instance(
          study: request.study, series: request.series, instance: uid, to: path,
          limit: Self.instanceLimit)
      }
      guard isHeld else {
        failed.append(uid)
        continue
      }
      defer { PrivateFile.remove(path) }
      // What it is called is what was asked for: what it says itself is compared later.
      try keep(
        ReturnedInstance(
          SpooledInstance(
            sopClassUID: "", sopInstanceUID: uid, transferSyntax: .explicitVRLittleEndian,
            path: path)))
    }
    return failed
  }

  private func retried<Result>(
    _ body: () throws(DICOMwebError) -> Result
  ) throws(DeliveryError) -> Result {
    var failures = 0
    while true {
      do { return try body() } catch {
        failures += 1
        guard error.kind == .transient, failures < Self.attempts else { throw .web(error) }
        guard
          Backoff.wait(seconds: WebPatience.seconds(after: error, failures), unless: interruption)
        else { throw .web(.web(.stopped)) }
      }
    }
  }
}

/// How long to wait before a service is asked again.
package enum WebPatience {
  /// What it asks for itself, but not for longer than a person would wait; else ever longer.
  package static func seconds(after error: DICOMwebError, _ failures: Int) -> Double {
    if case .web(.status(let failure)) = error, let wanted = failure.retryAfter {
      return Double(min(wanted, 30))
    }
    return Double(1 << min(failures - 1, 4)) * 0.5
  }
}

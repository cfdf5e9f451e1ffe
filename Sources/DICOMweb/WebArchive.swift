package import HTTP

/// An archive that is spoken to over DICOMweb.
///
/// PS3.18 section 10. Its base address is what people call `https://pacs.example/dicom-web`.
package struct WebArchive: Sendable {
  package let base: WebAddress
  package let client: WebClient
  /// Asked several times a second; `true` ends what is under way.
  package let isStopped: @Sendable () -> Bool

  package init(
    _ base: WebAddress, client: WebClient, isStopped: @escaping @Sendable () -> Bool = { false }
  ) {
    self.base = base
    self.client = client
    self.isStopped = isStopped
  }

  package func stopping(when isStopped: @escaping @Sendable () -> Bool) -> WebArchive {
    WebArchive(base, client: client, isStopped: isStopped)
  }

  static let json = "application/dicom+json"

  func send(_ request: WebRequest, limit: Int) throws(DICOMwebError) -> WebResponse {
    do { return try client.send(request, limit: limit, isStopped: isStopped) } catch {
      throw .web(error)
    }
  }

  func isJSON(_ response: WebResponse) -> Bool {
    guard let type = response.header("content-type").flatMap(MediaType.init) else { return false }
    return type.name == Self.json || type.name == "application/json"
  }
}

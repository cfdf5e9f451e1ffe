import Foundation
package import HTTP
package import JSON
import TreatmentSummary

/// A FHIR R4 server's REST interface: read, search, create, update, transaction.
///
/// https://hl7.org/fhir/R4/http.html
package struct FHIRServer: Sendable {
  package let base: WebAddress
  private let client: WebClient
  private let isStopped: @Sendable () -> Bool

  static let mediaType = "application/fhir+json"
  /// The most bytes that an answer may have.
  private static let sizeLimit = 64 << 20
  /// The most pages of a search.
  private static let pageLimit = 50
  /// How often a request is repeated that a busy server did not take.
  private static let retries = 2

  package init(
    base: WebAddress, client: WebClient, isStopped: @escaping @Sendable () -> Bool = { false }
  ) {
    self.base = base
    self.client = client
    self.isStopped = isStopped
  }

  /// What a server says that it can do.
  package struct Capability: Sendable {
    /// Whether it takes transactions; `nil` where it does not say.
    package let takesTransactions: Bool?
  }

  package func capability() throws(FHIRError) -> Capability {
    let response = try send(.get, base.appending("metadata"))
    guard response.isSuccess else { return Capability(takesTransactions: nil) }
    return Capability(takesTransactions: Self.takesTransactions(try json(response)))
  }

  private static func takesTransactions(_ statement: JSON) -> Bool? {
    let all = statement["rest"]?.arrayValue ?? []
    let rest = all.first { $0["mode"]?.stringValue == "server" } ?? all.first
    let codes = rest?["interaction"]?.arrayValue?.compactMap { $0["code"]?.stringValue }
    return codes.map { $0.contains("transaction") }
  }

  /// What a server says that it is.
  package struct Description: Sendable {
    /// Such as `4.0.1`.
    package let version: String?
    package let software: String?
    package let takesTransactions: Bool?
  }

  /// Asks a server what it is; other than ``capability()`` it fails where there is no word.
  package func describe() throws(FHIRError) -> Description {
    let document = try json(try accepted(try send(.get, base.appending("metadata"))))
    guard document["resourceType"]?.stringValue == "CapabilityStatement" else {
      throw .badAnswer(origin: base.origin, "metadata gave no CapabilityStatement")
    }
    return Description(
      version: document["fhirVersion"]?.stringValue,
      software: document["software"]?["name"]?.stringValue,
      takesTransactions: Self.takesTransactions(document))
  }

  /// One resource; `nil` where there is none.
  package func read(_ reference: String) throws(FHIRError) -> JSON? {
    let parts = reference.split(separator: "/").suffix(2).map(String.init)
    guard parts.count == 2 else { return nil }
    let response = try send(.get, base.appending(parts[0], parts[1]))
    if response.status == 404 || response.status == 410 { return nil }
    return try json(try accepted(response))
  }

  /// All pages of a search, as Bundles.
  package func search(
    _ type: String, _ parameters: [(name: String, value: String)]
  ) throws(FHIRError) -> [JSON] {
    var pages: [JSON] = []
    var seen: Set<WebAddress> = []
    var address: WebAddress? = base.appending(type).asking(parameters)
    while let next = address {
      guard pages.count < Self.pageLimit, seen.insert(next).inserted else {
        throw .endlessSearch(type: type, pages: pages.count)
      }
      let page = try json(try accepted(try send(.get, next)))
      guard page["resourceType"]?.stringValue == "Bundle" else {
        let words = Self.words(of: page).map { ": \($0)" }.first ?? ""
        throw .badAnswer(origin: base.origin, "a search gave no Bundle\(words)")
      }
      pages.append(page)
      let link = page["link"]?.arrayValue?.first { $0["relation"]?.stringValue == "next" }
      address = nil
      if let url = link?["url"]?.stringValue {
        do { address = try next.following(url) } catch { throw .web(error) }
      }
    }
    try requireAll(pages, type)
    return pages
  }

  /// Refuses a search that finds more than it gives: a course without some of its parts is another one.
  private func requireAll(_ pages: [JSON], _ type: String) throws(FHIRError) {
    guard let total = pages.first?["total"]?.integerValue else { return }
    let given = pages.flatMap { $0["entry"]?.arrayValue ?? [] }.filter {
      $0["resource"]?["resourceType"]?.stringValue == type
        && ["match", nil].contains($0["search"]?["mode"]?.stringValue)
    }.count
    guard given < total else { return }
    throw .badAnswer(
      origin: base.origin,
      "a search finds \(total) \(type)s and gives \(given), without a next page")
  }

  /// The resources with an identifier.
  package func find(
    _ type: String, system: String, value: String
  ) throws(FHIRError) -> [JSON] {
    try search(type, [("identifier", "\(system)|\(value)")]).flatMap { page in
      (page["entry"]?.arrayValue ?? []).compactMap { $0["resource"] }
        .filter { $0["resourceType"]?.stringValue == type }
    }
  }

  func transaction(_ bundle: JSON) throws(FHIRError) -> WebResponse {
    try send(.post, base, body: bundle)
  }

  func create(_ resource: JSON, ifNoneExist: String) throws(FHIRError) -> WebResponse {
    let type = resource["resourceType"]?.stringValue ?? ""
    return try send(
      .post, base.appending(type), headers: [("If-None-Exist", ifNoneExist)], body: resource)
  }

  func update(_ resource: JSON, version: String?) throws(FHIRError) -> WebResponse {
    let type = resource["resourceType"]?.stringValue ?? ""
    let id = resource["id"]?.stringValue ?? ""
    return try send(
      .put, base.appending(type, id),
      headers: version.map { [("If-Match", "W/\"\($0)\"")] } ?? [], body: resource)
  }

  /// Sends; a busy server is asked again, and a search or read after a broken connection.
  ///
  /// What was perhaps taken is not sent twice by itself: running the command again is safe, since
  /// everything has a condition, but another run may still be under way on the server.
  private func send(
    _ method: WebRequest.Method, _ address: WebAddress,
    headers: [(name: String, value: String)] = [], body: JSON? = nil
  ) throws(FHIRError) -> WebResponse {
    var all = [(name: "Accept", value: Self.mediaType)]
    if body != nil {
      all += [("Content-Type", Self.mediaType), ("Prefer", "return=representation")]
    }
    all += headers
    let request = WebRequest(
      method, address, headers: all, body: body.map { .bytes($0.bytes()) } ?? .none)
    var attempt = 0
    while true {
      attempt += 1
      do {
        let response = try client.send(request, limit: Self.sizeLimit, isStopped: isStopped)
        let isBusy = response.status == 429 || response.status == 503
        guard isBusy, attempt <= Self.retries, pause(response.retryAfter ?? 1) else {
          return response
        }
      } catch {
        guard method == .get, error.kind == .transient, attempt <= Self.retries, pause(1) else {
          throw .web(error)
        }
      }
    }
  }

  /// Waits; `false` where the wait is too long, or somebody stopped it.
  private func pause(_ seconds: Int) -> Bool {
    guard seconds <= 10 else { return false }
    for _ in 0..<max(1, seconds * 10) {
      if isStopped() { return false }
      Thread.sleep(forTimeInterval: 0.1)
    }
    return true
  }

  /// The answer, unless the server said no.
  func accepted(_ response: WebResponse) throws(FHIRError) -> WebResponse {
    guard !response.isSuccess else { return response }
    let words = Self.words(of: response.body)
    // Without words of its own, the status says what to do.
    if words.isEmpty || response.status == 401 || response.status == 403 {
      throw .web(response.failure)
    }
    throw .refused(status: response.status, origin: response.origin, words: words)
  }

  /// What an OperationOutcome says, each issue in a line; nothing where it is none.
  package static func words(of body: [UInt8]) -> [String] {
    (try? JSON(parsing: body)).map(words(of:)) ?? []
  }

  private static func words(of outcome: JSON) -> [String] {
    guard outcome["resourceType"]?.stringValue == "OperationOutcome" else { return [] }
    return (outcome["issue"]?.arrayValue ?? []).prefix(8).compactMap { issue in
      let text =
        issue["diagnostics"]?.stringValue ?? issue["details"]?["text"]?.stringValue
        ?? issue["code"]?.stringValue
      let place = (issue["expression"]?.arrayValue ?? []).compactMap(\.stringValue).first
      return text.map { String($0.prefix(300)) + (place.map { " (\($0.prefix(100)))" } ?? "") }
    }
  }

  func json(_ response: WebResponse) throws(FHIRError) -> JSON {
    do { return try JSON(parsing: response.body) } catch {
      let type = response.header("content-type") ?? ""
      throw .badAnswer(
        origin: response.origin,
        type.contains("xml") || type.contains("html")
          ? "it is \(type) where \(Self.mediaType) was asked for" : "\(error)")
    }
  }
}

import Files
import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Sends requests to web services and waits for their answers, one at a time for each caller.
///
/// It keeps no cookies, no cache and no passwords, follows a redirection within the same service
/// only, and shows a token to nobody else. Connections are kept open between requests.
package final class WebClient: Sendable {
  private let session: URLSession
  private let exchanges: Exchanges
  private let token: BearerToken?
  private let silence: Double
  private let connecting: Double
  private let reach = Reach()
  private let userAgent: String

  /// How often a redirection within a service is followed.
  private static let redirections = 3

  /// - Parameters:
  ///   - token: shown with each request.
  ///   - silence: seconds without a byte in either direction after which an exchange ends.
  ///   - connecting: seconds after which a connection that has not come about is given up.
  package init(
    token: BearerToken? = nil, silence: Double = 60, connecting: Double = 10,
    userAgent: String = "push2pacs"
  ) throws(WebError) {
    try Surroundings.requireChecking()
    Surroundings.keepLoopbackDirect
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpCookieStorage = nil
    configuration.httpShouldSetCookies = false
    configuration.urlCache = nil
    configuration.urlCredentialStorage = nil
    configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
    // Our own clock ends what is silent; this one is only behind it.
    configuration.timeoutIntervalForRequest = silence + 30
    configuration.timeoutIntervalForResource = 7 * 86400
    exchanges = Exchanges()
    session = URLSession(configuration: configuration, delegate: exchanges, delegateQueue: nil)
    self.token = token
    self.silence = silence
    self.connecting = connecting
    self.userAgent = userAgent
  }

  deinit { session.invalidateAndCancel() }

  /// Sends a request and waits for the whole answer, whatever its status.
  ///
  /// - Parameters:
  ///   - limit: the most bytes that the answer may have.
  ///   - isStopped: asked several times a second; `true` ends the exchange.
  package func send(
    _ request: WebRequest, limit: Int = 16 << 20, isStopped: @Sendable () -> Bool = { false }
  ) throws(WebError) -> WebResponse {
    try follow(request, isStopped) { () throws(WebError) in Exchange(limit: limit) }
  }

  /// Sends a request and writes the answer's body into a new file where the status is 200.
  ///
  /// What lay under that name goes; what is left after a failure is the caller's to remove.
  package func download(
    _ request: WebRequest, to path: String, limit: Int, isStopped: @Sendable () -> Bool = { false }
  ) throws(WebError) -> WebResponse {
    try follow(request, isStopped) { () throws(WebError) in
      // A redirection before has left it empty.
      PrivateFile.remove(path)
      do { return try Exchange(limit: limit, path: path) } catch { throw .file("\(error)") }
    }
  }

  private func follow(
    _ request: WebRequest, _ isStopped: @Sendable () -> Bool,
    _ start: () throws(WebError) -> Exchange
  ) throws(WebError) -> WebResponse {
    var request = request
    for _ in 0...Self.redirections {
      let response = try once(request, try start(), isStopped)
      guard [301, 302, 303, 307, 308].contains(response.status),
        let location = response.header("location")
      else { return response }
      let target = try request.address.following(location)
      // What was to be stored is not sent to a place that nobody has configured.
      guard request.method == .get || request.method == .head else { return response }
      request.address = target
    }
    throw .badAnswer(origin: request.address.origin, detail: "it sends on in circles")
  }

  private func once(
    _ request: WebRequest, _ exchange: Exchange, _ isStopped: @Sendable () -> Bool
  ) throws(WebError) -> WebResponse {
    let origin = request.address.origin
    guard let url = request.address.url else { throw .address(request.address.text, .unreadable) }
    try reach.require(request.address, within: connecting, isStopped: isStopped)
    var asked = URLRequest(url: url)
    asked.httpMethod = request.method.rawValue
    asked.timeoutInterval = silence + 30
    asked.setValue(userAgent, forHTTPHeaderField: "User-Agent")
    for header in request.headers { asked.setValue(header.value, forHTTPHeaderField: header.name) }
    if let token { asked.setValue(token.header, forHTTPHeaderField: "Authorization") }
    let task: URLSessionTask
    switch request.body {
    case .none: task = session.dataTask(with: asked)
    case .bytes(let bytes): task = session.uploadTask(with: asked, from: Data(bytes))
    case .file(let path):
      guard FileManager.default.isReadableFile(atPath: path) else {
        throw .file("\(path): cannot be read")
      }
      task = session.uploadTask(with: asked, fromFile: URL(fileURLWithPath: path))
    }
    exchanges.begin(exchange, task)
    task.resume()
    let ending = exchange.wait(silence: silence, isStopped)
    if ending != .finished { task.cancel() }
    exchanges.end(task)
    switch ending {
    case .finished: break
    case .stopped: throw .stopped
    case .silent: throw .timeout(origin: origin, seconds: Int(silence))
    }
    return try exchange.response(from: request.address, tokenVariable: token?.variable)
  }
}

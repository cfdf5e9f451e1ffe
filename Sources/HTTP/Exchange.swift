import Dispatch
import Files
import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// One request on its way: what has arrived of the answer, and whether it is over.
final class Exchange: Sendable {
  private struct State: Sendable {
    var status: Int?
    var headers: [String: String] = [:]
    var body: [UInt8] = []
    var byteCount = 0
    var failure: Failure?
    /// When a byte last went in either direction.
    var lastSign = ContinuousClock.now
    var isOver = false
  }

  enum Failure: Sendable {
    case tooLarge
    case disk(FileTrouble)
    case notHTTP
    /// Foundation's own error: domain aside, its code, and what it says.
    case url(code: Int, detail: String)
  }

  enum Ending: Sendable {
    case finished, stopped, silent
  }

  private let state = Mutex(State())
  private let over = DispatchSemaphore(value: 0)
  private let limit: Int
  private let isToFile: Bool
  private let file: Mutex<GrowingFile?>

  init(limit: Int) {
    self.limit = limit
    isToFile = false
    file = Mutex(nil)
  }

  /// - Parameter path: a file that is made for the body.
  init(limit: Int, path: String) throws(FileTrouble) {
    self.limit = limit
    isToFile = true
    file = Mutex(try GrowingFile(creating: path))
  }

  /// Waits until the exchange is over, somebody stops it, or nothing has moved for too long.
  func wait(silence: Double, _ isStopped: @Sendable () -> Bool) -> Ending {
    while over.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
      if isStopped() { return .stopped }
      let last = state.withLock { $0.lastSign }
      if last.duration(to: .now) > .seconds(silence) { return .silent }
    }
    return .finished
  }

  // What the session tells.

  func hasMoved() { state.withLock { $0.lastSign = .now } }

  func begins(_ response: URLResponse) -> Bool {
    state.withLock { state in
      state.lastSign = .now
      guard let response = response as? HTTPURLResponse else {
        state.failure = .notHTTP
        return false
      }
      state.status = response.statusCode
      for (name, value) in response.allHeaderFields {
        state.headers["\(name)".lowercased()] = "\(value)"
      }
      return true
    }
  }

  /// Keeps a piece of the body; `false`: no more of it is wanted.
  func receives(_ piece: Data) -> Bool {
    let isWanted = keeps(piece)
    if !isWanted { ends(nil) }
    return isWanted
  }

  private func keeps(_ piece: Data) -> Bool {
    state.withLock { state in
      state.lastSign = .now
      guard state.failure == nil, !state.isOver else { return false }
      // Nobody needs more than a word of a refusal.
      let most = isToFile && state.status != 200 ? min(limit, 1 << 20) : limit
      guard piece.count <= most - state.byteCount else {
        state.failure = .tooLarge
        return false
      }
      if isToFile, state.status == 200 {
        do throws(FileTrouble) {
          try file.withLock { (file) throws(FileTrouble) in try file?.append(piece) }
        } catch {
          state.failure = .disk(error)
          return false
        }
      } else {
        state.body.append(contentsOf: piece)
      }
      state.byteCount += piece.count
      return true
    }
  }

  func ends(_ error: (any Error)?) {
    state.withLock { state in
      guard !state.isOver else { return }
      state.isOver = true
      if state.failure == nil, let error {
        let error = error as NSError
        state.failure = .url(code: error.code, detail: error.localizedDescription)
      }
    }
    over.signal()
  }

  /// The answer, or why there is none.
  func response(
    from address: WebAddress, tokenVariable: String?
  ) throws(WebError) -> WebResponse {
    let end = state.withLock { $0 }
    let origin = address.origin
    switch end.failure {
    case .tooLarge: throw .tooLarge(origin: origin, limit: limit)
    case .disk(let trouble): throw .file("\(trouble)")
    case .notHTTP: throw .badAnswer(origin: origin, detail: "it does not speak HTTP")
    case .url(let code, let detail):
      throw WebError(foundation: code, detail: detail, address: address)
    case nil: break
    }
    guard let status = end.status else {
      throw .connectionLost(origin: origin, detail: "it closed without an answer")
    }
    return WebResponse(
      status: status, headers: end.headers, body: end.body, origin: origin,
      tokenVariable: tokenVariable)
  }
}

/// The exchanges that are under way, by the number of their task: what the session talks to.
final class Exchanges: NSObject, URLSessionDataDelegate, Sendable {
  private let running = Mutex<[Int: Exchange]>([:])

  func begin(_ exchange: Exchange, _ task: URLSessionTask) {
    running.withLock { $0[task.taskIdentifier] = exchange }
  }

  func end(_ task: URLSessionTask) {
    running.withLock { $0[task.taskIdentifier] = nil }
  }

  private func exchange(_ task: URLSessionTask) -> Exchange? {
    running.withLock { $0[task.taskIdentifier] }
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
  ) {
    completionHandler(exchange(dataTask)?.begins(response) == true ? .allow : .cancel)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    if exchange(dataTask)?.receives(data) != true { dataTask.cancel() }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, didSendBodyData bytesSent: Int64,
    totalBytesSent: Int64, totalBytesExpectedToSend: Int64
  ) {
    exchange(task)?.hasMoved()
  }

  /// A redirection is an answer like any other: the client looks where it leads.
  func urlSession(
    _ session: URLSession, task: URLSessionTask,
    willPerformHTTPRedirection response: HTTPURLResponse, newRequest request: URLRequest,
    completionHandler: @escaping @Sendable (URLRequest?) -> Void
  ) {
    completionHandler(nil)
  }

  /// A service that wants to know who asks is told by the token or not at all: its answer counts.
  func urlSession(
    _ session: URLSession, task: URLSessionTask, didReceive challenge: URLAuthenticationChallenge,
    completionHandler:
      @escaping @Sendable (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
  ) {
    guard let response = challenge.failureResponse else {
      // Whether a certificate is trusted is the system's to say.
      completionHandler(.performDefaultHandling, nil)
      return
    }
    // Foundation on Linux would wait for ever for a password that nobody has.
    _ = exchange(task)?.begins(response)
    exchange(task)?.ends(nil)
    completionHandler(.cancelAuthenticationChallenge, nil)
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
  ) {
    exchange(task)?.ends(error)
  }
}

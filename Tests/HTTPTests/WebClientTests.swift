import Foundation
import HTTP
import Synchronization
import TestSupport
import Testing

@Suite("Web client", .serialized, .timeLimit(.minutes(2))) struct WebClientTests {
  let server: WebServer

  init() throws { server = try WebServer() }

  private func client(token: String? = nil, silence: Double = 20) throws -> WebClient {
    let token = try token.map {
      try BearerToken(variable: "TEST_TOKEN", environment: ["TEST_TOKEN": $0])
    }
    return try WebClient(token: token, silence: silence)
  }

  @Test("method, target, headers, token and body arrive as given")
  func echo() throws {
    let client = try client(token: "abc.def")
    let body = Array("hello\0\u{FF}".utf8)
    for method in [WebRequest.Method.post, .put, .patch] {
      let response = try client.send(
        WebRequest(
          method, try server.address("/echo").asking([("a", "1 2")]),
          headers: [("Content-Type", "application/fhir+json"), ("If-None-Exist", "a=b")],
          body: .bytes(body)))
      #expect(response.status == 200)
      #expect(response.header("Content-Type") == "application/json")
      let echo = try Echo(response)
      #expect(echo.method == method.rawValue && echo.target == "/echo?a=1%202")
      #expect(echo.count == body.count)
      #expect(echo.headers["authorization"] == "Bearer abc.def")
      #expect(echo.headers["content-type"] == "application/fhir+json")
      #expect(echo.headers["if-none-exist"] == "a=b")
    }
    let got = try Echo(try client.send(WebRequest(.get, try server.address("/echo"))))
    #expect(got.method == "GET" && got.count == 0)
    #expect(
      try Echo(try client.send(WebRequest(.delete, server.address("/echo")))).method == "DELETE")
  }

  @Test("a large body arrives whole, from memory and from a file, without a second's wait")
  func large() throws {
    let client = try client()
    let body = (0..<5_000_001).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let folder = try TemporaryFolder()
    try Data(body).write(to: URL(fileURLWithPath: folder.path + "/body"))
    let start = ContinuousClock.now
    let first = try Echo(
      try client.send(WebRequest(.post, server.address("/echo"), body: .bytes(body))))
    let second = try Echo(
      try client.send(
        WebRequest(.post, server.address("/echo"), body: .file(folder.path + "/body"))))
    #expect(start.duration(to: .now) < .seconds(5))
    #expect(first.count == body.count && second.count == body.count)
    #expect(first.sha256 == second.sha256)
    // sha256 by Python's hashlib of bytes((i * 31) % 256 for i in range(5000001))
    #expect(first.sha256 == Self.digest)
    #expect(first.client == second.client, "the connection was not kept")
  }

  static let digest = "6f5f4609040f5751e1fbd08fe35380b299572ce16395e35e4fb310648ae31fcc"

  @Test("every status is an answer", arguments: [200, 202, 204, 304, 400, 403, 404, 409, 500, 503])
  func statuses(status: Int) throws {
    let response = try client().send(WebRequest(.get, server.address("/status/\(status)")))
    #expect(response.status == status)
  }

  @Test("a status as an error says what to do")
  func words() throws {
    func failure(_ path: String, token: String? = nil) throws -> WebError {
      let response = try client(token: token).send(WebRequest(.get, server.address(path)))
      return try #require(throws: WebError.self) { try response.requireSuccess() }
    }
    let refused = try failure("/status/401", token: "hush")
    #expect("\(refused)".contains("does not accept the token in TEST_TOKEN (401)"))
    #expect(!"\(refused)".contains("hush"))
    #expect("\(try failure("/status/401"))".contains("tokenVariable"))
    #expect("\(try failure("/basic"))".contains("(401)"))
    #expect("\(try failure("/status/403"))".contains("permission"))
    let busy = try failure("/status/503?retry=17")
    #expect("\(busy)".contains("wait 17 s") && busy.kind == .transient)
    #expect(try failure("/status/500").kind == .permanent)
    #expect("\(try failure("/status/503?retry=-5"))".contains("busy (503). Run"))
  }

  @Test("within a service a redirection is followed, a circle is not")
  func redirection() throws {
    let echo = try Echo(
      try client(token: "t").send(WebRequest(.get, server.address("/redirect?to=/echo"))))
    #expect(echo.target == "/echo" && echo.headers["authorization"] == "Bearer t")
    let circle = "/redirect?to=/redirect%3Fto%3D/redirect%253Fto%253D/redirect%25253Fto%25253D/x"
    let error = try #require(throws: WebError.self) {
      try client().send(WebRequest(.get, server.address(circle)))
    }
    #expect(error == .badAnswer(origin: server.origin, detail: "it sends on in circles"))
    let posted = try client().send(
      WebRequest(.post, server.address("/redirect?to=/echo"), body: .bytes([1])))
    #expect(posted.status == 302, "what is stored goes nowhere else")
  }

  @Test("another service gets neither the request nor the token")
  func elsewhere() throws {
    let other = try WebServer()
    let error = try #require(throws: WebError.self) {
      try client(token: "t").send(
        WebRequest(.get, server.address("/redirect").asking([("to", other.origin + "/echo")])))
    }
    #expect(error == .redirected(from: server.origin, to: other.origin))
    #expect(error.kind == .permanent)
  }

  @Test("an answer is bounded")
  func bounded() throws {
    let whole = try client().send(
      WebRequest(.get, server.address("/big?bytes=100000")), limit: 100_000)
    #expect(whole.body == [UInt8](repeating: 0x78, count: 100_000))
    #expect(throws: WebError.tooLarge(origin: server.origin, limit: 99_999)) {
      try client().send(WebRequest(.get, server.address("/big?bytes=100000")), limit: 99_999)
    }
    #expect(throws: WebError.tooLarge(origin: server.origin, limit: 1000)) {
      try client().send(WebRequest(.get, server.address("/big?bytes=900000000")), limit: 1000)
    }
  }

  @Test("an answer goes into a file, a refusal into memory")
  func download() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/body"
    let client = try client()
    let response = try client.download(
      WebRequest(.get, server.address("/big?bytes=3000000")), to: path, limit: 3_000_000)
    #expect(response.status == 200 && response.body.isEmpty)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count == 3_000_000)
    let refusal = try client.download(
      WebRequest(.get, server.address("/status/404")), to: path, limit: 1000)
    #expect(refusal.status == 404 && refusal.body == Array("no".utf8))
    #expect(throws: WebError.tooLarge(origin: server.origin, limit: 1000)) {
      try client.download(
        WebRequest(.get, server.address("/big?bytes=3000")), to: path, limit: 1000)
    }
    let error = try #require(throws: WebError.self) {
      try client.download(
        WebRequest(.get, server.address("/big?bytes=3000")), to: folder.path + "/no/body",
        limit: 10_000)
    }
    #expect(error.kind == .local)
  }

  @Test("silence ends an exchange", arguments: ["/stall", "/half?stall=1"])
  func silence(path: String) throws {
    let start = ContinuousClock.now
    let error = try #require(throws: WebError.self) {
      try client(silence: 1).send(WebRequest(.get, server.address(path)))
    }
    #expect(error == .timeout(origin: server.origin, seconds: 1) && error.kind == .transient)
    #expect(start.duration(to: .now) < .seconds(5))
  }

  @Test("somebody may stop it")
  func stopped() throws {
    let start = ContinuousClock.now
    #expect(throws: WebError.stopped) {
      try client().send(WebRequest(.get, server.address("/stall"))) {
        start.duration(to: .now) > .milliseconds(200)
      }
    }
    #expect(start.duration(to: .now) < .seconds(5))
  }

  @Test(
    "a connection that breaks, and what is no HTTP, are errors",
    arguments: ["/drop", "/half", "/garbage"])
  func broken(path: String) throws {
    let error = try #require(throws: WebError.self) {
      try client().send(WebRequest(.get, server.address(path)))
    }
    #expect(error.kind == .transient || error.kind == .protocolViolation, "\(error)")
    #expect("\(error)".contains(server.origin))
  }

  @Test("nobody there, and a host that nobody knows")
  func absent() throws {
    let port = UInt16.random(in: 61_001...64_999)
    #expect(throws: WebError.cannotConnect(origin: "http://127.0.0.1:\(port)")) {
      try client().send(WebRequest(.get, WebAddress("http://127.0.0.1:\(port)/")))
    }
    #expect(throws: WebError.nameNotFound(host: "no-such-host.invalid")) {
      try client().send(WebRequest(.get, WebAddress("https://no-such-host.invalid/")))
    }
  }

  @Test("a certificate that nobody vouches for ends it, and says whose")
  func untrusted() throws {
    let folder = try TemporaryFolder()
    let (certificate, key) = (folder.path + "/c.pem", folder.path + "/k.pem")
    let openssl = Process()
    openssl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    openssl.arguments = [
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
      "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
      "subjectAltName=IP:127.0.0.1",
    ]
    openssl.standardError = FileHandle.nullDevice
    try openssl.run()
    openssl.waitUntilExit()
    #expect(openssl.terminationStatus == 0)
    let tls = try WebServer(certificate: (certificate, key))
    let error = try #require(throws: WebError.self) {
      try client(token: "t").send(WebRequest(.get, tls.address("/echo")))
    }
    guard case .notTrusted(let origin, _) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(origin == tls.origin && error.kind == .permanent)
    #expect("\(error)".contains("self-signed"), "\(error)")
    // http spoken to an https port is an error as well.
    #expect(throws: WebError.self) {
      try client().send(WebRequest(.get, WebAddress("http://127.0.0.1:\(tls.port)/echo")))
    }
    #expect(throws: WebError.self) {
      try client().send(WebRequest(.get, WebAddress("https://127.0.0.1:\(server.port)/echo")))
    }
  }
}

import Foundation
import HTTP
import Testing

/// Python's own web server, which answers well or badly as the path says.
final class WebServer {
  private let process = Process()
  let port: Int
  let scheme: String

  /// - Parameter certificate: files of a certificate and its key, for https.
  init(certificate: (String, String)? = nil) throws {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("server.py").path
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", script] + (certificate.map { [$0.0, $0.1] } ?? [])
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
    scheme = certificate == nil ? "http" : "https"
  }

  deinit {
    // Threads of the test library block SIGTERM, and their children inherit that.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  func address(_ path: String = "", host: String = "127.0.0.1") throws -> WebAddress {
    try WebAddress("\(scheme)://\(host):\(port)\(path)")
  }

  var origin: String { "\(scheme)://127.0.0.1:\(port)" }
}

/// What the server's echo tells of a request.
struct Echo: Decodable {
  let method: String
  let target: String
  let count: Int
  let sha256: String
  let client: Int
  let headers: [String: String]

  init(_ response: WebResponse) throws {
    self = try JSONDecoder().decode(Echo.self, from: Data(response.body))
  }
}

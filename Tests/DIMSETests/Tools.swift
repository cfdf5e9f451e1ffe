import Foundation
import Testing

/// Independent DICOM programs: dcmtk's, by absolute path.
enum Tools {
  static func path(_ name: String) -> String { "/usr/bin/\(name)" }

  /// Whether a program is there; where everything must be (CI), it counts as there and its test fails.
  static func has(_ names: String...) -> Bool {
    ProcessInfo.processInfo.environment["CI"] != nil
      || names.allSatisfy { FileManager.default.isExecutableFile(atPath: path($0)) }
  }

  static let orthanc = "/usr/sbin/Orthanc"

  static var hasOrthanc: Bool {
    ProcessInfo.processInfo.environment["CI"] != nil
      || FileManager.default.isExecutableFile(atPath: orthanc)
  }

  struct Result {
    var status: Int32
    var output: String
  }

  /// Runs a program to its end; its output goes to a file, so that it never waits for us.
  static func run(_ name: String, _ arguments: [String]) throws -> Result {
    let folder = try TemporaryFolder()
    let log = folder.path + "/log"
    try Data().write(to: URL(fileURLWithPath: log))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path(name))
    process.arguments = arguments
    let handle = try #require(FileHandle(forWritingAtPath: log))
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    process.waitUntilExit()
    try handle.close()
    let output = try String(contentsOfFile: log, encoding: .utf8)
    return Result(status: process.terminationStatus, output: output)
  }
}

/// A server program that runs while a test needs it.
final class Server {
  private let process = Process()

  convenience init(_ name: String, _ arguments: [String]) throws {
    try self.init(program: Tools.path(name), arguments)
  }

  init(program: String, _ arguments: [String]) throws {
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  deinit {
    // Threads of the test library block SIGTERM, and their children inherit that.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}

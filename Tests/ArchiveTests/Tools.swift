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

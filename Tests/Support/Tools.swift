import Foundation

/// Independent DICOM programs, by absolute path: dcmtk's and Orthanc.
package enum Tools {
  package static func path(_ name: String) -> String { "/usr/bin/\(name)" }
  package static let orthanc = "/usr/sbin/Orthanc"

  /// Whether a program is there; where everything must be (CI), it counts as there and its test fails.
  package static func has(_ names: String...) -> Bool { areThere(names.map(path)) }
  package static var hasOrthanc: Bool { areThere([orthanc]) }

  private static func areThere(_ paths: [String]) -> Bool {
    ProcessInfo.processInfo.environment["CI"] != nil
      || paths.allSatisfy(FileManager.default.isExecutableFile)
  }

  package struct Result {
    package var status: Int32
    package var output: String
  }

  /// Runs a program to its end; its output goes to a file, so that it never waits for us.
  package static func run(_ name: String, _ arguments: [String]) throws -> Result {
    let folder = try TemporaryFolder()
    let log = folder.url.appending(path: "log")
    try Data().write(to: log)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path(name))
    process.arguments = arguments
    let handle = try FileHandle(forWritingTo: log)
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    process.waitUntilExit()
    try handle.close()
    return Result(
      status: process.terminationStatus, output: try String(contentsOf: log, encoding: .utf8))
  }
}

import Foundation

/// A server program that runs while a test needs it.
package final class Server {
  private let process = Process()

  package convenience init(_ name: String, _ arguments: [String]) throws {
    try self.init(program: Tools.path(name), arguments)
  }

  package init(program: String, _ arguments: [String]) throws {
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

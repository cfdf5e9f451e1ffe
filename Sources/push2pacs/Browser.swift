import CLibrary
import Foundation

/// Opens a page for the person at the terminal, where there is a display.
enum Browser {
  static func open(_ path: String) {
    guard let opener = SystemDifferences.opener, Surroundings.exists(opener) else { return }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: opener)
    process.arguments = [path]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    // A page that does not open is shown by its path.
    try? process.run()
  }
}

import CLibrary
import Foundation

/// Opens a page for the person at the terminal, where there is a display.
enum Browser {
  /// Has the system's own program open it.
  ///
  /// - Returns: whether a program was started that opens it.
  @discardableResult
  static func open(_ path: String) -> Bool {
    guard let opener = SystemDifferences.opener, Surroundings.exists(opener) else { return false }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: opener)
    process.arguments = [path]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    // A page that does not open is shown by its path.
    do { try process.run() } catch { return false }
    return true
  }
}

import Foundation

/// Opens a page for the person at the terminal, where there is a display.
enum Browser {
  static func open(_ path: String) {
    #if os(macOS)
      let opener = "/usr/bin/open"
    #else
      guard
        Surroundings.variable("DISPLAY") != nil || Surroundings.variable("WAYLAND_DISPLAY") != nil
      else { return }
      let opener = "/usr/bin/xdg-open"
    #endif
    guard Surroundings.exists(opener) else { return }
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

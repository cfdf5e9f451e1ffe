import Foundation

/// Runs a program of the test machine and answers what it wrote.
enum Shell {
  struct Outcome {
    let status: Int32
    let output: String
    let error: String
    /// What lies in the folder in which it ran.
    let files: Set<String>
  }

  static func path(of name: String) -> String? {
    ["/usr/bin", "/bin", "/usr/local/bin", "/opt/homebrew/bin"].map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  static func has(_ name: String) -> Bool { path(of: name) != nil }

  /// Runs it in an empty folder, with the text on standard input.
  ///
  /// - Parameter programs: scripts that are found before all other programs, by name.
  static func run(
    _ name: String, _ arguments: [String], input: String = "", programs: [String: String] = [:]
  ) throws -> Outcome {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "console-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // files, not pipes: neither side can wait for the other
    let files = ["in", "out", "err"].map { folder.appending(path: $0) }
    try Data(input.utf8).write(to: files[0])
    for file in files[1...] { try Data().write(to: file) }
    let bin = folder.appending(path: "bin")
    try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
    for (name, text) in programs {
      let file = bin.appending(path: name)
      try Data(text.utf8).write(to: file)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }
    let process = Process()
    process.environment = [
      "PATH": "\(bin.path):/usr/local/bin:/usr/bin:/bin", "HOME": folder.path, "LC_ALL": "C.UTF-8",
    ]
    process.executableURL = URL(filePath: path(of: name) ?? name)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self),
      error: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self),
      files: Set(try FileManager.default.contentsOfDirectory(atPath: folder.path)))
  }
}

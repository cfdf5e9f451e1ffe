import Foundation

/// Files that independent writers made, and what independent readers found in them.
enum Fixture {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Where the small files of this module's tests lie.
  ///
  /// Scripts/references makes them.
  static let folder = root.appending(path: "Fixtures/dicom")

  static func path(_ name: String) -> String { folder.appending(path: name).path }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: name)))
  }

  static func json<T: Decodable>(_ name: String, as type: T.Type = T.self) throws -> T {
    try JSONDecoder().decode(type, from: Data(contentsOf: folder.appending(path: name)))
  }

  /// Files of real devices, which are not part of this package.
  static let realData: URL? = {
    let folder =
      ProcessInfo.processInfo.environment["PUSH2PACS_SHARED_DATA"].map { URL(filePath: $0) }
      ?? root.deletingLastPathComponent().appending(path: "shared/data")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()

  static var hasRealData: Bool { realData != nil }
}

import DICOM
import Foundation
import Radiotherapy

/// Files that pydicom wrote; Scripts/make-fixtures.py and Scripts/make-rt-objects.py make them.
enum Fixture {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func path(_ name: String) -> String {
    root.appending(path: "Fixtures/rt/\(name).dcm").path
  }

  static func file(_ name: String) throws -> DICOMFile { try DICOMFile.read(path: path(name)) }

  static func course(_ name: String) -> String {
    root.appending(path: "Fixtures/courses/\(name)").path
  }

  /// Files of real devices, which are not part of this package.
  static let realData: URL? = {
    let folder =
      ProcessInfo.processInfo.environment["PUSH2PACS_SHARED_DATA"].map { URL(filePath: $0) }
      ?? root.deletingLastPathComponent().appending(path: "shared/data")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()
}

import Files
import Foundation
import JSON
import Radiotherapy
import TreatmentSummary

enum Fixture {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func json(_ name: String) throws -> JSON {
    try JSON(
      parsing: PrivateFile.readRegular(
        root.appending(path: "Fixtures/summary/\(name).json").path, atMost: 1 << 22))
  }

  static func course(_ name: String) throws -> Inventory {
    try Inventory(paths: [root.appending(path: "Fixtures/courses/\(name)").path])
  }

  static func details(_ name: String) throws -> SummaryDetails {
    try SummaryDetails(json(name))
  }
}

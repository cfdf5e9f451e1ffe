import DICOM
import DoseMap
import Foundation
import Geometry
import JSON
import Radiotherapy
import Testing

/// A dose that a planning system made, sampled by scipy: `Scripts/references/real-dose.py`.
@Suite("A real dose") struct RealDoseTests {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static let course: String? = {
    let shared =
      ProcessInfo.processInfo.environment["PUSH2PACS_SHARED_DATA"]
      ?? root.appending(path: "../shared/data").path
    let path = shared + "/dicompyler-core"
    return FileManager.default.fileExists(atPath: path + "/rtdose.dcm") ? path : nil
  }()

  @Test("is what scipy samples, to the last digits", .enabled(if: Self.course != nil))
  func sampled() throws {
    let path = try #require(Self.course)
    let dose = try RTDose(of: DICOMFile.read(path: path + "/rtdose.dcm"))
    let grid = try DoseGrid(
      geometry: dose.geometry.get(), counts: dose.counts(), grayPerCount: dose.scaling.get())
    let data = try Data(contentsOf: Self.root.appending(path: "Fixtures/real-dose-samples.json"))
    let expected = try JSON(parsing: Array(data))
    let maximum = try #require(expected["maximumGray"]?.doubleValue)
    #expect(abs(grid.maximum.gray - maximum) <= 1e-12 * maximum)
    let samples = try #require(expected["samples"]?.arrayValue)
    #expect(samples.count == 700)
    for sample in samples {
      let at = (sample["at"]?.arrayValue ?? []).compactMap(\.doubleValue)
      try #require(at.count == 3)
      let found = grid.dose(at: PatientPoint(at[0], at[1], at[2]))
      let expected = sample["gray"]?.doubleValue
      // Outside both are nothing; inside they agree.
      try #require((found == nil) == (expected == nil), "at \(at)")
      if let found, let expected {
        #expect(abs(found - expected) <= 1e-9 * maximum, "at \(at)")
      }
    }
  }
}

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
      let at = try #require(sample["at"]?.arrayValue?.compactMap(\.doubleValue))
      let found = grid.dose(at: PatientPoint(at[0], at[1], at[2]))
      guard let gray = sample["gray"]?.doubleValue else {
        #expect(found == nil, "\(at) lies outside the grid")
        continue
      }
      let dose = try #require(found, "\(at) lies inside the grid")
      #expect(abs(dose - gray) <= 1e-9 * maximum, "at \(at)")
    }
  }
}

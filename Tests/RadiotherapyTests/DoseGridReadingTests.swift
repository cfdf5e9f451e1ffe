import DICOM
import Geometry
import Radiotherapy
import Testing

/// The two readings of Grid Frame Offset Vector, with the standard's example: PS3.3 C.8.8.3.2.
@Suite("Grid frame offsets") struct DoseGridReadingTests {
  @Test("relative: from 0")
  func relative() throws {
    let grid = try Objects.dose(offsets: [0, 2, 4, 6]).geometry.get()
    #expect(grid.offsets == [0, 2, 4, 6])
    #expect(grid.position(column: 2, row: 1, plane: 3) == PatientPoint(9, 7, 12))
  }

  @Test("absolute: from the z of Image Position, axial only")
  func absolute() throws {
    let grid = try Objects.dose(offsets: [6, 8, 10, 12]).geometry.get()
    #expect(grid.offsets == [0, 2, 4, 6])
    #expect(grid.position(column: 0, row: 0, plane: 1) == PatientPoint(4, 5, 8))
  }

  @Test("reversed and uneven offsets are legal")
  func reversed() throws {
    let grid = try Objects.dose(offsets: [0, -3, -5, -6]).geometry.get()
    #expect(grid.position(column: 0, row: 0, plane: 3) == PatientPoint(4, 5, 0))
  }

  @Test("a turned grid follows its own normal")
  func turned() throws {
    // Feet first, prone-like: rows to the right, columns to the back: the normal points to the feet.
    let grid = try Objects.dose(
      offsets: [0, 2, 4, 6], orientation: [-1, 0, 0, 0, 1, 0]
    ).geometry.get()
    #expect(grid.position(column: 2, row: 1, plane: 1) == PatientPoint(-1, 7, 4))
  }

  @Test("absolute offsets on a grid that is not axial mean nothing")
  func absoluteTurned() throws {
    let dose = try Objects.dose(offsets: [6, 8, 10, 12], orientation: [-1, 0, 0, 0, -1, 0])
    #expect(throws: DoseGeometryError.offsets(first: 6, z: 6, isAxial: false)) {
      _ = try dose.geometry.get()
    }
  }

  @Test("any other beginning means nothing")
  func other() throws {
    let dose = try Objects.dose(offsets: [1, 3, 5, 7])
    #expect(throws: DoseGeometryError.offsets(first: 1, z: 6, isAxial: true)) {
      _ = try dose.geometry.get()
    }
  }

  @Test(
    "offsets that go back, stand still or are too few",
    arguments: [[0, 2, 1, 6], [0, 2, 2, 6], [0, 2, 4]])
  func broken(offsets: [Double]) throws {
    let dose = try Objects.dose(offsets: offsets)
    #expect(throws: DoseGeometryError.self) { _ = try dose.geometry.get() }
  }

  @Test("several frames need offsets, one does not")
  func missing() throws {
    #expect(throws: DoseGeometryError.offsetsMissing(frames: 4)) {
      _ = try Objects.dose(offsets: nil).geometry.get()
    }
    #expect(try Objects.dose(offsets: nil, frames: 1).geometry.get().offsets == [0])
  }
}

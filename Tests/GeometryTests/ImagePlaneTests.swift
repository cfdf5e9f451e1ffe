import Geometry
import Testing

@Suite("Image planes") struct ImagePlaneTests {
  static func plane(_ orientation: [Double]) throws(GeometryError) -> ImagePlane {
    try ImagePlane(
      position: PatientPoint(10, -20, 30), orientation: orientation, rowSpacing: 2,
      columnSpacing: 0.5, rows: 4, columns: 6)
  }

  @Test("a column step follows the row direction by the column spacing, PS3.3 C.7.6.2.1-1")
  func positions() throws {
    let sagittal = try Self.plane([0, 1, 0, 0, 0, -1])
    #expect(sagittal.position(column: 0, row: 0) == PatientPoint(10, -20, 30))
    #expect(sagittal.position(column: 3, row: 1) == PatientPoint(10, -18.5, 28))
    #expect(sagittal.normal == PatientVector(-1, 0, 0))
    let index = sagittal.index(of: PatientPoint(99, -18.5, 28))
    #expect(index.column == 3 && index.row == 1)
  }

  @Test("blocks of smaller pixels cover exactly the large pixel", arguments: 1...4)
  func scaled(factor: Int) throws {
    let plane = try Self.plane([0.8, 0.6, 0, 0, 0, -1])
    let small = plane.scaled(by: factor)
    #expect(small.rows == 4 * factor && small.columns == 6 * factor)
    for (row, column) in [(0, 0), (3, 5), (1, 2)] {
      // The middle of the block's outermost centres is the large pixel's centre.
      let first = small.position(column: Double(column * factor), row: Double(row * factor))
      let last = small.position(
        column: Double(column * factor + factor - 1), row: Double(row * factor + factor - 1))
      let middle = first + (last - first) * 0.5
      #expect(
        middle.distance(to: plane.position(column: Double(column), row: Double(row))) < 1e-12)
    }
  }

  @Test("numbers that describe no plane are refused")
  func refused() {
    #expect(throws: GeometryError.orientationCount(5)) { try Self.plane([1, 0, 0, 0, 1]) }
    let bad: [[Double]] = [
      [1, 0, 0, 1, 0, 0], [1.01, 0, 0, 0, 1, 0], [0, 0, 0, 0, 1, 0], [.nan, 0, 0, 0, 1, 0],
      [1, 0, 0, 0.002, 1, 0],
    ]
    for orientation in bad {
      #expect(throws: GeometryError.self) { try Self.plane(orientation) }
    }
    #expect(throws: GeometryError.spacing(0, 1)) {
      try ImagePlane(
        position: .origin, orientation: [1, 0, 0, 0, 1, 0], rowSpacing: 0, columnSpacing: 1,
        rows: 1, columns: 1)
    }
    #expect(throws: GeometryError.matrix(rows: 0, columns: 1)) {
      try ImagePlane(
        position: .origin, orientation: [1, 0, 0, 0, 1, 0], rowSpacing: 1, columnSpacing: 1,
        rows: 0, columns: 1)
    }
  }
}

import Geometry
import Testing

@Suite("Dose grid geometry") struct GridGeometryTests {
  @Test("offsets run along the normal of the plane", arguments: [1.0, -1])
  func positions(sign: Double) throws {
    let plane = try ImagePlaneTests.plane([1, 0, 0, 0, 1, 0])
    let grid = try GridGeometry(plane: plane, offsets: [0, 3 * sign, 4 * sign])
    #expect(grid.position(column: 2, row: 1, plane: 2) == PatientPoint(11, -18, 30 + 4 * sign))
    #expect(grid.corners.count == 8)
    #expect(grid.corners.contains(PatientPoint(12.5, -14, 30 + 4 * sign)))
  }

  static let bad: [([Double], GeometryError)] = [
    ([], .offsetCount(offsets: 0, planes: 0)), ([0, 1, 1], .offsetsNotMonotonic(index: 2)),
    ([0, 1, 0.5], .offsetsNotMonotonic(index: 2)), ([0, -1, 2], .offsetsNotMonotonic(index: 2)),
    ([.nan], .offsetsNotMonotonic(index: 0)), ([0, .infinity], .offsetsNotMonotonic(index: 1)),
  ]

  @Test("offsets must grow or fall all the way", arguments: bad)
  func refused(offsets: [Double], error: GeometryError) throws {
    let plane = try ImagePlaneTests.plane([1, 0, 0, 0, 1, 0])
    #expect(throws: error) { try GridGeometry(plane: plane, offsets: offsets) }
  }
}

import DoseMap
import Geometry
import Testing

@Suite("Dose volumes") struct DoseVolumeTests {
  @Test("volumes are those of the trilinear function, counted by scipy")
  func reference() throws {
    #expect(DoseSamples.all.volumes.count == 4)
    for volume in DoseSamples.all.volumes {
      let reference = try #require(DoseSamples.all.cases.first { $0.name == volume.case })
      let found = DoseField(grid: try reference.grid()).volumes(atOrAbove: [volume.gray])[0]
      #expect(abs(found / volume.cubicCentimetres - 1) < 0.002, "\(volume.case)")
    }
  }

  /// A cone of dose whose levels are spheres.
  static func cone(radius: Double, spacing: Double) throws -> DoseGrid {
    let side = Int((2 * radius + 8) / spacing) + 1
    let start = -Double(side - 1) / 2 * spacing
    let plane = try ImagePlane(
      position: PatientPoint(start, start, start), orientation: [1, 0, 0, 0, 1, 0],
      rowSpacing: spacing, columnSpacing: spacing, rows: side, columns: side)
    let grid = try GridGeometry(
      plane: plane, offsets: (0..<side).map { Double($0) * spacing })
    var counts: [UInt32] = []
    for k in 0..<side {
      for r in 0..<side {
        for c in 0..<side {
          let d = grid.position(column: c, row: r, plane: k).distance(to: .origin)
          counts.append(UInt32(max(0, 1e6 * (2 * radius - d))))
        }
      }
    }
    return try DoseGrid(geometry: grid, counts: counts, grayPerCount: 1e-6)
  }

  @Test("a sphere has the volume of a sphere, as one grid and as a sum")
  func sphere() throws {
    let grid = try Self.cone(radius: 15, spacing: 1)
    let expected = 4.0 / 3 * Double.pi * 15 * 15 * 15 / 1000
    let one = DoseField(grid: grid).volumes(atOrAbove: [15, 100, 1e-9])
    #expect(abs(one[0] / expected - 1) < 0.005)
    #expect(one[1] == 0)
    let sum = try DoseField(parts: [
      .init(grid: grid, factor: 0.25), .init(grid: grid, factor: 0.75),
    ])
    #expect(abs(sum.volumes(atOrAbove: [15])[0] / expected - 1) < 0.01)
    let best = try #require(sum.maximum)
    #expect(abs(best.gray - grid.maximum.gray) < 1e-9)
    #expect(best.position.distance(to: grid.maximum.position) < 1e-9)
  }

  @Test("separate regions are found with their extents, the largest first")
  func regions() throws {
    var counts = [UInt32](repeating: 0, count: 6 * 7 * 5)
    func set(_ c: Int, _ r: Int, _ p: Int, _ value: UInt32) { counts[(p * 6 + r) * 7 + c] = value }
    set(1, 1, 1, 20)
    set(4, 3, 2, 18)
    set(5, 3, 2, 25)
    set(5, 3, 3, 19)
    let geometry = try DoseSamplingTests.flat(rows: 6, columns: 7, offsets: [0, 1, 2, 3, 4])
      .geometry
    let grid = try DoseGrid(geometry: geometry, counts: counts, grayPerCount: 1)
    let regions = grid.regions(atOrAbove: 18)
    #expect(regions.map(\.pointCount) == [3, 1])
    #expect(regions[0].columns == 4...5)
    #expect(regions[0].planes == 2...3)
    #expect(regions[0].maximum == 25)
    #expect(regions[0].maximumPosition == PatientPoint(5, 3, 2))
    #expect(regions[0].thinnest == 1)
    #expect(grid.maximumOnBoundary == 0)
    #expect(grid.maximum.gray == 25)
  }
}

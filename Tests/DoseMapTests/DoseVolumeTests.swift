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

  /// An 8 mm sphere, somewhere on a 2 mm grid.
  static let places: [PatientVector] = [
    .init(0, 0, 0), .init(1, 1, 1), .init(0.3, -0.7, 0.9), .init(-0.5, 0.2, 0.4),
    .init(0.8, 0.1, -0.6),
  ]

  @Test(
    "what a 2 mm grid takes from an 8 mm sphere is estimated: 10 to 14 per cent", arguments: places)
  func coarseSphere(place: PatientVector) throws {
    let side = 15
    let start = -14.0
    let plane = try ImagePlane(
      position: PatientPoint(start, start, start), orientation: [1, 0, 0, 0, 1, 0],
      rowSpacing: 2, columnSpacing: 2, rows: side, columns: side)
    let geometry = try GridGeometry(plane: plane, offsets: (0..<side).map { Double($0) * 2 })
    let centre = PatientPoint.origin + place
    let grid = try Self.grid(geometry) { max(0, 10 - $0.distance(to: centre)) }
    let field = DoseField(grid: grid)
    let expected = 4.0 / 3 * Double.pi * 64 / 1000
    let volumes = field.volumes(atOrAbove: [6])
    #expect((0.095...0.145).contains(1 - volumes[0] / expected), "\(1 - volumes[0] / expected)")
    let coarseness = field.coarseness(of: volumes, atOrAbove: [6])
    #expect(abs((volumes[0] + coarseness[0]) / expected - 1) < 0.03)
  }

  @Test("of an ellipsoid on uneven planes, too; in the scan's frame where that is stretched")
  func coarseEllipsoid() throws {
    let offsets = [0, 2.5, 4.5, 7, 9.5, 11.5, 14, 17, 19, 21.5, 24].map { $0 as Double }
    let plane = try ImagePlane(
      position: PatientPoint(-13, -11.2, -12.1), orientation: [1, 0, 0, 0, 1, 0],
      rowSpacing: 1.6, columnSpacing: 2, rows: 15, columns: 14)
    let geometry = try GridGeometry(plane: plane, offsets: offsets)
    // A dose that falls from 30 Gy with the square of the distance: 21 Gy on the ellipsoid.
    let grid = try Self.grid(geometry) { p in
      let (x, y, z) = (p.x / 6, p.y / 5, p.z / 7)
      return max(0, 30 - 9 * (x * x + y * y + z * z))
    }
    let expected = 4.0 / 3 * Double.pi * 6 * 5 * 7 / 1000
    let stretched = AffineMap(
      row0: .init(0.5, 0, 0), row1: .init(0, 1, 0), row2: .init(0, 0, 1),
      translation: .init(3, 4, 5))
    for (map, factor) in [(FrameMap.same, 1.0), (try #require(FrameMap(toDose: stretched)), 2)] {
      let field = DoseField(grid: grid, map: map)
      let volumes = field.volumes(atOrAbove: [21])
      let coarseness = field.coarseness(of: volumes, atOrAbove: [21])
      #expect(1 - volumes[0] / expected / factor > 0.03)
      #expect(abs((volumes[0] + coarseness[0]) / expected / factor - 1) < 0.015)
    }
  }

  /// A grid of a dose that a function gives.
  static func grid(
    _ geometry: GridGeometry, _ dose: (PatientPoint) -> Double
  ) throws -> DoseGrid {
    var counts: [UInt32] = []
    for k in geometry.offsets.indices {
      for r in 0..<geometry.plane.rows {
        for c in 0..<geometry.plane.columns {
          counts.append(UInt32(dose(geometry.position(column: c, row: r, plane: k)) * 1e6))
        }
      }
    }
    return try DoseGrid(geometry: geometry, counts: counts, grayPerCount: 1e-6)
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

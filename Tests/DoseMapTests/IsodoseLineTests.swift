import DoseMap
import Geometry
import Testing

@Suite("Isodose lines") struct IsodoseLineTests {
  /// Draws one level on an empty slice and answers its lines.
  static func lines(
    _ field: DoseField, level: Double, on plane: ImagePlane, scale: Int = 1,
    style: LineStyle = .solid
  ) throws -> DrawnSlice {
    let design = try MapDesign(
      levels: [IsodoseLevel(gray: level, color: RGBColor(red: 220, green: 50, blue: 32))],
      lineStyle: style, scale: scale,
      text: MapText(title: "T", fractions: 0, quantity: "", notes: []))
    let slice = MapSlice(
      number: 1, count: 1, plane: plane,
      pixels: [UInt8](repeating: 90, count: plane.rows * plane.columns))
    return try MapRenderer(field: field, design: design).draw(slice)
  }

  static func plane(
    centre: PatientPoint = .origin, orientation: [Double] = [1, 0, 0, 0, 1, 0], spacing: Double,
    side: Int
  ) throws -> ImagePlane {
    let plane = try ImagePlane(
      position: centre, orientation: orientation, rowSpacing: spacing, columnSpacing: spacing,
      rows: side, columns: side)
    let middle = Double(side - 1) / 2
    return plane.moved(by: centre - plane.position(column: middle, row: middle))
  }

  @Test(
    "an isodose sphere is cut in a circle, at every scale and in oblique slices",
    arguments: [1, 2, 3, 4],
    [[1, 0, 0, 0, 1, 0], [0.8, 0.6, 0, 0, 0, -1], [0, 0.6, 0.8, 1, 0, 0]])
  func circle(scale: Int, orientation: [Double]) throws {
    let grid = try DoseVolumeTests.cone(radius: 15, spacing: 0.5)
    let normal = PatientVector(orientation[0], orientation[1], orientation[2])
      .cross(PatientVector(orientation[3], orientation[4], orientation[5]))
    let plane = try Self.plane(
      centre: .origin + normal * 9, orientation: orientation, spacing: 1.3, side: 40)
    let drawn = try Self.lines(DoseField(grid: grid), level: 15, on: plane, scale: scale)
    let path = try #require(drawn.levels[0].paths.first)
    #expect(drawn.levels[0].paths.count == 1)
    #expect(path.isClosed)
    #expect(drawn.checks.lines.holds && drawn.checks.background.holds, "\(drawn.checks)")
    let radius = (15.0 * 15 - 81).squareRoot()
    for point in path.points {
      let place = drawn.plane.position(column: point.column, row: point.row)
      let found = place.distance(to: .origin + normal * 9)
      // The contract: 0.05 mm and a tenth of a pixel.
      #expect(abs(found - radius) < 0.05)
    }
    let circumference = 2 * Double.pi * radius / (1.3 / Double(scale))
    #expect(abs(path.length / circumference - 1) < 0.01)
  }

  @Test("every point of a line has the level's dose, and so have the middles of its chords")
  func onTheLevelSet() throws {
    // Random voxels of 2 and 3.125 mm under pixels of 0.4 mm: every cell boundary makes a kink.
    let grid = try DoseSamples.all.cases[0].grid()
    let field = DoseField(grid: grid)
    let middle = grid.geometry.position(column: 3, row: 2, plane: 2) + PatientVector(1, 1, 0.9)
    let plane = try Self.plane(centre: middle, spacing: 0.4, side: 60)
    let level = grid.maximum.gray * 0.5
    let drawn = try Self.lines(field, level: level, on: plane)
    var worst = 0.0
    for path in drawn.levels[0].paths {
      let points = path.isClosed ? path.points + path.points.prefix(1) : path.points
      for index in points.indices {
        let here = points[index]
        let previous = points[max(index - 1, 0)]
        for p in [
          here,
          PixelPoint(
            column: (here.column + previous.column) / 2, row: (here.row + previous.row) / 2),
        ] {
          func dose(_ c: Double, _ r: Double) -> Double {
            field.dose(at: drawn.plane.position(column: p.column + c, row: p.row + r)) ?? .nan
          }
          let slope = PatientVector(
            (dose(0.01, 0) - dose(-0.01, 0)) / 0.02, (dose(0, 0.01) - dose(0, -0.01)) / 0.02, 0)
          let off = abs(dose(0, 0) - level) / slope.length
          // Next to a saddle the slope vanishes and says nothing.
          if off.isFinite, slope.length > level * 0.02 { worst = max(worst, off) }
        }
      }
    }
    #expect(drawn.levels[0].paths.count > 1)
    #expect(worst < 0.05, "\(worst) pixels")
  }

  @Test("saddles are joined as the trilinear dose is, whatever the pixels say")
  func saddle() throws {
    // Two high corners across one voxel cell; the dose at its middle decides.
    for (corner, isJoined) in [(UInt32(40), false), (60, true)] {
      let plane = try ImagePlane(
        position: .origin, orientation: [1, 0, 0, 0, 1, 0], rowSpacing: 1, columnSpacing: 1,
        rows: 2, columns: 2)
      let low = corner - 40
      let grid = try DoseGrid(
        geometry: try GridGeometry(plane: plane, offsets: [0]),
        counts: [100, low, low, 100], grayPerCount: 0.01)
      let image = try ImagePlane(
        position: .origin, orientation: [1, 0, 0, 0, 1, 0], rowSpacing: 1, columnSpacing: 1,
        rows: 2, columns: 2)
      let level = isJoined ? 0.55 : 0.55
      let paths = try Self.lines(DoseField(grid: grid), level: level, on: image).levels[0].paths
      #expect(paths.count == 2)
      // Joined: the lines cut off the low corners; apart: they cut off the high ones.
      let lowCorners = [PixelPoint(column: 1, row: 0), PixelPoint(column: 0, row: 1)]
      let highCorners = [PixelPoint(column: 0, row: 0), PixelPoint(column: 1, row: 1)]
      for path in paths {
        func nearest(_ corners: [PixelPoint]) -> Double {
          corners.map { corner in path.points.map { $0.distance(to: corner) }.max() ?? 9 }.min()
            ?? 9
        }
        #expect((nearest(lowCorners) < nearest(highCorners)) == isJoined)
      }
    }
  }

  @Test("a target of one voxel between coarse pixels is not lost")
  func tinyTarget() throws {
    var counts = [UInt32](repeating: 0, count: 21 * 21 * 3)
    counts[21 * 21 + 10 * 21 + 10] = 1000
    let plane = try Self.plane(spacing: 1, side: 21)
    let grid = try DoseGrid(
      geometry: try GridGeometry(
        plane: plane.moved(by: PatientVector(0, 0, -1)), offsets: [0, 1, 2]),
      counts: counts, grayPerCount: 0.02)
    // Pixels of 2.4 mm whose corners meet at the voxel: none has more than a trace of its dose.
    let image = try Self.plane(spacing: 1.6, side: 12)
    let drawn = try Self.lines(DoseField(grid: grid), level: 12, on: image)
    #expect((drawn.maximum ?? 0) < 12)
    let path = try #require(drawn.levels[0].paths.first)
    for point in path.points {
      let place = drawn.plane.position(column: point.column, row: point.row)
      #expect(place.distance(to: .origin) < 0.5)
      #expect(abs((DoseField(grid: grid).dose(at: place) ?? 0) - 12) < 0.05)
    }
  }

  @Test("lines end at the edge of the grid and nowhere beyond")
  func edge() throws {
    let side = 21
    let plane = try Self.plane(spacing: 2, side: side)
    var counts: [UInt32] = []
    for _ in 0..<2 {
      for row in 0..<side {
        for column in 0..<side { counts.append(UInt32(100 * column + 7 * row)) }
      }
    }
    let grid = try DoseGrid(
      geometry: try GridGeometry(plane: plane, offsets: [-1, 1]), counts: counts,
      grayPerCount: 0.01)
    let field = DoseField(grid: grid)
    let (c, s) = (0.9659258262890683, 0.25881904510252074)
    let image = try Self.plane(orientation: [c, s, 0, -s, c, 0], spacing: 0.75, side: 100)
    let drawn = try Self.lines(field, level: 10.3, on: image)
    let path = try #require(drawn.levels[0].paths.first)
    #expect(drawn.levels[0].paths.count == 1)
    #expect(!path.isClosed)
    #expect(drawn.gridEdges.count == 1)
    let edge = try #require(drawn.gridEdges.first)
    #expect(edge.isClosed)
    for point in path.points + edge.points {
      #expect(field.dose(at: drawn.plane.position(column: point.column, row: point.row)) != nil)
    }
    for end in [path.points[0], path.points[path.points.count - 1]] {
      let place = drawn.plane.position(column: end.column, row: end.row)
      #expect(20 - abs(place.y) < 0.1 * 0.75, "ends \(20 - abs(place.y)) mm before the edge")
    }
  }

  @Test("a line is drawn with its pure colour at the centre and a casing beside it")
  func pixels() throws {
    // Dose grows down the picture; the level lies exactly on pixel row 20.
    let side = 41
    let plane = try Self.plane(spacing: 1, side: side)
    let counts = (0..<2).flatMap { _ in
      (0..<side * side).map { UInt32(100 + 10 * ($0 / side)) }
    }
    let grid = try DoseGrid(
      geometry: try GridGeometry(plane: plane, offsets: [0, 1]), counts: counts, grayPerCount: 0.01)
    let drawn = try Self.lines(DoseField(grid: grid), level: 3, on: plane)
    let red = RGBColor(red: 220, green: 50, blue: 32)
    let half = RGBColor(red: 110, green: 25, blue: 16)
    let column = 35
    #expect(drawn.image[20, column] == red)
    for offset in [-1, 1] {
      #expect(drawn.image[20 + offset, column] == half)
      #expect(drawn.image[20 + 2 * offset, column] == RGBColor(grey: 45))
      #expect(drawn.image[20 + 3 * offset, column] == RGBColor(grey: 90))
    }
  }

  @Test("no dash is longer than an eighth of its line", arguments: [4.0, 8, 13.5])
  func dashes(level: Double) throws {
    let grid = try DoseVolumeTests.cone(radius: 15, spacing: 1)
    let plane = try Self.plane(spacing: 0.5, side: 120)
    let drawn = try Self.lines(
      DoseField(grid: grid), level: 30 - level, on: plane, style: .dashed)
    let path = try #require(drawn.levels[0].paths.first)
    #expect(drawn.checks.lines.holds, "\(drawn.checks.lines.detail)")
    // Walk around the circle: the longest run of pure or mixed red, in degrees.
    let red = RGBColor(red: 220, green: 50, blue: 32)
    let radius = level / 0.5
    var runs: [Int] = []
    var run = 0
    let steps = 3600
    for step in 0..<steps * 2 {
      let angle = Double(step) / Double(steps) * 2 * .pi
      let column = Int((59.5 + radius * cosine(angle)).rounded())
      let row = Int((59.5 + radius * cosine(angle - .pi / 2)).rounded())
      if drawn.image[row, column] == red {
        run += 1
      } else if run > 0 {
        runs.append(run)
        run = 0
      }
    }
    #expect(runs.count >= 16)
    #expect(Double(runs.max() ?? steps) < Double(steps) / 8)
    #expect(path.isClosed)
  }

  /// The cosine, by its series: the test needs no more of a mathematical library.
  private func cosine(_ angle: Double) -> Double {
    var x = angle.truncatingRemainder(dividingBy: 2 * .pi)
    if x > .pi { x -= 2 * .pi }
    var (term, sum) = (1.0, 1.0)
    for n in 1...14 {
      term *= -x * x / Double((2 * n - 1) * (2 * n))
      sum += term
    }
    return sum
  }
}

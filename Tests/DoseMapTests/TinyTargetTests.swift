import DoseMap
import Geometry
import TestSupport
import Testing

@Suite("Tiny targets") struct TinyTargetTests {
  /// A peak of a few voxels anywhere in a grid of 2 x 1.6 x 2.5 mm.
  static func grid(peak: PatientPoint, width: Double) throws -> DoseGrid {
    let plane = try ImagePlane(
      position: PatientPoint(-20, -16, -20), orientation: [1, 0, 0, 0, 1, 0], rowSpacing: 1.6,
      columnSpacing: 2, rows: 21, columns: 21)
    let geometry = try GridGeometry(plane: plane, offsets: (0..<17).map { Double($0) * 2.5 })
    // 1 / (1 + d^2)^2: round at the top, no function of the system's mathematics library.
    return try DoseVolumeTests.grid(geometry) { point in
      let d = point.distance(to: peak) / width
      return 20 / ((1 + d * d) * (1 + d * d))
    }
  }

  @Test("none is lost between coarse pixels, and none is invented", arguments: 1...60)
  func none(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    func number(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &random) }
    let peak = PatientPoint(number(-5...5), number(-5...5), number(-5...5))
    let field = DoseField(grid: try Self.grid(peak: peak, width: number(1.5...4)))
    let across = try #require(PatientVector(number(-1...1), number(-1...1), 1.2).normalized)
    let right = try #require(PatientVector(1, number(-1...1), 0).cross(across).normalized)
    let down = across.cross(right)
    let spacing = number(0.8...3.5)
    let side = 14
    let half = Double(side - 1) / 2 * spacing
    let centre = peak + across * number(-1...1)
    let plane = try ImagePlane(
      position: centre - right * half - down * half,
      orientation: [right.x, right.y, right.z, down.x, down.y, down.z], rowSpacing: spacing,
      columnSpacing: spacing, rows: side, columns: side)
    // What there is to be seen: sixteen looks for each pixel, along both sides.
    var highest = 0.0
    var summit = PixelPoint(column: 0, row: 0)
    for row in 0...(side - 1) * 16 {
      for column in 0...(side - 1) * 16 {
        let place = PixelPoint(column: Double(column) / 16, row: Double(row) / 16)
        let dose = field.dose(at: plane.position(column: place.column, row: place.row)) ?? 0
        if dose > highest { (highest, summit) = (dose, place) }
      }
    }
    for share in [0.9, 0.97] {
      let level = highest * share
      let drawn = try IsodoseLineTests.lines(field, level: level, on: plane)
      let paths = drawn.levels[0].paths
      // A ring around the peak; or, where a second peak lies within a pixel of another one's ring,
      // that ring beside it.
      let isShown =
        paths.contains { $0.isClosed && Self.winds($0, around: summit) }
        || paths.flatMap(\.points).contains { $0.distance(to: summit) < 1.5 }
      #expect(isShown, "seed \(seed), \(share): \(paths.count) lines, none around the peak")
      // None is invented: every point of every line has the level's dose.
      for point in paths.flatMap(\.points) {
        let dose = field.dose(at: plane.position(column: point.column, row: point.row)) ?? 0
        #expect(abs(dose - level) < 0.03 * highest, "seed \(seed)")
      }
      #expect(drawn.checks.lines.holds, "seed \(seed), \(share): \(drawn.checks.lines.detail)")
    }
  }

  /// Whether a closed line goes round a place: a ray to the right crosses it an odd number of times.
  static func winds(_ path: PixelPath, around place: PixelPoint) -> Bool {
    var isInside = false
    for (a, b) in zip(path.points, path.points.dropFirst() + path.points.prefix(1)) {
      guard (a.row > place.row) != (b.row > place.row) else { continue }
      let share = (place.row - a.row) / (b.row - a.row)
      if a.column + share * (b.column - a.column) > place.column { isInside.toggle() }
    }
    return isInside
  }
}

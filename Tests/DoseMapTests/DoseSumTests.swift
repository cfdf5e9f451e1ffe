import DoseMap
import Geometry
import Testing

/// Linear doses: a trilinear grid holds them exactly, so their sum is known by formula.
@Suite("Sums of doses") struct DoseSumTests {
  /// Gy at a point of the grid's own frame.
  private static func linear(_ p: PatientPoint) -> Double { 40 + 0.5 * p.x - 0.25 * p.y + p.z }

  private static func grid(
    at position: PatientPoint, orientation: [Double], spacing: (row: Double, column: Double),
    offsets: [Double]
  ) throws -> DoseGrid {
    let plane = try ImagePlane(
      position: position, orientation: orientation, rowSpacing: spacing.row,
      columnSpacing: spacing.column, rows: 7, columns: 9)
    let geometry = try GridGeometry(plane: plane, offsets: offsets)
    var counts: [UInt32] = []
    for index in offsets.indices {
      for row in 0..<7 {
        for column in 0..<9 {
          let dose = linear(geometry.position(column: column, row: row, plane: index))
          counts.append(UInt32((dose * 1e6).rounded()))
        }
      }
    }
    return try DoseGrid(geometry: geometry, counts: counts, grayPerCount: 1e-6)
  }

  /// An axial grid, 16 x 12 x 10 mm, and an oblique one within and beyond it, in another frame.
  private func parts(isZeroBeyond: Bool) throws -> (wide: DoseField.Part, small: DoseField.Part) {
    let wide = try Self.grid(
      at: PatientPoint(-8, -6, -5), orientation: [1, 0, 0, 0, 1, 0], spacing: (2, 2),
      offsets: [0, 1, 4, 10])
    let small = try Self.grid(
      at: PatientPoint(100, 0, 0), orientation: [0.8, 0.6, 0, -0.6, 0.8, 0], spacing: (1, 1.5),
      offsets: [0, -2, -5])
    let shift = try #require(
      AffineMap(rowMajor: [1, 0, 0, 103, 0, 1, 0, 5, 0, 0, 1, -1, 0, 0, 0, 1]))
    let map = try #require(FrameMap(toDose: shift))
    return (
      try DoseField.Part(grid: wide, factor: 1, isZeroBeyondGrid: isZeroBeyond),
      try DoseField.Part(grid: small, factor: 0.5, map: map, isZeroBeyondGrid: isZeroBeyond)
    )
  }

  private func inDose(_ p: PatientPoint) -> PatientPoint {
    PatientPoint(p.x + 103, p.y + 5, p.z - 1)
  }

  @Test("each part is read in its own index space and added")
  func addedPointwise() throws {
    let (wide, small) = try parts(isZeroBeyond: false)
    let field = try DoseField(parts: [wide, small])
    var known = 0
    for z in stride(from: -4.9, through: 4.9, by: 0.7) {
      for x in stride(from: -7.9, through: 7.9, by: 0.9) {
        for y in stride(from: -5.9, through: 5.9, by: 1.1) {
          let point = PatientPoint(x, y, z)
          let other = inDose(point)
          let dose = field.dose(at: point)
          #expect((dose == nil) == (small.grid.dose(at: other) == nil))
          guard let dose else { continue }
          known += 1
          #expect(abs(dose - (Self.linear(point) + 0.5 * Self.linear(other))) < 2e-6)
        }
      }
    }
    #expect(known > 100)
  }

  @Test("beyond a part that counts as zero the others stand; where none is known nothing is")
  func zeroBeyond() throws {
    let (wide, small) = try parts(isZeroBeyond: true)
    let field = try DoseField(parts: [wide, small])
    let far = PatientPoint(-7, -5, -4)
    #expect(small.grid.dose(at: inDose(far)) == nil)
    let alone = try #require(field.dose(at: far))
    #expect(abs(alone - Self.linear(far)) < 2e-6)
    #expect(field.dose(at: PatientPoint(500, 0, 0)) == nil)
    let one = try DoseField(parts: [
      DoseField.Part(grid: wide.grid, factor: 1), small,
    ])
    // The wide part must be known: beyond it nothing is, though the small one counts as zero.
    #expect(one.dose(at: PatientPoint(-9, 0, 0)) == nil)
  }

  @Test("a plane of pixels has the dose of its points", arguments: [true, false])
  func plane(isZeroBeyond: Bool) throws {
    let (wide, small) = try parts(isZeroBeyond: isZeroBeyond)
    let field = try DoseField(parts: [wide, small])
    let plane = try ImagePlane(
      position: PatientPoint(-12, -9, -0.7), orientation: [0.96, 0.28, 0, -0.28, 0.96, 0],
      rowSpacing: 0.6, columnSpacing: 0.7, rows: 40, columns: 44)
    let sampled = field.sampled(on: plane)
    var known = 0
    for row in 0..<40 {
      for column in 0..<44 {
        let value = sampled.values[row * 44 + column]
        let dose = field.dose(at: plane.position(column: Double(column), row: Double(row)))
        #expect(value.isNaN == (dose == nil))
        if let dose {
          known += 1
          #expect(abs(value - dose) < 1e-9)
        }
      }
    }
    #expect(known > 100, "\(known)")
    #expect(known < 40 * 44)
  }

  @Test("what is said of a sum stands below the legend")
  func remarks() throws {
    let level = IsodoseLevel(gray: 66, color: RGBColor(red: 220, green: 50, blue: 32), targets: [])
    let text = MapText(
      title: "", fractions: 33,
      remarks: ["sum of 2 plans, 25 + 8 fx", "AT LEAST: unknown parts of the sum count as 0"])
    let design = try MapDesign(levels: [level], scale: 1, text: text, maximum: 70)
    let legend = MapLegend(of: design)
    #expect(legend.rows.map(\.text) == ["66 Gy in 33 fx Rx"])
    #expect(Array(legend.remarks.suffix(2)) == text.remarks)
  }
}

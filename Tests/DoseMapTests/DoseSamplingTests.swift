import DoseMap
import Geometry
import Testing

@Suite("Dose sampling") struct DoseSamplingTests {
  @Test("the dose is scipy's, in every orientation", arguments: DoseSamples.all.cases)
  func reference(reference: DoseSamples.Case) throws {
    let grid = try reference.grid()
    let field = DoseField(grid: grid)
    let highest = grid.maximum.gray
    for sample in reference.samples {
      let point = PatientPoint(sample.point[0], sample.point[1], sample.point[2])
      let dose = field.dose(at: point)
      #expect((dose == nil) == (sample.gray == nil), "\(point)")
      if let dose, let gray = sample.gray { #expect(abs(dose - gray) <= 1e-11 * highest) }
    }
    #expect(reference.samples.contains { $0.gray != nil })
  }

  @Test("the sampled plane is the dose at each pixel centre", arguments: DoseSamples.all.cases)
  func plane(reference: DoseSamples.Case) throws {
    let grid = try reference.grid()
    let field = DoseField(grid: grid)
    let middle = grid.geometry.position(column: 3, row: 3, plane: 2)
    for orientation in [[1, 0, 0, 0, 1, 0], [0.8, 0.6, 0, 0, 0, -1], reference.orientation] {
      let image = try ImagePlane(
        position: middle, orientation: orientation, rowSpacing: 0.7, columnSpacing: 0.9, rows: 31,
        columns: 29)
      let centred = image.moved(
        by: middle - image.position(column: 14, row: 15))
      let sampled = field.sampled(on: centred)
      for row in 0..<31 {
        for column in 0..<29 {
          let value = sampled.values[row * 29 + column]
          let point = centred.position(column: Double(column), row: Double(row))
          if let dose = field.dose(at: point) {
            #expect(abs(value - dose) <= 1e-11 * grid.maximum.gray)
          } else {
            #expect(value.isNaN)
          }
        }
      }
      #expect(sampled.isKnownAnywhere)
    }
  }

  @Test("a linear dose is reproduced exactly between uneven planes")
  func linear() throws {
    let plane = try ImagePlane(
      position: PatientPoint(-10, 5, 3), orientation: [0, 1, 0, 0, 0, -1], rowSpacing: 2,
      columnSpacing: 4, rows: 5, columns: 6)
    let offsets = [0.0, 1, 5, 6.5]
    let grid = try GridGeometry(plane: plane, offsets: offsets)
    var counts: [UInt32] = []
    for offset in offsets {
      for row in 0..<5 {
        for column in 0..<6 {
          counts.append(UInt32(100 * column + 30 * row + Int(20 * offset)))
        }
      }
    }
    let field = DoseField(
      grid: try DoseGrid(geometry: grid, counts: counts, grayPerCount: 0.01))
    for (c, r, d) in [(0.3, 0.7, 0.2), (4.9, 3.99, 6.4), (2, 2, 3), (5, 4, 6.5), (1.25, 0, 4.9)] {
      let point = plane.position(column: c, row: r) + plane.normal * d
      let dose = try #require(field.dose(at: point))
      #expect(abs(dose - (c + 0.3 * r + 0.2 * d)) < 1e-12)
    }
  }

  @Test("the dose ends at the outermost sample points, not half a voxel beyond")
  func boundary() throws {
    let grid = try Self.flat(rows: 4, columns: 5, offsets: [0, 2, 4])
    let field = DoseField(grid: grid)
    func dose(_ c: Double, _ r: Double, _ d: Double) -> Double? {
      let plane = grid.geometry.plane
      return field.dose(at: plane.position(column: c, row: r) + plane.normal * d)
    }
    for inside: (Double, Double, Double) in [
      (0, 0, 0), (4, 3, 4), (0, 3, 2), (4, 0, 4), (-1e-8, 0, 0), (2, 2, 4 + 1e-8),
    ] {
      #expect(dose(inside.0, inside.1, inside.2) == 1)
    }
    for outside: (Double, Double, Double) in [
      (-0.001, 0, 0), (4.001, 0, 0), (0, -0.001, 0), (0, 3.001, 0), (0, 0, -0.001),
    ] {
      #expect(dose(outside.0, outside.1, outside.2) == nil)
    }
    #expect(dose(0, 0, 4.001) == nil)
  }

  @Test("a single plane is known on itself only")
  func singlePlane() throws {
    let grid = try Self.flat(rows: 4, columns: 5, offsets: [0])
    let plane = grid.geometry.plane
    let middle = plane.position(column: 2, row: 2)
    #expect(grid.dose(at: middle) == 1)
    #expect(grid.dose(at: middle + plane.normal * 0.0009) == 1)
    #expect(grid.dose(at: middle + plane.normal * 0.002) == nil)
    #expect(grid.dose(at: middle + plane.normal * -0.002) == nil)
    let row = try Self.flat(rows: 1, columns: 5, offsets: [0, 1])
    #expect(row.dose(at: row.geometry.plane.position(column: 1.5, row: 0)) == 1)
    #expect(row.dose(at: row.geometry.plane.position(column: 1.5, row: 0.01)) == nil)
  }

  @Test("a sum is known where every part is, unless a part counts as zero beyond its grid")
  func sum() throws {
    let wide = try Self.flat(rows: 10, columns: 10, offsets: [0, 5, 10])
    let small = try Self.flat(rows: 4, columns: 4, offsets: [0, 5, 10])
    let both = PatientPoint(1, 1, 5)
    let one = PatientPoint(8, 8, 5)
    let strict = try DoseField(parts: [.init(grid: wide), .init(grid: small, factor: 0.5)])
    #expect(strict.dose(at: both) == 1.5)
    #expect(strict.dose(at: one) == nil)
    let loose = try DoseField(
      parts: [.init(grid: wide), .init(grid: small, factor: 0.5, isZeroBeyondGrid: true)])
    #expect(loose.dose(at: one) == 1)
    #expect(loose.dose(at: PatientPoint(20, 0, 5)) == nil)
    let image = try ImagePlane(
      position: PatientPoint(-2, -2, 5), orientation: [1, 0, 0, 0, 1, 0], rowSpacing: 1,
      columnSpacing: 1, rows: 14, columns: 14)
    for field in [strict, loose] {
      let values = field.sampled(on: image).values
      for index in values.indices {
        let point = image.position(column: Double(index % 14), row: Double(index / 14))
        #expect(
          values[index].isNaN
            ? field.dose(at: point) == nil : values[index] == field.dose(at: point))
      }
    }
    #expect(throws: DoseMapError.factor(0)) {
      _ = try DoseField.Part(grid: wide, factor: 0)
    }
  }

  @Test("a registration maps the scan's points to the dose's, in both ways of asking")
  func registered() throws {
    let grid = try DoseSamples.all.cases[0].grid()
    let toDose = AffineMap(
      row0: PatientVector(0, -1, 0), row1: PatientVector(1, 0, 0), row2: PatientVector(0, 0, 1),
      translation: PatientVector(5, -7, 11))
    let map = try #require(FrameMap(toDose: toDose))
    let field = DoseField(grid: grid, map: map)
    let pointwise = DoseField(
      grid: grid, map: .pointwise(toDose: { toDose($0) }, toScan: { toDose.inverse?($0) }))
    let inDose = grid.geometry.position(column: 2, row: 3, plane: 1)
    let inScan = try #require(map.toScan(inDose))
    let expected = grid.dose(column: 2, row: 3, plane: 1)
    #expect(abs(try #require(field.dose(at: inScan)) - expected) < 1e-9)
    let image = try ImagePlane(
      position: inScan + PatientVector(-4.2, -3.3, 0.5), orientation: [0.6, 0.8, 0, 0, 0, 1],
      rowSpacing: 0.5, columnSpacing: 0.5, rows: 20, columns: 20)
    let (a, b) = (field.sampled(on: image).values, pointwise.sampled(on: image).values)
    #expect(a.contains { !$0.isNaN })
    for index in a.indices {
      #expect(a[index].isNaN == b[index].isNaN)
      if !a[index].isNaN { #expect(abs(a[index] - b[index]) < 1e-9) }
    }
  }

  @Test("a dose without its samples or its scaling is refused")
  func refused() throws {
    let geometry = try Self.flat(rows: 2, columns: 2, offsets: [0, 1]).geometry
    #expect(throws: DoseMapError.sampleCount(expected: 8, found: 7)) {
      _ = try DoseGrid(
        geometry: geometry, counts: [UInt32](repeating: 1, count: 7), grayPerCount: 1)
    }
    for scaling in [0, -1, .nan, .infinity] as [Double] {
      #expect(throws: DoseMapError.self) {
        _ = try DoseGrid(
          geometry: geometry, counts: [UInt32](repeating: 1, count: 8), grayPerCount: scaling)
      }
    }
  }

  /// A grid of 1 Gy everywhere, from the origin, 1 mm apart in its planes.
  static func flat(rows: Int, columns: Int, offsets: [Double]) throws -> DoseGrid {
    let plane = try ImagePlane(
      position: .origin, orientation: [1, 0, 0, 0, 1, 0], rowSpacing: 1, columnSpacing: 1,
      rows: rows, columns: columns)
    return try DoseGrid(
      geometry: try GridGeometry(plane: plane, offsets: offsets),
      counts: [UInt32](repeating: 100, count: rows * columns * offsets.count), grayPerCount: 0.01)
  }
}

import Geometry
import Testing

@Suite("Pictures across a stack") struct StackReformatTests {
  /// Slices of 12 rows 1.5 mm apart and 20 columns 0.8 mm apart, every 2.5 mm.
  static func stack(
    _ orientation: [Double], count: Int = 9, step: Double = 2.5, lean: Double = 0
  ) throws -> [ImagePlane] {
    let first = try ImagePlane(
      position: PatientPoint(-10, 20, 30), orientation: orientation, rowSpacing: 1.5,
      columnSpacing: 0.8, rows: 12, columns: 20)
    return (0..<count).map {
      first.moved(
        by: first.normal * (step * Double($0)) + first.rowDirection * (lean * Double($0)))
    }
  }

  static let orientations: [[Double]] = [
    [1, 0, 0, 0, 1, 0], [-1, 0, 0, 0, -1, 0], [1, 0, 0, 0, -1, 0], [0, 1, 0, 0, 0, -1],
    [0, -1, 0, 0, 0, 1], [1, 0, 0, 0, 0, -1], [0, 1, 0, -1, 0, 0], [0.8, 0.6, 0, 0, 0, -1],
    [0.96, 0.28, 0, -0.28, 0.96, 0],
  ]

  @Test("every pixel lies where its depth and its place along the cut say", arguments: orientations)
  func positions(orientation: [Double]) throws {
    let slices = try Self.stack(orientation)
    let base = slices[0]
    var made = 0
    for direction in StackReformat.Direction.allCases {
      let reformat: StackReformat
      do { reformat = try StackReformat(direction, across: slices) } catch {
        #expect(error == .acquired(direction))
        continue
      }
      made += 1
      #expect(reformat.planes.count == reformat.cuts.count)
      for (plane, cut) in zip(reformat.planes, reformat.cuts) {
        #expect(plane.rowSpacing == 0.8 && plane.columnSpacing == 0.8)
        let lines = reformat.isStackDown ? plane.rows : plane.columns
        #expect(lines == reformat.depths.count)
        #expect((reformat.isStackDown ? plane.columns : plane.rows) == reformat.places.count)
        for (line, depth) in reformat.depths.enumerated() {
          for (pixel, place) in reformat.places.enumerated() {
            guard let depth, let place else { continue }
            let found = plane.position(
              column: Double(reformat.isStackDown ? pixel : line),
              row: Double(reformat.isStackDown ? line : pixel))
            let (column, row) =
              reformat.isAlongRows ? (place, Double(cut)) : (Double(cut), place)
            let expected = base.position(column: column, row: row) + base.normal * depth
            #expect(found.distance(to: expected) < 1e-9)
          }
        }
      }
      // No nearer to one another than the slices, and in order.
      let normal = reformat.planes[0].normal
      let places = reformat.planes.map { $0.distance(along: normal) }
      #expect(zip(places.dropFirst(), places).allSatisfy { $0 - $1 >= 2.5 - 1e-9 })
      #expect(
        zip(places.dropFirst(), places).allSatisfy { abs($0 - $1 - reformat.distance) < 1e-9 })
    }
    #expect(made == 2)
  }

  @Test("head up and left at the right, as people are used to")
  func upright() throws {
    for orientation in Self.orientations.prefix(7) {
      let slices = try Self.stack(orientation)
      if let coronal = try? StackReformat(.coronal, across: slices).planes[0] {
        #expect(coronal.rowDirection == PatientVector(1, 0, 0))
        #expect(coronal.columnDirection == PatientVector(0, 0, -1))
      }
      if let sagittal = try? StackReformat(.sagittal, across: slices).planes[0] {
        #expect(sagittal.rowDirection == PatientVector(0, 1, 0))
        #expect(sagittal.columnDirection == PatientVector(0, 0, -1))
      }
      if let axial = try? StackReformat(.axial, across: slices).planes[0] {
        #expect(axial.rowDirection == PatientVector(1, 0, 0))
        #expect(axial.columnDirection == PatientVector(0, 1, 0))
      }
    }
  }

  @Test("a thin stack stands in the middle of a picture of half its width")
  func thin() throws {
    let slices = try Self.stack([1, 0, 0, 0, 1, 0], count: 3, step: 1)
    let reformat = try StackReformat(.coronal, across: slices)
    let plane = reformat.planes[0]
    #expect(plane.columns == 20 && plane.rows == 10)
    #expect(reformat.depths.compactMap(\.self).count == 3)
    #expect(reformat.depths.first == .some(nil) && reformat.depths.last == .some(nil))
    // The upper edge lies as far above the stack as there are lines before it.
    let before = Double(reformat.depths.prefix { $0 == nil }.count)
    #expect(abs(plane.position.z - (32 + before * 0.8)) < 1e-9)
  }

  @Test("what is no even, upright stack is refused")
  func refused() throws {
    let axial = [1.0, 0, 0, 0, 1, 0]
    #expect(throws: StackReformat.Refusal.tooFewSlices(2)) {
      try StackReformat(.coronal, across: try Self.stack(axial, count: 2))
    }
    #expect(throws: StackReformat.Refusal.leaning) {
      try StackReformat(.coronal, across: try Self.stack(axial, lean: 0.3))
    }
    var gap = try Self.stack(axial)
    gap.remove(at: 4)
    #expect(throws: StackReformat.Refusal.gaps) { try StackReformat(.coronal, across: gap) }
    #expect(throws: StackReformat.Refusal.acquired(.axial)) {
      try StackReformat(.axial, across: try Self.stack(axial))
    }
  }
}

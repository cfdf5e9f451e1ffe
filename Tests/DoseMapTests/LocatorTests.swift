import DoseMap
import Geometry
import Testing

/// The small view: which way it looks and where it marks a slice, by hand from the geometry.
@Suite("Locator") struct LocatorTests {
  /// Ten slices of 20 x 30 pixels of 2 mm, 4 mm apart along their normal; each line's value is ten
  /// times the slice's number.
  private static func stack(
    _ orientation: [Double]
  ) throws -> (planes: [ImagePlane], view: MapLocator) {
    let first = try ImagePlane(
      position: PatientPoint(-20, -30, 5), orientation: orientation, rowSpacing: 2,
      columnSpacing: 2, rows: 20, columns: 30)
    let planes = (0..<10).map { first.moved(by: first.normal * (4 * Double($0))) }
    let line = MapLocator.Line.best(for: first)
    let size = line == .row ? 30 : 20
    let lines = (0..<10).map { [UInt8](repeating: UInt8($0 * 10), count: size) }
    return (planes, try #require(MapLocator(stack: planes, middle: line, lines: lines)))
  }

  @Test("axial slices make a coronal view with the head up, whichever way they run")
  func axial() throws {
    for orientation in [[1, 0, 0, 0, 1, 0], [-1, 0, 0, 0, 1, 0], [-1, 0, 0, 0, -1, 0]] as [[Double]]
    {
      let (planes, view) = try Self.stack(orientation)
      #expect(view.plane.columnDirection.z < -0.99)
      #expect(view.plane.columns == 30 && view.plane.rows == 19)
      let headFirst = planes[0].normal.z > 0 ? 9 : 0
      let (a, b) = try #require(view.mark(of: planes[headFirst]))
      #expect(abs(a.row) < 1e-9 && abs(b.row) < 1e-9)
      #expect(view.pixels[0] == UInt8(headFirst * 10))
      let (c, _) = try #require(view.mark(of: planes[9 - headFirst]))
      #expect(abs(c.row - 18) < 1e-9)
    }
  }

  @Test("sagittal slices make a coronal view, coronal ones a sagittal view, both with the head up")
  func upright() throws {
    let sagittal = try Self.stack([0, 1, 0, 0, 0, -1])
    #expect(sagittal.view.plane.columnDirection.z < -0.99)
    #expect(sagittal.view.plane.rowDirection.x > 0.99)
    #expect(sagittal.view.plane.columns == 19 && sagittal.view.plane.rows == 20)
    // The stack runs to the right: its last slice is at the left of the view.
    let (a, b) = try #require(sagittal.view.mark(of: sagittal.planes[9]))
    #expect(abs(a.column) < 1e-9 && abs(b.column) < 1e-9)
    #expect(sagittal.view.pixels[0] == 90)
    let coronal = try Self.stack([1, 0, 0, 0, 0, -1])
    #expect(coronal.view.plane.columnDirection.z < -0.99)
    #expect(coronal.view.plane.rowDirection.y > 0.99)
    let (c, _) = try #require(coronal.view.mark(of: coronal.planes[3]))
    #expect(abs(c.column - 6) < 1e-9)
  }

  @Test("a slice that the view does not reach is not marked")
  func outside() throws {
    let (planes, view) = try Self.stack([1, 0, 0, 0, 1, 0])
    #expect(view.mark(of: planes[0].moved(by: PatientVector(0, 0, -20))) == nil)
  }

  @Test("a leaning stack, a single slice, and lines of another length make none")
  func none() throws {
    let (planes, _) = try Self.stack([1, 0, 0, 0, 1, 0])
    let lines = [[UInt8]](repeating: [UInt8](repeating: 0, count: 30), count: 10)
    let leaning = planes.enumerated().map { $1.moved(by: PatientVector(0, Double($0), 0)) }
    #expect(MapLocator(stack: leaning, middle: .row, lines: lines) == nil)
    #expect(MapLocator(stack: [planes[0]], middle: .row, lines: [lines[0]]) == nil)
    #expect(
      MapLocator(stack: planes, middle: .row, lines: lines.map { Array($0.dropLast()) }) == nil)
  }
}

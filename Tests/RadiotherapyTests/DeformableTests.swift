import DICOM
import Geometry
import Radiotherapy
import Testing

/// PS3.3 C.20.3.1.1: source = post * (pre * registered + displacement(registered)).
@Suite("Deformable registration") struct DeformableTests {
  /// Nodes at 10 mm in x, 20 in y, 5 in z, and what a formula gives there.
  static func grid(
    dimensions: [Int] = [5, 4, 6], _ field: (Double, Double, Double) -> (Double, Double, Double)
  ) -> Registrations.Grid {
    var grid = Registrations.Grid()
    grid.position = [-20, -30, -10]
    grid.dimensions = dimensions
    grid.resolution = [10, 20, 5]
    for k in 0..<dimensions[2] {
      for j in 0..<dimensions[1] {
        for i in 0..<dimensions[0] {
          let v = field(
            -20 + 10 * Double(i), -30 + 20 * Double(j), -10 + 5 * Double(k))
          grid.vectors += [Float(v.0), Float(v.1), Float(v.2)]
        }
      }
    }
    return grid
  }

  /// Exact in single precision, and trilinear.
  static func field(_ x: Double, _ y: Double, _ z: Double) -> (Double, Double, Double) {
    (x / 64 + y / 128 + 1, z / 32 - 2, x * y / 4096 + z / 64)
  }

  /// A quarter turn about z and a shift.
  static let quarterTurn: [Double] = [0, -1, 0, 10, 1, 0, 0, 0, 0, 0, 1, 5, 0, 0, 0, 1]

  static let points = [
    PatientPoint(-20, -30, -10), PatientPoint(0.5, 1.25, 3.75), PatientPoint(19.9, 29.9, 14.9),
    PatientPoint(7, -11, 2),
  ]

  static func expected(_ p: PatientPoint) -> PatientPoint {
    let d = field(p.x, p.y, p.z)
    // Before: 3 mm along z. After: the quarter turn.
    let (x, y, z) = (p.x + d.0, p.y + d.1, p.z + 3 + d.2)
    return PatientPoint(-y + 10, x, z + 5)
  }

  private func registration() throws -> SpatialRegistration {
    try Registrations.deformable(
      registered: "1.1", source: "1.2", grid: Self.grid(Self.field),
      pre: [(Registrations.shift(0, 0, 3), "RIGID")], post: [(Self.quarterTurn, "RIGID")])
  }

  @Test("from the registered frame to the source by the formula", arguments: points)
  func forth(point: PatientPoint) throws {
    // The dose lies in the source, the scan in the registered frame: what a follow-up needs.
    let join = try FrameJoin.find(
      doseFrame: "1.2", scanFrame: "1.1", registrations: [registration()])
    let image = try #require(join.toDose(point))
    #expect(image.distance(to: Self.expected(point)) < 1e-12)
    #expect(join.kind == .deformable)
    #expect(join.doseToScan == nil)
  }

  @Test("back by search, to the point that the formula came from", arguments: points)
  func back(point: PatientPoint) throws {
    let join = try FrameJoin.find(
      doseFrame: "1.1", scanFrame: "1.2", registrations: [registration()])
    let found = try #require(join.toDose(Self.expected(point)))
    #expect(found.distance(to: point) < 1e-5)
    #expect(join.isInvertible(at: PatientPoint(7, -11, 2)))
  }

  @Test("beyond the outermost nodes it is undefined, in both directions")
  func outside() throws {
    let join = try FrameJoin.find(
      doseFrame: "1.2", scanFrame: "1.1", registrations: [registration()])
    let out = PatientPoint(20.1, 0, 0)
    #expect(join.toDose(out) == nil)
    #expect(join.toScan(Self.expected(out)) == nil)
    #expect(!join.isInvertible(at: Self.expected(out)))
  }

  @Test("a node that holds no number leaves its cells undefined, and no other")
  func notANumber() throws {
    var grid = Self.grid(Self.field)
    // The node at (0, -10, 0): indices 2, 1, 2.
    let node = ((2 * 4 + 1) * 5 + 2) * 3
    for value in node..<node + 3 { grid.vectors[value] = .nan }
    let join = try FrameJoin.find(
      doseFrame: "1.2", scanFrame: "1.1",
      registrations: [Registrations.deformable(registered: "1.1", source: "1.2", grid: grid)])
    #expect(join.toDose(PatientPoint(1, -9, 1)) == nil)
    #expect(join.toDose(PatientPoint(0, -10, 0)) == nil)
    #expect(join.toDose(PatientPoint(11, -9, 1)) != nil)
    // On a face of the cell opposite to the node, where the node carries no weight.
    #expect(join.toDose(PatientPoint(10, -9, 1)) != nil)
  }

  @Test("where the field folds, nothing is invertible")
  func folded() throws {
    // x + 20 sin-like fold: the displacement falls faster than x grows.
    let grid = Self.grid { x, _, _ in (abs(x) < 5 ? 15 : x < 0 ? 15 : -15, 0, 0) }
    let join = try FrameJoin.find(
      doseFrame: "1.2", scanFrame: "1.1",
      registrations: [Registrations.deformable(registered: "1.1", source: "1.2", grid: grid)])
    // At x = 5 the image is 5 + 0; there the slope is 1 - 3.
    #expect(join.toDose(PatientPoint(5, 0, 0)) == PatientPoint(5, 0, 0))
    #expect(!join.isInvertible(at: PatientPoint(5, 0, 0)))
  }

  @Test("the grid's own axes count, and the first index runs fastest along the first")
  func turnedGrid() throws {
    var grid = Registrations.Grid()
    // The first axis along +z, the second along +x: the third is +y.
    grid.orientation = [0, 0, 1, 1, 0, 0]
    grid.position = [100, 200, 300]
    grid.dimensions = [3, 2, 2]
    grid.resolution = [2, 4, 8]
    for k in 0..<2 {
      for j in 0..<2 {
        for i in 0..<3 { grid.vectors += [Float(i), Float(10 * j), Float(100 * k)] }
      }
    }
    let join = try FrameJoin.find(
      doseFrame: "1.2", scanFrame: "1.1",
      registrations: [Registrations.deformable(registered: "1.1", source: "1.2", grid: grid)])
    // 3 mm along z is 1.5 nodes, 1 mm along x a quarter, 4 mm along y a half.
    let image = try #require(join.toDose(PatientPoint(101, 204, 303)))
    #expect(image.distance(to: PatientPoint(102.5, 206.5, 353)) < 1e-9)
  }

  @Test("without a grid the two matrices are all, in the same direction")
  func matricesOnly() throws {
    let join = try FrameJoin.find(
      doseFrame: "1.2", scanFrame: "1.1",
      registrations: [
        Registrations.deformable(
          registered: "1.1", source: "1.2", grid: nil,
          pre: [(Registrations.shift(1, 0, 0), "RIGID")], post: [(Self.quarterTurn, "RIGID")])
      ])
    #expect(join.kind == .rigid)
    #expect(join.toDose(PatientPoint(1, 2, 3)) == PatientPoint(8, 2, 8))
  }

  @Test("fewer vectors than announced are an error, not zeros")
  func shortData() throws {
    var grid = Self.grid(Self.field)
    grid.vectors.removeLast(3)
    let registration = try Registrations.deformable(registered: "1.1", source: "1.2", grid: grid)
    let error = #expect(throws: FrameJoin.Failure.self) {
      _ = try FrameJoin.find(doseFrame: "1.2", scanFrame: "1.1", registrations: [registration])
    }
    #expect(
      error
        == .matrix(
          reason: "5 x 4 x 6 vectors announced, 119 there, planes 5.0 mm apart"))
  }
}

import Geometry
import Testing

@Suite("Affine maps") struct AffineMapTests {
  /// A quarter turn about z, then a shift: (1, 2, 3) goes to (-2 + 10, 1 + 20, 3 + 30).
  static let turn: [Double] = [0, -1, 0, 10, 1, 0, 0, 20, 0, 0, 1, 30, 0, 0, 0, 1]

  @Test("the matrix is read row by row and stands left of the point, PS3.3 C.20.2.1.1")
  func applied() throws {
    let map = try #require(AffineMap(rowMajor: Self.turn))
    #expect(map(PatientPoint(1, 2, 3)) == PatientPoint(8, 21, 33))
    #expect(map(PatientVector(1, 2, 3)) == PatientVector(-2, 1, 3))
    #expect(map.rowMajor == Self.turn)
    #expect(map.determinant == 1)
  }

  @Test("the inverse undoes the map, and one map after another does both")
  func inverse() throws {
    let turn = try #require(AffineMap(rowMajor: Self.turn))
    let shear = try #require(
      AffineMap(rowMajor: [1, 0.5, 0, -3, 0, 2, 0.25, 4, 0.125, 0, 1, 5, 0, 0, 0, 1]))
    let both = shear.after(turn)
    let point = PatientPoint(-7, 11, 13)
    #expect(both(point) == shear(turn(point)))
    let back = try #require(both.inverse)
    #expect(back(both(point)).distance(to: point) < 1e-12)
    let flat = try #require(
      AffineMap(rowMajor: [1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1]))
    #expect(flat.inverse == nil)
  }

  @Test("what is no affine matrix is refused")
  func refused() {
    #expect(AffineMap(rowMajor: Array(Self.turn.dropLast())) == nil)
    for (index, value) in [(15, 2.0), (12, 1e-3), (3, .nan), (0, .infinity)] {
      var matrix = Self.turn
      matrix[index] = value
      #expect(AffineMap(rowMajor: matrix) == nil)
    }
  }
}

import DoseMap
import Geometry
import Testing

/// Nothing is cut off and nothing is left out of the words, whatever the matrix of the scan.
@Suite("Matrices of scans") struct MatrixTests {
  struct Matrix: CustomTestStringConvertible, Sendable {
    var rows: Int
    var columns: Int
    var scale: Int?
    var testDescription: String { "\(rows) x \(columns)\(scale.map { ", scale \($0)" } ?? "")" }
  }

  @Test(
    "all that a slice says finds its place",
    arguments: [
      Matrix(rows: 16, columns: 16), Matrix(rows: 64, columns: 64),
      Matrix(rows: 128, columns: 128), Matrix(rows: 200, columns: 168),
      Matrix(rows: 40, columns: 256), Matrix(rows: 256, columns: 40),
      Matrix(rows: 512, columns: 512), Matrix(rows: 1024, columns: 1024),
      Matrix(rows: 512, columns: 512, scale: 2),
      Matrix(rows: 384, columns: 300, scale: 1),
    ])
  func words(matrix: Matrix) throws {
    var scene = GoldenScene.headNeck
    scene.phantom.rows = matrix.rows
    scene.phantom.columns = matrix.columns
    scene.phantom.spacing = 240 / Double(min(matrix.rows, matrix.columns))
    scene.scale = matrix.scale ?? MapSlice.scale(rows: matrix.rows, columns: matrix.columns)
    scene.hasLocator = matrix.rows >= 64 && matrix.rows <= 256
    scene.peaks = [(10, 5, 0, 16, 62)]
    scene.plateau = 8
    let drawn = try scene.renderer().draw(try scene.slice())
    #expect(drawn.checks.hold, "\(drawn.checks)")
    let words = drawn.words.joined(separator: " ")
    for needed in [
      "59.4 Gy in 33 fx Rx: PTV_high", "54 Gy Rx: PTV_low", "no line is not no dose",
      "physical dose, not EQD2", "25 / 48", "2017-03-02 (2 Mar 2017)",
      "NOT FOR DIAGNOSIS OR PLANNING", "other radiation may exist",
    ] { #expect(words.contains(needed), "\(needed) in \(words)") }
    #expect(
      drawn.words.joined().contains("RT_59.4Gy_33Fx_03.02.2017"), "the label in \(words)")
  }

  @Test("too small a picture is refused and told what helps")
  func tooSmall() throws {
    var scene = GoldenScene.longWords
    scene.phantom.rows = 64
    scene.phantom.columns = 64
    scene.phantom.spacing = 4
    scene.scale = 1
    scene.hasLocator = false
    let drawn = try scene.renderer().draw(try scene.slice())
    #expect(!drawn.checks.lettering.holds)
    #expect(drawn.checks.lettering.detail.contains("--scale"))
  }
}

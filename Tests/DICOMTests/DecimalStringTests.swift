import DICOM
import Testing

/// Compared with an exact search in Python's decimal arithmetic.
@Suite("Decimal strings") struct DecimalStringTests {
  static let reference: [[String]] = (try? Fixture.json("decimal-strings.json")) ?? []

  @Test("a text is the nearest of 16 characters, or nothing is lost")
  func nearest() throws {
    #expect(Self.reference.count > 700)
    for pair in Self.reference {
      let value = Double(bitPattern: try #require(UInt64(pair[0], radix: 16)))
      let text = try #require(DecimalString.text(of: value))
      #expect(text.utf8.count <= 16)
      #expect(VR.DS.permits(text), "\(text)")
      let error = abs(try #require(Double(text)) - value)
      guard let nearest = Double(pair[1]), nearest.isFinite else { continue }
      let best = abs(nearest - value)
      #expect(error <= best, "\(value): \(text), nearest is \(pair[1])")
    }
  }

  @Test(
    "usual values stay as people write them",
    arguments: [
      (0.0, "0"), (-0.0, "0"), (1.0, "1"), (2.5, "2.5"), (-12.75, "-12.75"), (1e-5, "0.00001"),
      (1.4e-5, "0.000014"), (18.0, "18"), (0.1, "0.1"), (100.0, "100"),
      (1.0 / 3, "0.33333333333333"), (-1.0 / 3, "-0.3333333333333"),
    ])
  func usual(value: Double, text: String) {
    #expect(DecimalString.text(of: value) == text)
  }

  @Test("what is no number has no text", arguments: [Double.nan, .infinity, -.infinity])
  func none(value: Double) throws {
    #expect(DecimalString.text(of: value) == nil)
    var dataSet = DataSet()
    #expect(throws: EncodingError.self) { try dataSet.set(.sliceThickness, decimals: [value]) }
  }
}

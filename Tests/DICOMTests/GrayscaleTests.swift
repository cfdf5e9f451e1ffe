import DICOM
import Testing

/// Display values, compared with the standard's formulas in numpy.
@Suite("Grayscale") struct GrayscaleTests {
  struct Expectation: Decodable {
    let window: Int?
    let display: [UInt8]
  }

  static let expected: [String: Expectation] =
    (try? Fixture.json("grayscale/expected.json")) ?? [:]

  @Test("stored values are shown as the standard says", arguments: expected.keys.sorted())
  func display(name: String) throws {
    let expected = try #require(Self.expected[name])
    let file = try DICOMFile.read(path: Fixture.path("grayscale/\(name).dcm"))
    let description = try PixelDescription(of: file.dataSet)
    let stored = try StoredValues.signed(file.frame(0, of: description), of: description)
    let windows = try GrayscaleTransform.windows(of: file.dataSet)
    #expect(windows.isEmpty == (expected.window == nil))
    let transform = try GrayscaleTransform(
      description: description, dataSet: file.dataSet, window: expected.window.map { windows[$0] })
    #expect(transform.display(stored) == expected.display)
  }

  @Test("a window without a width is refused")
  func noWidth() throws {
    var dataSet = DataSet()
    try dataSet.set(.windowCenter, decimals: [40])
    #expect(throws: AttributeError.count(.windowWidth, expected: 1, found: 0)) {
      try GrayscaleTransform.windows(of: dataSet)
    }
    try dataSet.set(.windowWidth, decimals: [0])
    #expect(throws: AttributeError.unreadable(.windowWidth, value: "0.0")) {
      try GrayscaleTransform.windows(of: dataSet)
    }
  }

  @Test("numbers that are none are refused, not shown")
  func notFinite() throws {
    var dataSet = DataSet()
    let bytes = withUnsafeBytes(of: Double.nan.bitPattern.littleEndian) { Array($0) }
    dataSet.set(.windowCenter, bytes: bytes, vr: .FD)
    dataSet.set(.windowWidth, bytes: bytes, vr: .FD)
    #expect(throws: AttributeError.unreadable(.windowCenter, value: "nan")) {
      try GrayscaleTransform.windows(of: dataSet)
    }
  }

  @Test("a frame's own functional group comes before the shared one")
  func functionalGroups() throws {
    func group(_ center: Double) throws -> DataSet {
      var window = DataSet()
      try window.set(.windowCenter, decimals: [center])
      var group = DataSet()
      group.set(.frameVOILUTSequence, items: [window])
      return group
    }
    var dataSet = DataSet()
    dataSet.set(.sharedFunctionalGroupsSequence, items: [try group(1)])
    dataSet.set(.perFrameFunctionalGroupsSequence, items: [try group(2), DataSet()])
    func center(_ frame: Int) throws -> Double? {
      try dataSet.functionalGroup(.frameVOILUTSequence, frame: frame)?.number(.windowCenter)
    }
    #expect(try center(0) == 2)
    #expect(try center(1) == 1)
    #expect(try center(7) == 1)
    let none = dataSet.functionalGroup(.pixelValueTransformationSequence, frame: 0)
    #expect(none?.elements.count == nil)
  }

  /// Without its references a parametrised test would pass by not running.
  @Test("the references are there")
  func references() { #expect(Self.expected.count >= 20) }
}

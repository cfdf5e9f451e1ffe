import DICOM
import Testing

/// Frames of enhanced multi-frame images, shown as numpy shows them.
@Suite("Enhanced images") struct EnhancedTests {
  struct Expectation: Decodable {
    /// Display values of each frame, by what the window is called.
    let display: [String: [[UInt8]]]
  }

  static let expected: [String: Expectation] =
    (try? Fixture.json("enhanced/expected.json")) ?? [:]

  @Test("a frame is shown as its own groups say", arguments: expected.keys.sorted())
  func display(name: String) throws {
    let file = try DICOMFile.read(path: Fixture.path("enhanced/\(name).dcm"))
    let description = try PixelDescription(of: file.dataSet)
    for (window, frames) in try #require(Self.expected[name]).display {
      #expect(description.frames == frames.count)
      for (index, expected) in frames.enumerated() {
        let groups = file.dataSet.displayAttributes(frame: index)
        let windows = try GrayscaleTransform.windows(of: groups)
        let chosen =
          window == "first"
          ? windows.first : windows.first { $0.explanation?.lowercased() == window }
        #expect(chosen != nil)
        let transform = try GrayscaleTransform(
          description: description, dataSet: groups, window: chosen)
        let stored = try StoredValues.signed(file.frame(index, of: description), of: description)
        #expect(transform.display(stored) == expected, "\(window), frame \(index)")
      }
    }
  }

  @Test("a table beside the groups does not win over their line")
  func tableBeside() throws {
    var dataSet = DataSet()
    dataSet.set(.modalityLUTSequence, items: [DataSet()])
    dataSet.set(.voilutSequence, items: [DataSet()])
    var line = DataSet()
    try line.set(.rescaleSlope, decimals: [2])
    var window = DataSet()
    try window.set(.windowCenter, decimals: [5])
    var groups = DataSet()
    groups.set(.pixelValueTransformationSequence, items: [line])
    groups.set(.frameVOILUTSequence, items: [window])
    dataSet.set(.sharedFunctionalGroupsSequence, items: [groups])
    let shown = dataSet.displayAttributes(frame: 3)
    #expect(!shown.contains(.modalityLUTSequence) && !shown.contains(.voilutSequence))
    #expect(try ModalityTransform(of: shown).apply(21) == 42)
    #expect(dataSet.displayAttributes(frame: nil).contains(.modalityLUTSequence))
  }

  @Test("unsigned values that no signed number holds are refused, not wrapped round")
  func tooLarge() throws {
    var dataSet = DataSet()
    for (tag, value) in [
      (DICOM.Tag.rows, 1), (.columns, 1), (.bitsAllocated, 32), (.bitsStored, 32), (.highBit, 31),
    ] { try dataSet.set(tag, integer: value) }
    let description = try PixelDescription(of: dataSet)
    #expect(try StoredValues.signed([0xFF, 0xFF, 0xFF, 0x7F], of: description) == [.max])
    #expect(throws: PixelError.self) {
      try StoredValues.signed([0, 0, 0, 0x80], of: description)
    }
  }

  @Test("the references are there")
  func references() { #expect(Self.expected.count == 4) }
}

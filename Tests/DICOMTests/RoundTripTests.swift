import DICOM
import Foundation
import Testing

/// What is written is what was read.
///
/// Scripts/references/written-files.py asks pydicom and dcmtk too.
@Suite("Round trip") struct RoundTripTests {
  static let fixtures = ["implicit.dcm", "explicit.dcm", "deflated.dcm", "big-endian.dcm"]
  static let syntaxes: [TransferSyntax] = [
    .implicitVRLittleEndian, .explicitVRLittleEndian, .deflatedExplicitVRLittleEndian,
  ]

  @Test("a data set comes back the same in each transfer syntax", arguments: fixtures, syntaxes)
  func fixture(name: String, syntax: TransferSyntax) throws {
    let file = try DICOMFile.read(path: Fixture.path(name), extent: .everything)
    let bytes = try DICOMFile.bytes(of: file.dataSet, transferSyntax: syntax)
    let again = try DICOMFile.read(bytes: bytes)
    #expect(again.damage == nil)
    #expect(again.forgiven.isEmpty)
    #expect(again.transferSyntax == syntax)
    let explicit = DataSetListing(of: file).lines.drop { $0.hasPrefix("0002") }
    let found = DataSetListing(of: again).lines.drop { $0.hasPrefix("0002") }
    for (a, b) in zip(explicit, found) {
      // Without VRs nobody knows those of private attributes; odd values get their padding.
      let isPrivate = syntax.isImplicitVR && !a.hasPrefix("00")
      if a != b, !isPrivate, !a.hasPrefix("0009,0001") { Issue.record("\(a) became \(b)") }
    }
    #expect(explicit.count == found.count || syntax.isImplicitVR)
    // The same data set gives the same bytes, and so does what was read back of them.
    #expect(try DICOMFile.bytes(of: again.dataSet, transferSyntax: syntax) == bytes)
  }

  @Test("a value too long for its VR's length is written as UN and read as what it is")
  func longValue() throws {
    var dataSet = DataSet()
    try dataSet.set(.sopClassUID, "1.2.840.10008.5.1.4.1.1.481.3")
    try dataSet.set(.sopInstanceUID, "2.25.1")
    let points = (0..<9000).map { Double($0) + 0.25 }
    try dataSet.set(.contourData, decimals: points)
    let bytes = try DICOMFile.bytes(of: dataSet)
    let again = try DICOMFile.read(bytes: bytes)
    #expect(again.dataSet[.contourData]?.vr == .DS)
    #expect(try again.dataSet.numbers(.contourData) == points)
  }

  @Test(
    "frames packed with RLE come back the same",
    arguments: ["native-32.dcm", "native-8-odd.dcm", "native-rgb.dcm", "native-high-bit-15.dcm"])
  func rle(name: String) throws {
    let file = try DICOMFile.read(path: Fixture.path("frames/\(name)"), extent: .everything)
    let packed = try file.dataSet.compressedWithRLE()
    let again = try DICOMFile.read(
      bytes: DICOMFile.bytes(of: packed, transferSyntax: .rleLossless))
    let description = try PixelDescription(of: file.dataSet)
    for index in 0..<description.frames {
      #expect(try again.frame(index, of: description) == file.frame(index, of: description))
    }
    #expect(throws: PixelError.missing) { try packed.compressedWithRLE() }
  }

  /// Where other toolkits are to read what this one wrote: set by the script that asks them.
  static let folder = ProcessInfo.processInfo.environment["PUSH2PACS_WRITTEN_FILES"]

  @Test("files for other toolkits to read", .enabled(if: folder != nil && Fixture.hasRealData))
  func write() throws {
    let folder = URL(filePath: try #require(Self.folder))
    let root = try #require(Fixture.realData)
    let names = try Fixture.json("real-data.json", as: [String: ReadingTests.Expectation].self).keys
    for name in names.sorted() where ReadingTests.damaged[name] == nil {
      let file = try DICOMFile.read(path: root.appending(path: name).path, extent: .everything)
      guard file.damage == nil, let sopClass = file.dataSet.string(.sopClassUID),
        let sopInstance = file.dataSet.string(.sopInstanceUID), VR.UI.permits(sopClass),
        VR.UI.permits(sopInstance)
      else { continue }
      // Compressed pixels stay what they are; words of big-endian files come out turned round.
      let isCompressed = !file.transferSyntax.isNative
      guard !file.transferSyntax.isBigEndian else { continue }
      let syntaxes = isCompressed ? [file.transferSyntax] : Self.syntaxes
      let packed = isCompressed ? nil : try? file.dataSet.compressedWithRLE()
      for syntax in syntaxes + (packed == nil ? [] : [.rleLossless]) {
        let bytes = try DICOMFile.bytes(
          of: syntax == .rleLossless ? packed ?? file.dataSet : file.dataSet,
          transferSyntax: syntax)
        let target = folder.appending(path: "\(syntax.uid)/\(name)")
        try FileManager.default.createDirectory(
          at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: target)
      }
    }
  }
}

import DICOM
import Digest
import Foundation
import Testing

/// Frames as they were put into files, and as pydicom reads them out of real ones.
@Suite("Frames") struct FrameTests {
  static let names: [String] = (try? expected().keys.sorted()) ?? []

  static func expected() throws -> [String: [String]] {
    try Fixture.json("frames/expected.json")
  }

  /// The digest of Scripts/references/dicom-frames.py.
  static func digest(_ frame: DecodedFrame) throws -> String {
    let description = frame.description
    if description.samplesPerPixel > 1 { return Hex.text(SHA256.digest(frame.bytes)) }
    var bytes: [UInt8] = []
    func append(_ value: UInt32) {
      for shift in stride(from: UInt32(0), to: 32, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: value >> shift))
      }
    }
    if description.bitsAllocated == 32, !description.isSigned {
      var counts: [UInt32] = []
      try StoredValues.counts(frame.bytes, of: description, into: &counts)
      counts.forEach(append)
    } else {
      try StoredValues.signed(frame.bytes, of: description).forEach {
        append(UInt32(bitPattern: $0))
      }
    }
    return Hex.text(SHA256.digest(bytes))
  }

  @Test("frames come out as they were put in, from a file and from memory", arguments: names)
  func fixture(name: String) throws {
    let expected = try #require(try Self.expected()[name])
    let path = Fixture.path("frames/\(name)")
    let files = [
      try DICOMFile.read(path: path), try DICOMFile.read(path: path, extent: .everything),
    ]
    for file in files {
      let description = try PixelDescription(of: file.dataSet)
      #expect(description.frames == expected.count)
      let reader = try FrameReader(file, description: description)
      for index in expected.indices {
        #expect(try Self.digest(reader.frame(index)) == expected[index], "frame \(index)")
        #expect(try reader.frame(index).bytes == file.frame(index, of: description))
      }
      #expect(throws: FileError.pixels(path: path, .frame(index: -1, count: expected.count))) {
        try reader.frame(-1)
      }
      #expect(throws: FileError.self) { try reader.frame(expected.count) }
    }
  }

  /// Code streams that are recognised and not decoded, and how video begins.
  static let foreign: [(syntax: String, name: String, stream: [UInt8], frames: Int)] = [
    ("1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000", htj2k, 1),
    ("1.2.840.10008.1.2.4.202", "High-Throughput JPEG 2000", htj2k, 2),
    ("1.2.840.10008.1.2.4.203", "High-Throughput JPEG 2000", htj2k, 1),
    ("1.2.840.10008.1.2.4.110", "JPEG XL", [0xFF, 0x0A, 0, 0], 1),
    ("1.2.840.10008.1.2.4.111", "JPEG XL", [0xFF, 0x0A, 0, 0], 2),
    ("1.2.840.10008.1.2.4.112", "JPEG XL", [0xFF, 0x0A, 0, 0], 1),
    ("1.2.840.10008.1.2.4.100", "MPEG2", [0, 0, 1, 0xB3], 20),
    ("1.2.840.10008.1.2.4.102", "MPEG-4", [0, 0, 0, 1], 20),
    ("1.2.840.10008.1.2.4.106.1", "MPEG-4", [1, 2, 3, 4], 20),
    ("1.2.840.10008.1.2.4.107", "HEVC", [0, 0, 0, 1], 1),
  ]

  /// SOC, SIZ and CAP as an encoder of Part 15 begins.
  static let htj2k: [UInt8] =
    [0xFF, 0x4F, 0xFF, 0x51, 0, 41, 0x40, 0] + Bytes.u32(0x0400_0000) + Bytes.u32(0x0400_0000)
    + [UInt8](repeating: 0, count: 8) + Bytes.u32(0x0400_0000) + Bytes.u32(0x0400_0000)
    + [UInt8](repeating: 0, count: 8) + [0, 1, 7, 1, 1]
    + [0xFF, 0x50, 0, 8, 0, 2, 0, 0, 0, 0]

  @Test("what is not decoded is called by its name", arguments: foreign)
  func undecoded(syntax: String, name: String, stream: [UInt8], frames: Int) throws {
    var body =
      Bytes.head
      + Bytes.short(0x0028_0008, "IS", Bytes.text(frames < 10 ? "\(frames) " : "\(frames)"))
    for (tag, value) in [(0x0028_0010, 4), (0x0028_0011, 4), (0x0028_0100, 8)] {
      body += Bytes.short(tag, "US", Bytes.u16(value))
    }
    let items = frames == 2 ? Bytes.item(stream) + Bytes.item(stream) : Bytes.item(stream)
    body += Bytes.long(
      0x7FE0_0010, "OB", Bytes.item([]) + items + Bytes.sequenceEnd, length: Bytes.undefined)
    let file = try DICOMFile.read(bytes: Bytes.file(body, syntax: syntax))
    let reader = try FrameReader(file, description: PixelDescription(of: file.dataSet))
    let error = #expect(throws: FileError.self) { try reader.frame(0) }
    #expect(
      error == .pixels(path: "", .unsupported(transferSyntax: TransferSyntax(uid: syntax))))
    #expect(error?.description.contains(name) == true, "\(error?.description ?? "")")
  }

  @Test("real frames are those that pydicom decodes", .enabled(if: Fixture.hasRealData))
  func realData() throws {
    let root = try #require(Fixture.realData)
    let expected: [String: [String: String]] = try Fixture.json("frames/real-data.json")
    #expect(expected.count > 80)
    for (name, frames) in expected.sorted(by: { $0.key < $1.key }) {
      do {
        let file = try DICOMFile.read(path: root.appending(path: name).path)
        let reader = try FrameReader(file, description: try PixelDescription(of: file.dataSet))
        for (index, digest) in frames {
          let frame = try reader.frame(try #require(Int(index)))
          #expect(try Self.digest(frame) == digest, "\(name) frame \(index)")
        }
      } catch {
        Issue.record("\(error)")
      }
    }
  }

  /// Without its references a parametrised test would pass by not running.
  @Test("the references are there")
  func references() { #expect(Self.names.count >= 25) }

  /// A file of one compressed frame, its pixel data put there in another way.
  static func variant(_ value: Element.Value, syntax: TransferSyntax) throws -> DICOMFile {
    let file = try DICOMFile.read(
      path: Fixture.path("frames/one-frame-five-fragments.dcm"), extent: .everything)
    var dataSet = file.dataSet
    dataSet.set(Element(tag: .pixelData, vr: .OB, value: value))
    return try DICOMFile.read(bytes: DICOMFile.bytes(of: dataSet, transferSyntax: syntax))
  }

  static func codeStream() throws -> [UInt8] {
    let file = try DICOMFile.read(
      path: Fixture.path("frames/one-frame-five-fragments.dcm"), extent: .everything)
    guard case .fragments(_, let fragments)? = file.dataSet[.pixelData]?.value else { return [] }
    return Array(fragments.joined())
  }

  @Test("a compressed frame is found where it should not be")
  func misplaced() throws {
    let stream = try Self.codeStream()
    let digest = try #require(try Self.expected()["one-frame-five-fragments.dcm"]?.first)
    let variants = [
      // With a length of its own, under a native transfer syntax, in fragments of odd length.
      try Self.variant(.bytes(stream[...]), syntax: .jpegLSLossless),
      try Self.variant(
        .fragments(offsetTable: [], [stream[...]]), syntax: .explicitVRLittleEndian),
      try Self.variant(.fragments(offsetTable: [], [stream[...]]), syntax: .jpeg2000),
    ]
    for file in variants {
      let reader = try FrameReader(file, description: try PixelDescription(of: file.dataSet))
      #expect(try Self.digest(reader.frame(0)) == digest)
    }
  }

  @Test("pixel data that are too short are refused, longer ones are cut")
  func lengths() throws {
    let file = try DICOMFile.read(
      path: Fixture.path("frames/native-8-odd.dcm"), extent: .everything)
    let bytes = try #require(file.dataSet[.pixelData]?.bytes)
    let expected = try #require(try Self.expected()["native-8-odd.dcm"])
    let description = try PixelDescription(of: file.dataSet)
    func reader(_ value: ArraySlice<UInt8>) throws -> FrameReader {
      var dataSet = file.dataSet
      dataSet.set(Element(tag: .pixelData, vr: .OW, value: .bytes(value)))
      let copy = try DICOMFile.read(bytes: DICOMFile.bytes(of: dataSet))
      return try FrameReader(copy, description: description)
    }
    // Three frames of 25 bytes and one byte of padding.
    let short = try reader(bytes.prefix(60))
    #expect(try Self.digest(short.frame(1)) == expected[1])
    #expect(throws: FileError.pixels(path: "", .truncated(wanted: 76, found: 60))) {
      try short.frame(2)
    }
    #expect(try Self.digest(reader(bytes + [1, 2, 3, 4]).frame(2)) == expected[2])
    #expect(throws: FileError.pixels(path: "", .missing)) { try reader([]).frame(0) }
  }

  @Test("a few bytes that claim gigabytes are refused before anything is allocated")
  func hugeClaim() throws {
    let file = try Self.variant(.fragments(offsetTable: [], [[0xFF, 0xD8]]), syntax: .jpegLossless)
    var dataSet = file.dataSet
    try dataSet.set(.rows, integer: 65535)
    try dataSet.set(.columns, integer: 65535)
    let reader = try FrameReader(file, description: try PixelDescription(of: dataSet))
    let error = #expect(throws: FileError.self) { try reader.frame(0) }
    #expect(
      error
        == .pixels(
          path: "",
          .compressed(frame: 0, reason: "2 bytes cannot hold an image of 8589672450 bytes")))
  }
}

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
}

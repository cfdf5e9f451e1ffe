import DICOM
import Foundation
import Testing

/// Every element and every value, compared with what pydicom finds.
@Suite("Reading files") struct ReadingTests {
  struct Expectation: Decodable {
    let lines: Int?
    let sha256: String?
  }

  @Test(
    "every VR, nested sequences and private blocks in each native transfer syntax",
    arguments: ["implicit.dcm", "explicit.dcm", "deflated.dcm", "big-endian.dcm"])
  func fixtures(name: String) throws {
    let expected = try Fixture.json("expected.json", as: [String: Expectation].self)
    let file = try DICOMFile.read(path: Fixture.path(name), extent: .everything)
    let listing = DataSetListing(of: file)
    #expect(file.damage == nil)
    #expect(listing.lines.count == expected[name]?.lines)
    if listing.sha256 != expected[name]?.sha256 {
      Attachment.record(listing.text, named: name + ".txt")
      Issue.record("\(name) reads differently")
    }
  }

  /// Files that are refused, or shown as damaged, and why.
  static let damaged: [String: FileError] = [
    // One stray byte stands before the data set: pydicom reads it as one odd element.
    "pydicom/corrupt/no_meta.dcm": .notDICOM(path: ""),
    "pydicom/corrupt/MR_truncated.dcm": .damaged(
      path: "", .truncated(tag: .pixelData, offset: 1500, wanted: 8192, left: 8130)),
    "pydicom/corrupt/rtplan_truncated.dcm": .damaged(
      path: "", .truncated(tag: .beamSequence, offset: 1418, wanted: 976, left: 711)),
  ]

  @Test("every file of real devices reads as pydicom reads it", .enabled(if: Fixture.hasRealData))
  func realData() throws {
    let root = try #require(Fixture.realData)
    let expected = try Fixture.json("real-data.json", as: [String: Expectation].self)
    #expect(expected.count > 100)
    for (name, expectation) in expected.sorted(by: { $0.key < $1.key }) {
      let path = root.appending(path: name).path
      guard Self.damaged[name] == nil else { continue }
      do {
        let file = try DICOMFile.read(path: path, extent: .everything)
        let listing = DataSetListing(of: file)
        #expect(file.damage == nil)
        if listing.sha256 != expectation.sha256 {
          Attachment.record(listing.text, named: name.replacingOccurrences(of: "/", with: "_"))
          Issue.record("\(name) reads differently")
        }
        // The header alone says the same, and leaves the pixels where they are.
        let header = try DICOMFile.read(path: path)
        let before = file.dataSet.elements.prefix { $0.tag < .pixelData }
        #expect(header.dataSet.elements.map(\.tag).starts(with: before.map(\.tag)))
        #expect(header.damage == nil)
        if let pixels = file.dataSet[.pixelData], !file.transferSyntax.isDeflated {
          guard case .inFile(let offset, let count)? = header.dataSet[.pixelData]?.value else {
            Issue.record("\(name): pixels were read")
            continue
          }
          #expect(count == pixels.bytes?.count)
          if let bytes = pixels.bytes {
            #expect(try header.bytesInFile(at: offset, count: bytes.count)[...] == bytes)
          }
        }
      } catch {
        Issue.record("\(error)")
      }
    }
  }

  @Test("damaged files of others say what is wrong", .enabled(if: Fixture.hasRealData))
  func damagedFiles() throws {
    let root = try #require(Fixture.realData)
    for (name, expected) in Self.damaged {
      let path = root.appending(path: name).path
      do {
        let file = try DICOMFile.read(path: path, extent: .everything)
        let damage = try #require(file.damage)
        #expect(FileError.damaged(path: "", damage) == expected)
      } catch let error as FileError {
        #expect(error == .notDICOM(path: path), "\(name)")
      }
    }
  }
}

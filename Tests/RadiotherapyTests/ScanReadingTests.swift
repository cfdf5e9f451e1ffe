import DICOM
import Foundation
import Radiotherapy
import Testing

/// Which images make a scan, and which files are read at all.
@Suite("Reading scans") struct ScanReadingTests {
  struct Expectation: Decodable {
    struct Scan: Decodable {
      let part: String?
      /// Frames in ascending order along the normal.
      let frames: [Int]
    }

    let scans: [Scan]
  }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/dicom/enhanced")

  static let expected: [String: Expectation] = {
    let data = try? Data(contentsOf: folder.appending(path: "expected.json"))
    return data.flatMap { try? JSONDecoder().decode([String: Expectation].self, from: $0) } ?? [:]
  }()

  @Test("multi-frame images hold the volumes that were put in", arguments: expected.keys.sorted())
  func volumes(name: String) throws {
    let expected = try #require(Self.expected[name]).scans
    let inventory = try Inventory(paths: [Self.folder.appending(path: "\(name).dcm").path])
    #expect(inventory.scans.map { $0.slices.map(\.frame) } == expected.map(\.frames))
    #expect(inventory.scans.map { $0.part.map { "\($0)" } } == expected.map(\.part))
    let uid = try #require(inventory.scans.first).seriesInstanceUID
    let choices = inventory.scans.map(\.choice)
    #expect(choices == (expected.count == 1 ? [uid] : (1...expected.count).map { "\(uid)/\($0)" }))
  }

  @Test("the references are there")
  func references() { #expect(Self.expected.count == 4) }

  /// An inventory of one file that a test makes up.
  static func inventory(of bytes: [UInt8]) throws -> Inventory {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).dcm").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(filePath: path))
    return try Inventory(paths: [path])
  }

  static func image(_ change: (inout DataSet) throws -> Void) throws -> [UInt8] {
    var set = DataSet()
    try set.set(.sopClassUID, SOPClass.ctImage)
    try set.set(.sopInstanceUID, "1.2.3.4")
    try set.set(.studyInstanceUID, "1.2.3")
    try set.set(.seriesInstanceUID, "1.2.3.1")
    try set.set(.rows, integer: 2)
    try set.set(.columns, integer: 2)
    try set.set(.pixelSpacing, decimals: [1, 1])
    try set.set(.imagePositionPatient, decimals: [0, 0, 0])
    try set.set(.imageOrientationPatient, decimals: [1, 0, 0, 0, 1, 0])
    try change(&set)
    return try DICOMFile.bytes(of: set)
  }

  @Test("frames that do not say where they lie are refused, not laid upon each other")
  func placelessFrames() throws {
    let sound = try Self.inventory(of: Self.image { _ in })
    #expect(sound.scans.count == 1)
    let inventory = try Self.inventory(
      of: Self.image { set in try set.set(.numberOfFrames, integer: 3) })
    #expect(inventory.scans.isEmpty)
    let lacking = try Self.inventory(
      of: Self.image { set in
        try set.set(.numberOfFrames, integer: 3)
        set.set(.perFrameFunctionalGroupsSequence, items: [DataSet(), DataSet()])
      })
    #expect(lacking.scans.isEmpty)
  }

  @Test("a disk's directory and other strangers are no broken parts of a course")
  func strangers() throws {
    // Media Storage Directory: PS3.10 8.6 gives it neither SOP class nor instance.
    var meta: [UInt8] = [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
    func element(_ group: UInt8, _ element: UInt8, _ vr: String, _ text: String) -> [UInt8] {
      let value = Array(text.utf8) + (text.utf8.count % 2 == 1 ? [0] : [])
      return [group, 0, element, 0] + Array(vr.utf8) + [UInt8(value.count), 0] + value
    }
    meta += element(2, 2, "UI", "1.2.840.10008.1.3.10")
    meta += element(2, 3, "UI", "1.2.3.4.5")
    meta += element(2, 0x10, "UI", "1.2.840.10008.1.2.1")
    let directory = meta + [4, 0, 0x30, 0x11] + Array("CS".utf8) + [6, 0] + Array("DISK 1".utf8)
    let found = try Self.inventory(of: directory)
    #expect(found.others == ["1.2.840.10008.1.3.10": 1])
    #expect(found.forgiven.isEmpty)
    let report = try Self.inventory(
      of: Self.image { set in
        try set.set(.sopClassUID, "1.2.840.10008.5.1.4.1.1.88.11")
        set.remove(.studyInstanceUID)
      })
    #expect(report.others == ["1.2.840.10008.5.1.4.1.1.88.11": 1])
  }
}

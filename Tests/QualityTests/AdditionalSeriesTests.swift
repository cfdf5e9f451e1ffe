import DICOM
import Files
import Foundation
import Quality
import Radiotherapy
import SecondaryCapture
import Testing

/// A stage that holds a series beside the map.
@Suite("Additional series") struct AdditionalSeriesTests {
  static let course = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/courses/brain-srs").path

  static let narrow = AdditionalSeries.window(
    DisplayWindow(center: 40, width: 80, function: .linear, explanation: nil), name: "brain")

  static func stage(
    _ additional: [AdditionalSeries], in folder: String
  ) throws -> StageWriter.Written {
    var settings = MapSettings()
    settings.additional = additional
    let course = try Course(from: Inventory(paths: [Self.course]), request: CourseRequest())
    let prepared = try PreparedMap(
      course: course, settings: settings, today: try #require(CalendarDate(iso: "2026-01-01")))
    return try StageWriter(
      prepared: prepared, software: .init(name: "push2pacs", version: "test"), output: folder,
      now: "2026-01-01T00:00:00Z"
    ).write()
  }

  static func folder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.path
  }

  @Test("is named, numbered, written and guarded as the map is")
  func written() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let plain = try Self.stage([], in: folder).stage
    let both = try Self.stage([Self.narrow], in: folder).stage
    let manifest = both.manifest
    #expect(both.path.hasSuffix("-2"))
    #expect(manifest.series.map(\.kind) == [nil, "window"])
    #expect(manifest.series[1].description == manifest.label + " brain")
    #expect(manifest.series[0].number + 1000 == manifest.series[1].number)
    // The map itself is the same, byte for byte, whatever stands beside it.
    let count = plain.manifest.instances.count
    #expect(manifest.instances.count == 2 * count)
    #expect(Array(manifest.instances.prefix(count)) == plain.manifest.instances)
    for (own, other) in zip(manifest.instances, manifest.instances.dropFirst(count)) {
      #expect(other.seriesInstanceUID == manifest.series[1].instanceUID)
      #expect(other.file == own.file.replacing("slices/", with: "slices/window-"))
      #expect(other.instanceNumber == own.instanceNumber)
      #expect(other.frames == own.frames)
      #expect(other.sopInstanceUID != own.sopInstanceUID)
      #expect(other.sha256 != own.sha256)
      let capture = try DICOMFile.read(path: both.file(other.file))
      #expect(capture.dataSet.string(.seriesDescription) == manifest.series[1].description)
      #expect(capture.dataSet.string(.seriesInstanceUID) == other.seriesInstanceUID)
    }
    try both.requireIntact()
    let page = try String(contentsOfFile: both.reviewPage, encoding: .utf8)
    #expect(page.contains("<option value=\"1\">brain</option>"))
    // A second run finds the stage that holds the same series, not the other one.
    let again = try Self.stage([Self.narrow], in: folder)
    #expect(again.wasThere && again.stage.path == both.path)
    #expect(try Self.stage([], in: folder).stage.path == plain.path)

    let victim = both.file("slices/window-0007.dcm")
    let handle = try #require(FileHandle(forUpdatingAtPath: victim))
    try handle.seek(toOffset: 4000)
    try handle.write(contentsOf: Data([0x5A, 0xA5]))
    try handle.close()
    #expect(throws: StageError.changed(file: "slices/window-0007.dcm")) {
      try both.requireIntact()
    }
    try FileManager.default.removeItem(atPath: victim)
    #expect(throws: StageError.missing(file: "slices/window-0007.dcm")) {
      try both.requireIntact()
    }
  }

  @Test("two of a kind have files, numbers and UIDs of their own")
  func twoOfAKind() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let bone = AdditionalSeries.window(
      DisplayWindow(center: 300, width: 2000, function: .linear, explanation: nil), name: "bone")
    let manifest = try Self.stage([Self.narrow, bone], in: folder).stage.manifest
    #expect(Set(manifest.series.map(\.instanceUID)).count == 3)
    #expect(Set(manifest.series.map(\.number)).count == 3)
    #expect(Set(manifest.instances.map(\.file)).count == manifest.instances.count)
    #expect(manifest.instances.contains { $0.file == "slices/window2-0001.dcm" })
    #expect(Set(manifest.instances.map(\.sopInstanceUID)).count == manifest.instances.count)
  }
}

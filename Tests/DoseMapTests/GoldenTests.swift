import DoseMap
import Foundation
import Pictures
import Testing

/// Pictures that a person has looked at and found right; a change of any pixel shows.
///
/// `PUSH2PACS_WRITE_GOLDEN=1` writes them anew: look at each before committing it.
@Suite("Golden pictures") struct GoldenTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/golden")

  @Test("a slice is drawn as it was found right", arguments: GoldenScene.all)
  func golden(scene: GoldenScene) throws {
    let drawn = try scene.renderer().draw(try scene.slice())
    #expect(drawn.checks.hold, "\(drawn.checks)")
    #expect(drawn.missingCharacters.isEmpty)
    let picture = PNGImage(
      rows: drawn.image.rows, columns: drawn.image.columns, color: .rgb,
      samples: drawn.image.bytes)
    let file = Self.folder.appending(path: "\(scene.name).png")
    if ProcessInfo.processInfo.environment["PUSH2PACS_WRITE_GOLDEN"] == "1" {
      try Data(picture.serialized).write(to: file)
    }
    let golden = try PNGImage(parsing: [UInt8](Data(contentsOf: file)))
    try Self.compare(picture, golden, name: scene.name)
  }

  /// One grey level of tolerance: the cosine of another C library may round an edge otherwise.
  static func compare(_ picture: PNGImage, _ golden: PNGImage, name: String) throws {
    #expect(picture.rows == golden.rows && picture.columns == golden.columns)
    guard picture.samples.count == golden.samples.count else { return }
    var difference = [UInt8](repeating: 0, count: picture.samples.count)
    var first: Int?
    for index in picture.samples.indices {
      let gap = abs(Int(picture.samples[index]) - Int(golden.samples[index]))
      difference[index] = UInt8(min(gap * 16, 255))
      if gap > 1 && first == nil { first = index / 3 }
    }
    guard let first else { return }
    let folder = FileManager.default.temporaryDirectory.appending(path: "push2pacs-golden")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(picture.serialized).write(to: folder.appending(path: "\(name).png"))
    let shown = PNGImage(
      rows: picture.rows, columns: picture.columns, color: .rgb, samples: difference)
    try Data(shown.serialized).write(to: folder.appending(path: "\(name)-difference.png"))
    let (row, column) = first.quotientAndRemainder(dividingBy: picture.columns)
    Issue.record(
      """
      \(name): row \(row), column \(column) is \(Array(picture.samples[first * 3..<first * 3 + 3])), \
      \(Array(golden.samples[first * 3..<first * 3 + 3])) expected; see \(folder.path)
      """)
  }
}

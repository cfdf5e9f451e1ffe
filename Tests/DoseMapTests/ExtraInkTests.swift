import DoseMap
import Geometry
import Testing

/// The tint, the outlines and the mark of the maximum; faults of them are planted and must show.
@Suite("Tint, outlines, maximum") struct ExtraInkTests {
  static let scene = GoldenScene.extras

  /// A picture of one dose: 20 Gy left of the middle, 10 Gy right of it.
  private static func halves(
    wash: Int, structures: [MapStructure] = []
  ) throws -> (MapRenderer, MapSlice) {
    let plane = try IsodoseLineTests.plane(spacing: 1, side: 256)
    var counts: [UInt32] = []
    for _ in 0..<2 {
      for _ in 0..<256 { for column in 0..<256 { counts.append(column < 128 ? 2000 : 1000) } }
    }
    let grid = try DoseGrid(
      geometry: try GridGeometry(plane: plane, offsets: [0, 1]), counts: counts, grayPerCount: 0.01)
    let levels = [
      IsodoseLevel(gray: 18, color: RGBColor(red: 220, green: 50, blue: 32), targets: [""]),
      IsodoseLevel(gray: 8, color: RGBColor(red: 0, green: 255, blue: 255)),
    ]
    let design = try MapDesign(
      levels: levels, scale: 2, text: MapText(title: "T", fractions: 1, notes: []), wash: wash,
      structures: structures)
    let pixels = (0..<256 * 256).map { UInt8($0 % 256) }
    return (
      MapRenderer(field: DoseField(grid: grid), design: design),
      MapSlice(number: 1, count: 1, plane: plane, pixels: pixels)
    )
  }

  @Test(
    "a tint is the share of the highest level's colour, to the bit", arguments: [1, 20, 33, 50])
  func tint(percent: Int) throws {
    let (renderer, slice) = try Self.halves(wash: percent)
    let drawn = try renderer.draw(slice)
    #expect(drawn.checks.hold, "\(drawn.checks)")
    // Numbers from the definition: grey + (colour - grey) * share, half up.
    for (column, color) in [(60, [220, 50, 32]), (200, [0, 255, 255])] {
      let grey = column
      let expected = color.map {
        UInt8((Double(grey) + Double(($0 - grey) * percent) / 100 + 0.5 + 1e-9).rounded(.down))
      }
      let found = drawn.image[400, 2 * column]
      #expect([found.red, found.green, found.blue] == expected)
    }
  }

  @Test("a pixel tinted by one too much is found")
  func wrongTint() throws {
    let (renderer, slice) = try Self.halves(wash: 20)
    var image = try renderer.draw(slice).image
    image[400, 120].green += 1
    let checks = try renderer.checks(of: image, for: slice)
    #expect(!checks.background.holds)
    #expect(checks.background.detail.contains("row 400, column 120"))
  }

  @Test("a picture without the tint that was asked for is found, and one with a tint nobody wants")
  func tintMissing() throws {
    let (plain, slice) = try Self.halves(wash: 0)
    let (tinted, _) = try Self.halves(wash: 20)
    #expect(!(try tinted.checks(of: plain.draw(slice).image, for: slice).background.holds))
    #expect(!(try plain.checks(of: tinted.draw(slice).image, for: slice).background.holds))
  }

  @Test("a tint of more than half is refused", arguments: [-1, 51])
  func tooStrong(percent: Int) throws {
    #expect(throws: DoseMapError.wash(percent)) { _ = try Self.halves(wash: percent) }
  }

  @Test("an outline that is missing is found, and so is the mark of the maximum")
  func missing() throws {
    let (renderer, slice) = (try Self.scene.renderer(), try Self.scene.slice())
    let drawn = try renderer.draw(slice)
    #expect(drawn.checks.hold, "\(drawn.checks)")
    var bare = slice
    bare.structures = []
    let withoutOutlines = try renderer.draw(bare).image
    let lines = try renderer.checks(of: withoutOutlines, for: slice).lines
    #expect(!lines.holds)
    #expect(lines.detail.contains("Brain"))
    bare = slice
    bare.maximum = nil
    // The legend differs too; only the neighbourhood of the mark is taken.
    let unmarked = try renderer.draw(bare).image
    var image = drawn.image
    for row in 200..<228 { for column in 306..<334 { image[row, column] = unmarked[row, column] } }
    let mark = try renderer.checks(of: image, for: slice).lines
    #expect(!mark.holds)
    #expect(mark.detail.contains("maximum"))
  }

  @Test("isodose lines lie on top of outlines and of the mark")
  func onTop() throws {
    var scene = Self.scene
    // An outline along the line of 18 Gy of the first lesion, and the mark across it.
    scene.outlines = [("GTV", 30, -20, 8, 8)]
    scene.maximumAt = PatientPoint(37, -20, 0)
    let drawn = try scene.renderer().draw(try scene.slice())
    #expect(drawn.checks.hold, "\(drawn.checks)")
  }

  @Test("outlines take pale colours that no level has, six at most")
  func colors() {
    let white = IsodoseLevel(gray: 1, color: RGBColor(grey: 255))
    let names = (0..<7).map { (name: "\($0)", remark: "") }
    #expect(MapStructure.list(names, beside: []).count == 6)
    let besides = MapStructure.list(names, beside: [white])
    #expect(besides.count == 5)
    #expect(!besides.contains { $0.color == white.color })
    #expect(Set(besides.map(\.color)).count == 5)
  }
}

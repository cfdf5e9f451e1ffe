import DoseMap
import Geometry
import Testing

/// Each fault is planted in the finished pixels; the tool must see it.
@Suite("Looking at the finished pixels") struct RenderCheckTests {
  static let scene = GoldenScene.srs

  @Test("an untouched picture passes, read again as well")
  func untouched() throws {
    for scene in GoldenScene.all {
      let (renderer, slice) = (try scene.renderer(), try scene.slice())
      let drawn = try renderer.draw(slice)
      #expect(drawn.checks.hold, "\(scene.name): \(drawn.checks)")
      #expect(try renderer.checks(of: drawn.image, for: slice) == drawn.checks)
    }
  }

  @Test("away from ink every pixel is the windowed scan")
  func background() throws {
    let slice = try Self.scene.slice()
    let drawn = try Self.scene.renderer().draw(slice)
    let base = RGBImage(grey: slice.pixels, rows: 256, columns: 256, factor: 2)
    for row in 0..<512 {
      for column in 0..<512 where !drawn.ink[row * 512 + column] {
        #expect(drawn.image[row, column] == base[row, column])
      }
    }
    #expect(drawn.ink.count { $0 } < 512 * 512 / 5)
  }

  @Test("one changed pixel away from the ink is found")
  func onePixel() throws {
    let (renderer, slice) = (try Self.scene.renderer(), try Self.scene.slice())
    var image = try renderer.draw(slice).image
    let old = image[300, 300]
    image[300, 300] = RGBColor(red: old.red, green: old.green, blue: old.blue ^ 1)
    let checks = try renderer.checks(of: image, for: slice)
    #expect(!checks.background.holds)
    #expect(checks.background.detail.contains("row 300, column 300"))
    #expect(checks.lines.holds && checks.lettering.holds)
  }

  @Test(
    "a line that lies two pixels beside its place is found", arguments: [(0, 2), (2, 0), (-2, 0)])
  func shifted(by shift: (Int, Int)) throws {
    let (renderer, slice) = (try Self.scene.renderer(), try Self.scene.slice())
    let drawn = try renderer.draw(slice)
    // The neighbourhood of one lesion, moved as a whole.
    var image = drawn.image
    for row in 180..<250 {
      for column in 290..<350 { image[row, column] = drawn.image[row - shift.0, column - shift.1] }
    }
    #expect(!(try renderer.checks(of: image, for: slice).lines.holds))
  }

  @Test("a recoloured or missing line is found", arguments: 0..<3, [true, false])
  func recoloured(level: Int, isMissing: Bool) throws {
    let (renderer, slice) = (try Self.scene.renderer(), try Self.scene.slice())
    let drawn = try renderer.draw(slice)
    let color = drawn.levels[level].level.color
    var image = drawn.image
    for row in 150..<400 {
      for column in 150..<400 where image[row, column] == color {
        image[row, column] = isMissing ? RGBColor(grey: 98) : RGBColor(red: 0, green: 0, blue: 255)
      }
    }
    let checks = try renderer.checks(of: image, for: slice)
    #expect(!checks.lines.holds)
    #expect(checks.lines.detail.contains(DoseText.gray(drawn.levels[level].level.gray)))
  }

  @Test("two levels drawn in each other's colours are found")
  func swapped() throws {
    let (renderer, slice) = (try Self.scene.renderer(), try Self.scene.slice())
    let drawn = try renderer.draw(slice)
    let (a, b) = (drawn.levels[1].level.color, drawn.levels[2].level.color)
    var image = drawn.image
    for row in 0..<512 {
      for column in 0..<512 {
        if drawn.image[row, column] == a { image[row, column] = b }
        if drawn.image[row, column] == b { image[row, column] = a }
      }
    }
    #expect(!(try renderer.checks(of: image, for: slice).lines.holds))
  }

  @Test("a damaged letter is found")
  func damaged() throws {
    let (renderer, slice) = (try Self.scene.renderer(), try Self.scene.slice())
    let drawn = try renderer.draw(slice)
    let rect = try #require(drawn.letteringRects.first)
    var image = drawn.image
    for row in rect.row..<rect.row + rect.rows {
      for column in rect.column + 40..<rect.column + 46 { image[row, column] = RGBColor(grey: 0) }
    }
    let checks = try renderer.checks(of: image, for: slice)
    #expect(!checks.lettering.holds)
    #expect(checks.lettering.detail.contains("legend"))
  }

  @Test("where the prescription isodose leaves no room, lettering blocks")
  func noRoom() throws {
    // Stripes of dose, 16 mm apart, all over the picture.
    let plane = try IsodoseLineTests.plane(spacing: 1, side: 256)
    var counts: [UInt32] = []
    for _ in 0..<2 {
      for _ in 0..<256 { for column in 0..<256 { counts.append(column / 8 % 2 == 0 ? 2000 : 0) } }
    }
    let grid = try DoseGrid(
      geometry: try GridGeometry(plane: plane, offsets: [0, 1]), counts: counts, grayPerCount: 0.01)
    let levels = [
      IsodoseLevel(gray: 18, color: RGBColor(red: 220, green: 50, blue: 32), targets: [""])
    ]
    let design = try MapDesign(
      levels: levels, scale: 2, text: MapText(title: "RT_18Gy_1Fx_04.23.2020", fractions: 1))
    let drawn = try MapRenderer(field: DoseField(grid: grid), design: design).draw(
      MapSlice(
        number: 1, count: 1, plane: plane, pixels: [UInt8](repeating: 60, count: 256 * 256)))
    #expect(!drawn.checks.lettering.holds)
    #expect(drawn.checks.lettering.detail.contains("legend"))
    #expect(drawn.checks.lines.holds, "\(drawn.checks.lines.detail)")
  }

  @Test("the legend moves to another corner rather than cover the prescription isodose")
  func moves() throws {
    var scene = GoldenScene.prior
    scene.peaks = [(-45, -75, 0, 12, 22)]
    let drawn = try scene.renderer().draw(try scene.slice())
    let legend = try #require(drawn.letteringRects.first)
    #expect(drawn.checks.hold, "\(drawn.checks)")
    #expect(legend.row > 3 || legend.column > 3)
  }

  @Test("the same slice gives the same bytes, drawn alone or beside others")
  func deterministic() async throws {
    let (renderer, slice) = (try Self.scene.renderer(), try Self.scene.slice())
    let alone = try renderer.draw(slice).image
    try await withThrowingTaskGroup(of: RGBImage.self) { group in
      for _ in 0..<8 { group.addTask { try renderer.draw(slice).image } }
      for try await image in group { #expect(image == alone) }
    }
  }
}

import DoseMap
import Quality
import Testing

@Suite("Contact sheet") struct ContactSheetTests {
  static func head(
    _ notes: [String] = ["NOT FOR DIAGNOSIS OR PLANNING"]
  ) throws -> ContactSheet.Head {
    let level = IsodoseLevel(gray: 18, color: RGBColor(red: 220, green: 50, blue: 32), targets: [])
    let design = try MapDesign(
      levels: [level], scale: 1, text: MapText(title: "RT_18Gy_1Fx_04.23.2020", fractions: 1),
      maximum: 20)
    return ContactSheet.Head(
      title: design.text.title, legend: MapLegend(of: design), notes: notes, unit: "Gy")
  }

  /// All pages below each other, with one picture for all slices.
  static func drawn(
    _ entries: [ContactSheet.Entry], _ picture: RGBImage, _ head: ContactSheet.Head
  ) -> RGBImage {
    let sheet = ContactSheet(
      entries, rows: picture.rows, columns: picture.columns, head: head)
    return RGBImage(
      rows: sheet.rows, columns: sheet.columns,
      bytes: (0..<sheet.pages).flatMap { sheet.page($0) { _ in picture }.bytes })
  }

  @Test(
    "every dosed slice has its place on the contact sheet, large enough to be seen on paper",
    arguments: [1, 2, 13, 24, 60, 110, 240])
  func sheet(count: Int) throws {
    let plan = try ContactPlan(
      part: PixelRect(row: 0, column: 0, rows: 40, columns: 40), aspect: 1.1, count: count,
      headRows: Self.head().rows)
    // At 200 dots to the inch: 2.3 cm.
    #expect(plan.columns >= 181)
    let green = RGBImage(
      rows: plan.rows, columns: plan.columns,
      bytes: (0..<plan.rows * plan.columns).flatMap { _ in [0, 200, 0] as [UInt8] })
    let sheet = try Self.drawn(
      (1...count).map { .init(number: $0, maximumGy: 20, left: "R", right: "L") }, green,
      Self.head())
    #expect(sheet.columns == 1654)
    // One page up to fifty slices, and then whole pages.
    #expect(count > 50 || sheet.rows <= 2339)
    #expect(sheet.rows <= 2339 || sheet.rows.isMultiple(of: 2339))
    var pixels = 0
    for index in stride(from: 0, to: sheet.bytes.count, by: 3)
    where sheet.bytes[index] == 0 && sheet.bytes[index + 1] == 200 { pixels += 1 }
    #expect(pixels == count * plan.rows * plan.columns)
  }

  @Test("a long label and many notes are all on the sheet's head")
  func longHead() throws {
    let long = try Self.head(
      Array(repeating: "lines may be off by millimetres, anatomy may have changed", count: 9))
    #expect(try long.rows > Self.head().rows)
    let image = RGBImage(rows: 60, columns: 60, bytes: [UInt8](repeating: 9, count: 60 * 60 * 3))
    let sheet = Self.drawn(
      [.init(number: 3, maximumGy: 1, left: "RA", right: "LP")], image, long)
    #expect(sheet.rows > long.rows + 60)
    // Nothing touches the right edge.
    #expect((0..<sheet.rows).allSatisfy { sheet[$0, sheet.columns - 20] == RGBColor(grey: 255) })
  }

  @Test("the body is found around the dose, without the table below it")
  func body() {
    var grey = [UInt8](repeating: 3, count: 100 * 80)
    for row in 20..<60 { for column in 15..<65 { grey[row * 80 + column] = 120 } }
    for column in 5..<75 { grey[70 * 80 + column] = 200 }
    let dose = PixelRect(row: 30, column: 30, rows: 5, columns: 5)
    #expect(
      ContactPlan.body(grey, rows: 100, columns: 80, around: dose)
        == PixelRect(row: 20, column: 15, rows: 40, columns: 50))
    let air = [UInt8](repeating: 9, count: 100 * 80)
    #expect(ContactPlan.body(air, rows: 100, columns: 80, around: dose) == dose)
  }
}

package import DoseMap
import Geometry
import Radiotherapy

/// What the contact sheet shows of each dosed slice and how large, settled before they are drawn.
package struct ContactPlan: Sendable {
  /// What is shown of each slice, in pixels of the scan: the body and the dose.
  package let part: PixelRect
  /// The size of a picture on the sheet.
  package let rows: Int
  package let columns: Int

  /// A page of A4 at 200 dots to the inch.
  static let page = (columns: 1654, rows: 2339)
  static let margin = 40
  static let gap = 14
  /// What a picture's caption takes below it.
  static let caption = 44
  /// No picture is wider than 10 cm, none narrower than 2.3 cm.
  private static let widths = 181...780

  /// The largest pictures of which so many fit on one page; where they would be too small, there
  /// are several pages.
  ///
  /// - Parameters:
  ///   - part: what is shown of each slice.
  ///   - aspect: its height over its width in the patient.
  ///   - count: how many slices.
  ///   - headRows: what the head of a page takes.
  package init(part: PixelRect, aspect: Double, count: Int, headRows: Int) {
    self.part = part
    let aspect = min(max(aspect, 0.2), 5)
    var width = Self.widths.upperBound
    for across in 1...40 {
      width = (Self.page.columns - 2 * Self.margin - (across - 1) * Self.gap) / across
      let height = Int(Double(width) * aspect) + Self.caption + Self.gap
      let down = (Self.page.rows - headRows - Self.margin) / height
      if across * down >= count || width <= Self.widths.lowerBound { break }
    }
    columns = min(max(width, Self.widths.lowerBound), Self.widths.upperBound)
    rows = max(1, Int(Double(columns) * aspect))
  }

  /// Looks where dose and body lie.
  ///
  /// - Parameters:
  ///   - lowest: the lowest level, Gy of the delivered dose.
  ///   - headRows: what the head of a page takes.
  init(
    grid: DoseGrid, join: FrameJoin, scan: ScanSeries, source: any PictureSource, lowest: Double,
    factor: Double, headRows: Int
  ) {
    let plane = scan.slices[0].plane
    let dosed = Self.dosed(grid, join, scan, lowest: lowest, factor: factor)
    let dose = DoseBox.pixels(
      of: grid, atOrAbove: lowest / factor, join: join, on: plane, margin: 20)
    var part = dose
    // The body on a few of the slices; one that cannot be read is an error when it is drawn.
    let step = max(1, dosed.count / 5)
    for index in stride(from: 0, to: dosed.count, by: step) {
      guard let picture = try? source.picture(dosed[index]) else { continue }
      part = part.joined(
        Self.body(picture.grey, rows: plane.rows, columns: plane.columns, around: dose))
    }
    part = part.grown(
      by: max(plane.rows, plane.columns) / 40, rows: plane.rows, columns: plane.columns)
    self.init(
      part: part,
      aspect: Double(part.rows) * plane.rowSpacing / (Double(part.columns) * plane.columnSpacing),
      count: dosed.count, headRows: headRows)
  }

  /// The slices that may be dosed: those near the points of the grid that reach the lowest level.
  private static func dosed(
    _ grid: DoseGrid, _ join: FrameJoin, _ scan: ScanSeries, lowest: Double, factor: Double
  ) -> [Int] {
    let found = HotRegion.all(in: grid, levels: [lowest], factor: factor, join: join, scan: scan)
    let plane = grid.geometry.plane
    let gaps = zip(grid.geometry.offsets.dropFirst(), grid.geometry.offsets).map { abs($0 - $1) }
    // The dose is linear to the next point of the grid.
    let reach = max(plane.rowSpacing, plane.columnSpacing, gaps.max() ?? 0)
    let more = Int(min(reach / max(scan.spacing ?? reach, 0.01), 1000).rounded(.up))
    var dosed: Set<Int> = []
    for region in found.regions {
      // One that ends short of the stack may still reach its first or last slice.
      let slices = region.slices ?? region.slice...region.slice
      let first = max(0, slices.lowerBound - more)
      let last = min(scan.slices.count - 1, slices.upperBound + more)
      dosed.formUnion(first...max(first, last))
    }
    return dosed.sorted()
  }

  /// The body around a place: from there on in all directions as far as more than a few pixels of each row and column are brighter than air.
  ///
  /// A table apart from the body is left out.
  package static func body(
    _ grey: [UInt8], rows: Int, columns: Int, around place: PixelRect
  ) -> PixelRect {
    var perRow = [Int](repeating: 0, count: rows)
    var perColumn = [Int](repeating: 0, count: columns)
    for row in 0..<rows {
      for column in 0..<columns where grey[row * columns + column] > 48 {
        perRow[row] += 1
        perColumn[column] += 1
      }
    }
    let down = grown(
      place.row..<place.row + place.rows, perRow.map { $0 > columns / 25 })
    let across = grown(
      place.column..<place.column + place.columns, perColumn.map { $0 > rows / 25 })
    return PixelRect(
      row: down.lowerBound, column: across.lowerBound, rows: down.count, columns: across.count)
  }

  /// A range made longer at both ends over what is bright, narrow gaps included.
  private static func grown(_ range: Range<Int>, _ isBright: [Bool]) -> Range<Int> {
    let gap = max(1, isBright.count / 50)
    var (low, high) = (range.lowerBound, range.upperBound)
    while let next = isBright[max(0, low - gap)..<low].firstIndex(of: true) { low = next }
    while let next = isBright[high..<min(isBright.count, high + gap)].lastIndex(of: true) {
      high = next + 1
    }
    return low..<high
  }
}

extension PixelRect {
  /// The smallest rectangle around both.
  fileprivate func joined(_ other: PixelRect) -> PixelRect {
    let (top, left) = (min(row, other.row), min(column, other.column))
    return PixelRect(
      row: top, column: left,
      rows: max(row + rows, other.row + other.rows) - top,
      columns: max(column + columns, other.column + other.columns) - left)
  }

  /// The rectangle with so many pixels more on every side, within a picture.
  fileprivate func grown(by air: Int, rows height: Int, columns width: Int) -> PixelRect {
    let (top, left) = (max(0, row - air), max(0, column - air))
    return PixelRect(
      row: top, column: left, rows: min(height, row + rows + air) - top,
      columns: min(width, column + columns + air) - left)
  }
}

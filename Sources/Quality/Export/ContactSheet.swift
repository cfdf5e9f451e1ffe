package import DoseMap

/// One picture of all dosed slices, to be printed on A4: a head with the legend, then the slices.
///
/// White, as paper is. Where the slices are too many for one page, the picture is several pages
/// high, each with the head.
package struct ContactSheet {
  /// A slice made small, with its lines and without its lettering.
  package struct Thumbnail: Sendable {
    let number: Int
    /// The highest dose in the slice, Gy.
    let maximumGy: Double
    /// The letters of the patient's sides.
    let left: String
    let right: String
    let image: RGBImage

    package init(number: Int, maximumGy: Double, left: String, right: String, image: RGBImage) {
      self.number = number
      self.maximumGy = maximumGy
      self.left = left
      self.right = right
      self.image = image
    }
  }

  /// What stands above the slices.
  package struct Head: Sendable {
    let title: String
    let legend: MapLegend
    /// What must not be missed, then what holds for every map.
    let notes: [String]
    let unit: String

    package init(title: String, legend: MapLegend, notes: [String], unit: String) {
      self.title = title
      self.legend = legend
      self.notes = notes
      self.unit = unit
    }
  }

  package private(set) var image: RGBImage

  private static let page = ContactPlan.page
  private static let margin = ContactPlan.margin
  private static let gap = ContactPlan.gap
  private static let ground = RGBColor(grey: 255)
  /// Capitals of 4, 2.3 and 2.8 millimetres on paper.
  private static let (titleSize, textSize, numberSize) = (32, 18, 22)

  package init(_ thumbnails: [Thumbnail], head: Head) {
    let columns = thumbnails.map(\.image.columns).max() ?? 1
    let rows = thumbnails.map(\.image.rows).max() ?? 1
    let headRows = head.rows
    let cell = (rows: rows + ContactPlan.caption + Self.gap, columns: columns + Self.gap)
    let across = max(1, (Self.page.columns - 2 * Self.margin + Self.gap) / cell.columns)
    let down = max(1, (Self.page.rows - headRows - Self.margin) / cell.rows)
    let pages = max(1, (thumbnails.count + across * down - 1) / (across * down))
    // A single page is no higher than what is on it.
    let filled = max(1, (thumbnails.count + across - 1) / across)
    let height = pages == 1 ? headRows + filled * cell.rows + Self.margin : Self.page.rows
    image = RGBImage(
      rows: height * pages, columns: Self.page.columns,
      bytes: [UInt8](repeating: 255, count: height * pages * Self.page.columns * 3))
    for page in 0..<pages {
      write(head, top: page * height, page: pages > 1 ? "page \(page + 1) of \(pages)" : nil)
    }
    for (index, thumbnail) in thumbnails.enumerated() {
      let (page, place) = (index / (across * down), index % (across * down))
      let top = page * height + headRows + place / across * cell.rows
      let left = Self.margin + place % across * cell.columns
      draw(thumbnail, top: top, left: left)
      caption(thumbnail, head, top: top + thumbnail.image.rows, left: left)
    }
  }

  // MARK: Slices

  private mutating func draw(_ thumbnail: Thumbnail, top: Int, left: Int) {
    let picture = thumbnail.image
    for row in 0..<picture.rows {
      for column in 0..<picture.columns {
        set(picture[row, column], row: top + row, column: left + column)
      }
    }
  }

  /// Number and dose in the middle, the patient's sides at the ends.
  private mutating func caption(_ thumbnail: Thumbnail, _ head: Head, top: Int, left: Int) {
    let width = thumbnail.image.columns
    let number = LetteredLine(String(thumbnail.number), capHeight: Self.numberSize)
    let sides = [thumbnail.left, thumbnail.right].map { LetteredLine($0, capHeight: 14) }
    let room = width - sides[0].columns - sides[1].columns
    let gray = DoseText.gray(thumbnail.maximumGy)
    let dose = ["\(gray) \(head.unit)", gray].map { LetteredLine($0, capHeight: 14) }
      .first { number.columns + 4 + $0.columns <= room }
    let middle = number.columns + (dose.map { 4 + $0.columns } ?? 0)
    let bottom = top + ContactPlan.caption
    let start = left + max(0, (width - middle) / 2)
    lay(number, row: bottom - number.rows, column: start)
    if let dose {
      lay(dose, row: bottom - dose.rows - 3, column: start + number.columns + 4)
    }
    lay(sides[0], row: bottom - sides[0].rows - 3, column: left)
    lay(sides[1], row: bottom - sides[1].rows - 3, column: left + width - sides[1].columns)
  }

  // MARK: Head

  private static let pitch = 32
  private static let sample = 60

  /// The words at the right of the head, in lines.
  private static func notes(_ head: Head) -> [LetteredLine] {
    (head.notes + head.legend.remarks + ["under each slice: its number and its highest dose"])
      .flatMap {
        LetteredLine.lines($0, capHeight: textSize, width: (page.columns - 2 * margin) * 11 / 20)
      }
  }

  fileprivate static func rows(of head: Head) -> Int {
    let lines = max(head.legend.rows.count, notes(head).count)
    return margin + 66 + lines * pitch + 24
  }

  /// A line made smaller until it is no wider than its place: nothing is cut.
  private static func fitted(_ text: String, capHeight: Int, width: Int) -> LetteredLine {
    var size = capHeight
    var line = LetteredLine(text, capHeight: size)
    while line.columns > width, size > 8 {
      size -= 1
      line = LetteredLine(text, capHeight: size)
    }
    return line
  }

  private mutating func write(_ head: Head, top: Int, page: String?) {
    let inner = Self.page.columns - 2 * Self.margin
    let title = Self.fitted(head.title, capHeight: Self.titleSize, width: inner * 4 / 5)
    lay(title, row: top + Self.margin / 2, column: Self.margin)
    if let page {
      let line = LetteredLine(page, capHeight: Self.textSize)
      lay(line, row: top + Self.margin / 2, column: Self.margin + inner - line.columns)
    }
    let first = top + Self.margin + 66
    for (index, row) in head.legend.rows.enumerated() {
      let line = Self.fitted(
        row.text, capHeight: Self.textSize, width: inner * 9 / 20 - Self.sample - 24)
      let above = first + index * Self.pitch
      swatch(row.sample, row: above + line.rows / 2, column: Self.margin)
      lay(line, row: above, column: Self.margin + Self.sample + 12)
    }
    for (index, line) in Self.notes(head).enumerated() {
      lay(line, row: first + index * Self.pitch, column: Self.margin + inner * 9 / 20)
    }
  }

  private mutating func swatch(_ sample: LineSample, row: Int, column: Int) {
    let half = sample.width >= 3 ? 5 : sample.width >= 2 ? 3 : 1
    for x in 0..<Self.sample {
      switch sample.style {
      case .solid: break
      case .dashed: if x % 22 >= 14 { continue }
      case .dotted: if x % 14 >= 6 { continue }
      }
      for y in -half - 2...half + 2 {
        set(
          abs(y) > half ? RGBColor(grey: 0) : sample.color, row: row + y, column: column + x)
      }
    }
  }

  // MARK: Pixels

  private mutating func lay(_ line: LetteredLine, row: Int, column: Int) {
    for y in 0..<line.rows {
      for x in 0..<line.columns where line.ink[y * line.columns + x] > 0 {
        let grey = UInt8((1 - min(line.ink[y * line.columns + x], 1)) * 255)
        set(RGBColor(grey: grey), row: row + y, column: column + x)
      }
    }
  }

  private mutating func set(_ color: RGBColor, row: Int, column: Int) {
    guard row >= 0, row < image.rows, column >= 0, column < image.columns else { return }
    image[row, column] = color
  }
}

extension ContactSheet.Head {
  /// What the head takes of a page, in pixels.
  package var rows: Int { ContactSheet.rows(of: self) }
}

package import DoseMap

/// One picture of all dosed slices, to be printed on A4: a head with the legend, then the slices.
///
/// White, as paper is. Where the slices are too many for one page, the picture is several pages
/// high, each with the head; they are made one at a time.
package struct ContactSheet {
  /// What is said of a slice, which is shown small, with its lines and without its lettering.
  package struct Entry: Sendable {
    let number: Int
    /// The highest dose in the slice, Gy.
    let maximumGy: Double
    /// The letters of the patient's sides.
    let left: String
    let right: String

    package init(number: Int, maximumGy: Double, left: String, right: String) {
      self.number = number
      self.maximumGy = maximumGy
      self.left = left
      self.right = right
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

  private let entries: [Entry]
  private let head: Head
  private let cell: (rows: Int, columns: Int)
  private let across: Int
  private let down: Int
  private let headRows: Int
  package let pages: Int
  /// The height of a page in pixels.
  private let pageRows: Int

  /// The whole picture.
  package var rows: Int { pages * pageRows }
  package var columns: Int { Self.pageSize.columns }

  private static let pageSize = ContactPlan.page
  private static let margin = ContactPlan.margin
  private static let gap = ContactPlan.gap
  /// Capitals of 4, 2.3 and 2.8 millimetres on paper.
  private static let (titleSize, textSize, numberSize) = (32, 18, 22)

  /// - Parameters:
  ///   - rows: of each small picture.
  ///   - columns: of each small picture.
  package init(_ entries: [Entry], rows: Int, columns: Int, head: Head) {
    self.entries = entries
    self.head = head
    let (rows, columns) = entries.isEmpty ? (1, 1) : (rows, columns)
    cell = (rows: rows + ContactPlan.caption + Self.gap, columns: columns + Self.gap)
    headRows = head.rows
    across = max(1, (Self.pageSize.columns - 2 * Self.margin + Self.gap) / cell.columns)
    down = max(1, (Self.pageSize.rows - headRows - Self.margin) / cell.rows)
    pages = max(1, (entries.count + across * down - 1) / (across * down))
    // A single page is no higher than what is on it.
    let filled = max(1, (entries.count + across - 1) / across)
    pageRows = pages == 1 ? headRows + filled * cell.rows + Self.margin : Self.pageSize.rows
  }

  /// Draws a page.
  ///
  /// - Parameter picture: the small picture of the slice with this number.
  package func page<Failure: Error>(
    _ index: Int, picture: (_ number: Int) throws(Failure) -> RGBImage
  ) throws(Failure) -> RGBImage {
    var page = ContactPage(rows: pageRows, columns: columns)
    write(head, on: &page, title: pages > 1 ? "page \(index + 1) of \(pages)" : nil)
    let first = index * across * down
    for place in 0..<min(across * down, entries.count - first) {
      let entry = entries[first + place]
      let image = try picture(entry.number)
      let top = headRows + place / across * cell.rows
      let left = Self.margin + place % across * cell.columns
      page.lay(image, row: top, column: left)
      caption(entry, on: &page, width: image.columns, top: top + image.rows, left: left)
    }
    return page.image
  }

  // MARK: Slices

  /// Number and dose in the middle, the patient's sides at the ends.
  private func caption(
    _ entry: Entry, on page: inout ContactPage, width: Int, top: Int, left: Int
  ) {
    let number = LetteredLine(String(entry.number), capHeight: Self.numberSize)
    let sides = [entry.left, entry.right].map { LetteredLine($0, capHeight: 14) }
    let room = width - sides[0].columns - sides[1].columns
    let gray = DoseText.gray(entry.maximumGy)
    let dose = ["\(gray) \(head.unit)", gray].map { LetteredLine($0, capHeight: 14) }
      .first { number.columns + 4 + $0.columns <= room }
    let middle = number.columns + (dose.map { 4 + $0.columns } ?? 0)
    let bottom = top + ContactPlan.caption
    let start = left + max(0, (width - middle) / 2)
    page.lay(number, row: bottom - number.rows, column: start)
    if let dose {
      page.lay(dose, row: bottom - dose.rows - 3, column: start + number.columns + 4)
    }
    page.lay(sides[0], row: bottom - sides[0].rows - 3, column: left)
    page.lay(sides[1], row: bottom - sides[1].rows - 3, column: left + width - sides[1].columns)
  }

  // MARK: Head

  private static let pitch = 32
  private static let sample = 60

  /// The words at the right of the head, in lines.
  private static func notes(_ head: Head) -> [LetteredLine] {
    (head.notes + head.legend.remarks + ["under each slice: its number and its highest dose"])
      .flatMap {
        LetteredLine.lines(
          $0, capHeight: textSize, width: (pageSize.columns - 2 * margin) * 11 / 20)
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

  private func write(_ head: Head, on page: inout ContactPage, title number: String?) {
    let inner = Self.pageSize.columns - 2 * Self.margin
    let title = Self.fitted(head.title, capHeight: Self.titleSize, width: inner * 4 / 5)
    page.lay(title, row: Self.margin / 2, column: Self.margin)
    if let number {
      let line = LetteredLine(number, capHeight: Self.textSize)
      page.lay(line, row: Self.margin / 2, column: Self.margin + inner - line.columns)
    }
    let first = Self.margin + 66
    for (index, row) in head.legend.rows.enumerated() {
      let line = Self.fitted(
        row.text, capHeight: Self.textSize, width: inner * 9 / 20 - Self.sample - 24)
      let above = first + index * Self.pitch
      page.swatch(row.sample, width: Self.sample, row: above + line.rows / 2, column: Self.margin)
      page.lay(line, row: above, column: Self.margin + Self.sample + 12)
    }
    for (index, line) in Self.notes(head).enumerated() {
      page.lay(line, row: first + index * Self.pitch, column: Self.margin + inner * 9 / 20)
    }
  }
}

extension ContactSheet.Head {
  /// What the head takes of a page, in pixels.
  package var rows: Int { ContactSheet.rows(of: self) }
}

/// Rows and columns of text that fit the width of a terminal.
///
/// Cells are made printable; only columns that are flexible give way. Where even that is not enough,
/// a table of several columns becomes a list: each row's first cell, the others below it, nothing
/// cut. Without a width (not a terminal) nothing is cut either.
package struct Table: Sendable {
  package enum Alignment: Sendable, Equatable { case left, right }

  /// What happens to a text that is wider than its column.
  package enum Overflow: Sendable, Equatable { case truncate, wrap }

  package struct Column: Sendable {
    package let title: String
    package let alignment: Alignment
    /// `nil` keeps the column as wide as its widest cell.
    package let overflow: Overflow?

    package init(
      _ title: String, _ alignment: Alignment = .left, flexible overflow: Overflow? = nil
    ) {
      self.title = title
      self.alignment = alignment
      self.overflow = overflow
    }
  }

  package struct Cell: Sendable, ExpressibleByStringInterpolation {
    package let text: String
    package let emphasis: Emphasis

    package init(_ text: String, _ emphasis: Emphasis = .none) {
      self.text = text.printable
      self.emphasis = emphasis
    }

    package init(stringLiteral value: String) { self.init(value) }
  }

  package let columns: [Column]
  package private(set) var rows: [[Cell]] = []

  package init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row; cells that are missing at its end are empty.
  package mutating func add(_ cells: [Cell]) {
    precondition(cells.count <= columns.count, "more cells than columns")
    rows.append(cells + Array(repeating: "", count: columns.count - cells.count))
  }

  package mutating func add(_ cells: [String]) { add(cells.map { Cell($0) }) }

  private static let gap = 2
  private static let narrowest = 8

  /// The table as lines without line ends.
  ///
  /// - Parameters:
  ///   - width: columns to fit into, `nil` for as many as it takes.
  ///   - style: how titles and emphasised cells stand out.
  package func lines(width: Int?, style: TextStyle = .plain) -> [String] {
    let (head, rows) = parts(width: width, style: style)
    return head + rows.flatMap { $0 }
  }

  /// The same, with the titles and each row's lines apart.
  package func parts(
    width: Int?, style: TextStyle = .plain
  ) -> (head: [String], rows: [[String]]) {
    if let width, columns.count > 2, neededWidth > width {
      return ([], rows.map { list($0, width: width, style) })
    }
    let widths = columnWidths(fitting: width)
    let hasTitles = columns.contains { !$0.title.isEmpty }
    return (
      hasTitles ? render(columns.map { Cell($0.title, .bold) }, widths, style) : [],
      rows.map { render($0, widths, style) }
    )
  }

  /// The fewest columns of a window that the table can be shown in.
  private var neededWidth: Int {
    columns.indices.reduce(Self.gap * (columns.count - 1)) { sum, column in
      let widest = rows.reduce(columns[column].title.displayWidth) {
        max($0, $1[column].text.displayWidth)
      }
      return sum + (columns[column].overflow == nil ? widest : min(widest, Self.narrowest))
    }
  }

  /// A row as a list: its first cell, then the others below it, each with its title.
  private func list(_ row: [Cell], width: Int, _ style: TextStyle) -> [String] {
    let titles = columns.dropFirst().map(\.title.displayWidth).max() ?? 0
    let margin = titles == 0 || width - titles - 4 < Self.narrowest ? 2 : 2 + titles + Self.gap
    var lines = row[0].text.wrapped(width: width).map { style.apply(row[0].emphasis, $0) }
    for column in columns.indices.dropFirst() where !row[column].text.isEmpty {
      let title = margin == 2 ? "" : columns[column].title
      let head = "  " + title.padded(to: margin - 2, alignment: .left)
      for (index, part) in row[column].text.wrapped(width: max(1, width - margin)).enumerated() {
        let space = index == 0 ? head : String(repeating: " ", count: margin)
        lines.append((space + style.apply(row[column].emphasis, part)).withoutTrailingSpace)
      }
    }
    return lines
  }

  private func columnWidths(fitting width: Int?) -> [Int] {
    var widths = columns.indices.map { column in
      rows.reduce(columns[column].title.displayWidth) {
        max($0, $1[column].text.displayWidth)
      }
    }
    guard let width else { return widths }
    let available = max(columns.count, width - Self.gap * (columns.count - 1))
    let flexible = columns.indices.filter { columns[$0].overflow != nil }
    shrink(&widths, flexible, to: available, narrowest: Self.narrowest)
    // a window narrower than what must be whole: everything gives way
    shrink(&widths, Array(columns.indices), to: available, narrowest: 1)
    return widths
  }

  /// Takes columns off the widest ones, one by one, until the whole fits.
  private func shrink(_ widths: inout [Int], _ which: [Int], to available: Int, narrowest: Int) {
    var excess = widths.reduce(0, +) - available
    while excess > 0, let widest = which.max(by: { widths[$0] < widths[$1] }),
      widths[widest] > narrowest
    {
      widths[widest] -= 1
      excess -= 1
    }
  }

  private func render(_ cells: [Cell], _ widths: [Int], _ style: TextStyle) -> [String] {
    let parts = columns.indices.map { column in
      columns[column].overflow == .wrap
        ? cells[column].text.wrapped(width: widths[column])
        : [cells[column].text.truncated(width: widths[column])]
    }
    let height = parts.map(\.count).max() ?? 0
    return (0..<height).map { line in
      var text = ""
      var pending = 0  // spaces are written only before something that is seen
      for column in columns.indices {
        let part = line < parts[column].count ? parts[column][line] : ""
        let padding = widths[column] - part.displayWidth
        let isRight = columns[column].alignment == .right
        if !part.isEmpty {
          text += String(repeating: " ", count: pending + (isRight ? padding : 0))
          text += style.apply(cells[column].emphasis, part)
          pending = isRight ? 0 : padding
        } else {
          pending += widths[column]
        }
        pending += Self.gap
      }
      return text
    }
  }
}

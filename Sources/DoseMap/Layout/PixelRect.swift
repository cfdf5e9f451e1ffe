/// A rectangle of whole pixels.
package struct PixelRect: Hashable, Sendable {
  package var row: Int
  package var column: Int
  package var rows: Int
  package var columns: Int

  package init(row: Int, column: Int, rows: Int, columns: Int) {
    self.row = row
    self.column = column
    self.rows = rows
    self.columns = columns
  }

  var endRow: Int { row + rows }
  var endColumn: Int { column + columns }

  /// The rectangle with so many pixels more on every side.
  func grown(by air: Int) -> PixelRect {
    PixelRect(
      row: row - air, column: column - air, rows: rows + 2 * air, columns: columns + 2 * air)
  }

  func overlaps(_ other: PixelRect) -> Bool {
    row < other.endRow && other.row < endRow && column < other.endColumn && other.column < endColumn
  }

  func isInside(rows: Int, columns: Int) -> Bool {
    row >= 0 && column >= 0 && endRow <= rows && endColumn <= columns
  }

  func contains(row: Int, column: Int) -> Bool {
    (self.row..<endRow).contains(row) && (self.column..<endColumn).contains(column)
  }
}

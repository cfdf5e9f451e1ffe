/// How far each pixel centre lies from the nearest of some line segments, in pixels.
struct DistanceField {
  let rows: Int
  let columns: Int
  /// Distances beyond this one are not recorded.
  let reach: Double
  /// Squared distances; infinite where no segment is within reach.
  private(set) var squared: [Float]
  /// The rows and columns in which anything was recorded.
  private(set) var touchedRows = 0..<0
  private(set) var touchedColumns = 0..<0

  init(rows: Int, columns: Int, reach: Double) {
    self.rows = rows
    self.columns = columns
    self.reach = reach
    squared = [Float](repeating: .infinity, count: rows * columns)
  }

  /// The distance of a pixel, given as its place in the row-by-row order.
  func distance(_ pixel: Int) -> Float { squared[pixel].squareRoot() }

  mutating func add(_ points: [PixelPoint]) {
    if points.count == 1 { add(points[0], points[0]) }
    for index in points.indices.dropFirst() { add(points[index - 1], points[index]) }
  }

  mutating func add(_ a: PixelPoint, _ b: PixelPoint) {
    guard a.length < 1e6, b.length < 1e6 else { return }
    let low = max(0, Int((min(a.row, b.row) - reach).rounded(.up)))
    let high = min(rows - 1, Int((max(a.row, b.row) + reach).rounded(.down)))
    let left = max(0, Int((min(a.column, b.column) - reach).rounded(.up)))
    let right = min(columns - 1, Int((max(a.column, b.column) + reach).rounded(.down)))
    guard low <= high, left <= right else { return }
    touchedRows = Self.union(touchedRows, low..<high + 1)
    touchedColumns = Self.union(touchedColumns, left..<right + 1)
    let (dx, dy) = (Float(b.column - a.column), Float(b.row - a.row))
    let length = dx * dx + dy * dy
    let inverse = length > 0 ? 1 / length : 0
    let limit = Float(reach * reach)
    let columns = columns
    squared.withUnsafeMutableBufferPointer { squared in
      for row in low...high {
        let y = Float(Double(row) - a.row)
        let start = row * columns
        for column in left...right {
          let x = Float(Double(column) - a.column)
          let share = min(max((x * dx + y * dy) * inverse, 0), 1)
          let (ex, ey) = (x - share * dx, y - share * dy)
          let distance = ex * ex + ey * ey
          if distance < squared[start + column] && distance <= limit {
            squared[start + column] = distance
          }
        }
      }
    }
  }

  private static func union(_ a: Range<Int>, _ b: Range<Int>) -> Range<Int> {
    a.isEmpty ? b : min(a.lowerBound, b.lowerBound)..<max(a.upperBound, b.upperBound)
  }
}

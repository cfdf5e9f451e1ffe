/// How far each pixel centre lies from the nearest of some line segments, in pixels.
struct DistanceField {
  let columns: Int
  /// Distances beyond this one are not recorded.
  let reach: Double
  /// The rows of the picture that lie within reach of any point; only they are held.
  let rows: Range<Int>
  /// Squared distances of these rows; infinite where no segment is within reach.
  private var squared: [Float]
  /// The rows and columns in which anything was recorded.
  private(set) var touchedRows = 0..<0
  private(set) var touchedColumns = 0..<0

  /// The distances from runs of points in a picture.
  init(_ runs: [[PixelPoint]], rows: Int, columns: Int, reach: Double) {
    self.columns = columns
    self.reach = reach
    var (low, high) = (Double.infinity, -Double.infinity)
    for run in runs {
      for point in run where point.length < Self.farthest {
        low = min(low, point.row)
        high = max(high, point.row)
      }
    }
    let first = min(max(0, (low - reach).rounded(.up)), Double(rows))
    let end = min(Double(rows), (high + reach).rounded(.down) + 1)
    self.rows = low <= high && first < end ? Int(first)..<Int(end) : 0..<0
    squared = [Float](repeating: .infinity, count: self.rows.count * columns)
    for run in runs { add(run) }
  }

  /// Points that lie further off belong to no picture.
  private static let farthest = 1e6

  /// Tells of every pixel within reach, row by row: its place in the picture and its distance.
  @inline(__always)
  func forEach(_ body: (_ pixel: Int, _ distance: Float) -> Void) {
    squared.withUnsafeBufferPointer { squared in
      for row in touchedRows {
        let held = (row - rows.lowerBound) * columns
        for column in touchedColumns where squared[held + column] < .infinity {
          body(row * columns + column, squared[held + column].squareRoot())
        }
      }
    }
  }

  private mutating func add(_ points: [PixelPoint]) {
    if points.count == 1 { add(points[0], points[0]) }
    for index in points.indices.dropFirst() { add(points[index - 1], points[index]) }
  }

  private mutating func add(_ a: PixelPoint, _ b: PixelPoint) {
    guard a.length < Self.farthest, b.length < Self.farthest else { return }
    let low = max(rows.lowerBound, Rounding.up(min(a.row, b.row) - reach))
    let high = min(rows.upperBound - 1, Rounding.down(max(a.row, b.row) + reach))
    let left = max(0, Rounding.up(min(a.column, b.column) - reach))
    let right = min(columns - 1, Rounding.down(max(a.column, b.column) + reach))
    guard low <= high, left <= right else { return }
    touchedRows = Self.union(touchedRows, low..<high + 1)
    touchedColumns = Self.union(touchedColumns, left..<right + 1)
    let (dx, dy) = (Float(b.column - a.column), Float(b.row - a.row))
    let length = dx * dx + dy * dy
    let inverse = length > 0 ? 1 / length : 0
    let limit = Float(reach * reach)
    let (columns, firstRow) = (columns, rows.lowerBound)
    squared.withUnsafeMutableBufferPointer { squared in
      for row in low...high {
        let y = Float(Double(row) - a.row)
        let start = (row - firstRow) * columns
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

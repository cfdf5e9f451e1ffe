/// A set of pixels of a picture.
struct PixelMask {
  let rows: Int
  let columns: Int
  private var marks: [Bool]

  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    marks = [Bool](repeating: false, count: rows * columns)
  }

  subscript(row: Int, column: Int) -> Bool { marks[row * columns + column] }

  /// All marks, row by row: one for each pixel.
  func withMarks(_ body: (UnsafeBufferPointer<Bool>) -> Void) {
    marks.withUnsafeBufferPointer(body)
  }

  var unmarkedCount: Int { marks.count { !$0 } }

  /// Whether the pixel that a place lies in is marked.
  func isMarked(near place: PixelPoint) -> Bool {
    let (row, column) = (Rounding.nearest(place.row), Rounding.nearest(place.column))
    guard (0..<rows).contains(row), (0..<columns).contains(column) else { return false }
    return self[row, column]
  }

  mutating func mark(_ rect: PixelRect) {
    for row in max(rect.row, 0)..<max(min(rect.endRow, rows), max(rect.row, 0)) {
      for column in max(rect.column, 0)..<max(min(rect.endColumn, columns), max(rect.column, 0)) {
        marks[row * columns + column] = true
      }
    }
  }

  /// Marks the pixels whose centre lies within reach of a line; a few hundredths more, since the
  /// line is walked in steps.
  mutating func mark(along run: [PixelPoint], reach: Double) {
    let reach = reach + 0.05
    let (rows, columns) = (rows, columns)
    marks.withUnsafeMutableBufferPointer { marks in
      Self.forEachStep(along: run, step: 0.25) { place in
        let low = max(0, Rounding.up(place.row - reach))
        let high = min(rows - 1, Rounding.down(place.row + reach))
        guard low <= high else { return }
        for row in low...high {
          let y = Double(row) - place.row
          let half = (max(reach * reach - y * y, 0)).squareRoot()
          let left = max(0, Rounding.up(place.column - half))
          let right = min(columns - 1, Rounding.down(place.column + half))
          guard left <= right else { continue }
          for column in left...right { marks[row * columns + column] = true }
        }
      }
    }
  }

  /// Places along a line, its points among them, no further apart than a step.
  static func steps(along run: [PixelPoint], step: Double) -> [PixelPoint] {
    var places: [PixelPoint] = []
    forEachStep(along: run, step: step) { places.append($0) }
    return places
  }

  @inline(__always)
  private static func forEachStep(
    along run: [PixelPoint], step: Double, _ body: (PixelPoint) -> Void
  ) {
    guard let first = run.first else { return }
    body(first)
    for index in run.indices.dropFirst() {
      let (a, b) = (run[index - 1], run[index])
      let count = max(1, Rounding.up(min(a.distance(to: b) / step, 1e6)))
      for part in 1...count { body(a.toward(b, Double(part) / Double(count))) }
    }
  }
}

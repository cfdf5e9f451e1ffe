/// Where lettering may lie: it must not touch the prescription isodose, and better not its inside.
struct FreeSpace {
  let rows: Int
  let columns: Int
  private var taken: [PixelRect] = []
  private let lines: AreaSum
  private let inside: AreaSum

  /// - Parameters:
  ///   - prescription: the lines that nothing may cover.
  ///   - dose: the dose at all pixels.
  ///   - threshold: the lowest prescription in Gy; what gets as much is better not covered.
  init(prescription: [LevelLines], dose: DosePlane, threshold: Double) {
    (rows, columns) = (dose.rows, dose.columns)
    // All of each path counts, the gaps of a dashed line too.
    let fields = prescription.map { lines in
      DistanceField(
        lines.paths.map(\.run), rows: dose.rows, columns: dose.columns,
        reach: lines.level.lineWidth / 2 + MapCanvas.casingWidth + 1.5)
    }
    let near = fields.map(\.rows).filter { !$0.isEmpty }
    let first = near.map(\.lowerBound).min() ?? 0
    lines = AreaSum(rows: first..<(near.map(\.upperBound).max() ?? 0), columns: columns) { mask in
      for field in fields {
        field.forEach { pixel, _ in mask[pixel - first * dose.columns] = true }
      }
    }
    let high = dose.rows(reaching: threshold)
    inside = AreaSum(rows: high, columns: columns) { mask in
      for (index, value) in dose.values[
        high.lowerBound * dose.columns..<high.upperBound * dose.columns
      ]
      .enumerated() { mask[index] = value >= threshold }
    }
  }

  /// Takes a rectangle and a little air around it.
  mutating func take(_ rect: PixelRect) {
    taken.append(rect.grown(by: 3))
  }

  /// Whether a rectangle lies in the picture, off all others and off the prescription lines.
  func isFree(_ rect: PixelRect, avoidingInside: Bool) -> Bool {
    rect.isInside(rows: rows, columns: columns) && !taken.contains { $0.overlaps(rect) }
      && lines.count(rect) == 0 && !(avoidingInside && inside.count(rect) > 0)
  }
}

/// Counts marked pixels in any rectangle at once.
private struct AreaSum {
  /// The rows of the picture that hold all the marks.
  private let rows: Range<Int>
  private let columns: Int
  /// For each row and column of pixels and one more of each: how many marks lie above and left.
  private var sums: [Int32]

  init(rows: Range<Int>, columns: Int, marking: (inout [Bool]) -> Void) {
    self.rows = rows
    self.columns = columns + 1
    var mask = [Bool](repeating: false, count: rows.count * columns)
    marking(&mask)
    sums = [Int32](repeating: 0, count: (rows.count + 1) * (columns + 1))
    let width = self.columns
    mask.withUnsafeBufferPointer { mask in
      sums.withUnsafeMutableBufferPointer { sums in
        for row in 0..<rows.count {
          var running: Int32 = 0
          let (line, target) = (row * columns, (row + 1) * width + 1)
          for column in 0..<columns {
            running += mask[line + column] ? 1 : 0
            sums[target + column] = sums[target + column - width] + running
          }
        }
      }
    }
  }

  func count(_ rect: PixelRect) -> Int32 {
    func line(_ row: Int) -> Int {
      (min(max(row, rows.lowerBound), rows.upperBound) - rows.lowerBound) * columns
    }
    let (top, bottom) = (line(rect.row), line(rect.endRow))
    return sums[bottom + rect.endColumn] - sums[bottom + rect.column] - sums[top + rect.endColumn]
      + sums[top + rect.column]
  }
}

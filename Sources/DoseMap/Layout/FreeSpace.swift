/// Where lettering may lie: it must not touch the prescription isodose, and better not its inside.
struct FreeSpace {
  let rows: Int
  let columns: Int
  private var taken: [PixelRect] = []
  private let lines: AreaSum
  private let inside: AreaSum

  /// - Parameters:
  ///   - prescription: the lines that nothing may cover.
  ///   - isHigh: one for each pixel: whether it gets at least the lowest prescription.
  init(rows: Int, columns: Int, prescription: [LevelLines], isHigh: [Bool]) {
    self.rows = rows
    self.columns = columns
    var mask = [Bool](repeating: false, count: rows * columns)
    for lines in prescription {
      // All of each path counts, the gaps of a dashed line too.
      var field = DistanceField(
        rows: rows, columns: columns,
        reach: lines.level.lineWidth / 2 + MapCanvas.casingWidth + 1.5)
      for path in lines.paths { field.add(path.run) }
      for row in field.touchedRows {
        for column in field.touchedColumns where field.squared[row * columns + column] < .infinity {
          mask[row * columns + column] = true
        }
      }
    }
    lines = AreaSum(mask, rows: rows, columns: columns)
    inside = AreaSum(isHigh, rows: rows, columns: columns)
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
  private let columns: Int
  private var sums: [Int32]

  init(_ mask: [Bool], rows: Int, columns: Int) {
    precondition(mask.count == rows * columns, "one mark a pixel")
    self.columns = columns + 1
    sums = [Int32](repeating: 0, count: (rows + 1) * (columns + 1))
    let width = self.columns
    // A mask has a value for each pixel; the sums have a row and a column more.
    mask.withUnsafeBufferPointer { mask in
      sums.withUnsafeMutableBufferPointer { sums in
        for row in 0..<rows {
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
    let (top, bottom) = (rect.row * columns, rect.endRow * columns)
    return sums[bottom + rect.endColumn] - sums[bottom + rect.column] - sums[top + rect.endColumn]
      + sums[top + rect.column]
  }
}

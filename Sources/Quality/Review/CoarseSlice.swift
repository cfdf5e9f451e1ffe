/// A windowed slice made so small that a whole scan of them can be kept.
struct CoarseSlice: Sendable {
  let rows: Int
  let columns: Int
  let grey: [UInt8]

  /// The longest side of a coarse slice.
  static let longest = 256

  /// How many pixels of the scan one coarse pixel is the mean of, along both sides.
  static func factor(rows: Int, columns: Int) -> Int {
    let factor = (max(rows, columns) + longest - 1) / longest
    return max(1, min(factor, rows, columns))
  }

  init(grey: [UInt8], rows: Int, columns: Int) {
    let factor = Self.factor(rows: rows, columns: columns)
    let (coarseRows, coarseColumns) = (rows / factor, columns / factor)
    self.rows = coarseRows
    self.columns = coarseColumns
    guard factor > 1 else {
      self.grey = grey
      return
    }
    if factor == 2 {
      self.grey = Self.halved(grey, rows: coarseRows, columns: coarseColumns, width: columns)
      return
    }
    var means = [UInt8](repeating: 0, count: coarseRows * coarseColumns)
    var sums = [UInt32](repeating: 0, count: coarseColumns)
    let area = UInt32(factor * factor)
    grey.withUnsafeBufferPointer { source in
      for row in 0..<coarseRows {
        for column in 0..<coarseColumns { sums[column] = 0 }
        for line in row * factor..<(row + 1) * factor {
          var index = line * columns
          for column in 0..<coarseColumns {
            for _ in 0..<factor {
              sums[column] += UInt32(source[index])
              index += 1
            }
          }
        }
        for column in 0..<coarseColumns {
          means[row * coarseColumns + column] = UInt8(sums[column] / area)
        }
      }
    }
    self.grey = means
  }

  /// The means of two by two pixels, as most scans have them.
  ///
  /// The pixels are read unchecked: drawing the slice, which comes first, throws where there is not one
  /// for each place of its plane, and half of a side rounded down never reaches beyond it.
  private static func halved(
    _ grey: [UInt8], rows: Int, columns: Int, width: Int
  ) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: rows * columns) { means, count in
      grey.withUnsafeBufferPointer { source in
        for row in 0..<rows {
          let (upper, lower) = (2 * row * width, (2 * row + 1) * width)
          for column in 0..<columns {
            let sum =
              UInt16(source[upper + 2 * column]) &+ UInt16(source[upper + 2 * column + 1])
              &+ UInt16(source[lower + 2 * column]) &+ UInt16(source[lower + 2 * column + 1])
            means[row * columns + column] = UInt8(truncatingIfNeeded: sum >> 2)
          }
        }
      }
      count = rows * columns
    }
  }
}

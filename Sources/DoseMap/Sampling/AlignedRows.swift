/// A grid sampled on a plane whose rows and columns run along its own, row by row.
///
/// A pixel's cell along the columns is the same in all rows, and its cell along the rows the same in
/// all columns. So each line of the grid is mixed along the columns once, however many rows of pixels
/// lie between two lines. The sums are those of ``GridSampler/dose(column:row:depth:)``, in its
/// order: the doses are the same to the last bit.
struct AlignedRows {
  private let sampler: GridSampler
  private let factor: Double
  /// Row coordinate of the first row of pixels, and its step from row to row.
  private let firstRow: Double
  private let rowStep: Double
  private let depth: Double
  /// The columns that lie in the grid, and for each its cell and its share of the next sample.
  private let inside: Range<Int>
  private let cells: [(index: Int, share: Double)]
  private let columns: Int

  /// - Parameters:
  ///   - origin: the grid's coordinates at pixel (0, 0): column, row, depth in mm.
  ///   - perColumn: their steps from column to column.
  ///   - perRow: their steps from row to row.
  /// - Returns: `nil` where rows and columns do not run along the grid's.
  init?(
    _ sampler: GridSampler, factor: Double, origin: SIMD3<Double>, perColumn: SIMD3<Double>,
    perRow: SIMD3<Double>, columns: Int
  ) {
    guard perColumn.y == 0, perColumn.z == 0, perRow.x == 0, perRow.z == 0 else { return nil }
    self.sampler = sampler
    self.factor = factor
    self.columns = columns
    firstRow = origin.y
    rowStep = perRow.y
    depth = origin.z
    let coordinates = (0..<columns).map { origin.x + perColumn.x * Double($0) }
    // The coordinates run one way, so those within the grid are neighbours.
    let first = coordinates.firstIndex(where: sampler.columnRange.contains) ?? 0
    let count = coordinates[first...].prefix(while: sampler.columnRange.contains).count
    inside = first..<first + count
    cells = coordinates[inside].map { sampler.columnCell($0) }
  }

  /// Adds the dose at all pixels to the sums, and marks where it is known.
  func add(
    to values: inout [Double], _ isKnown: inout [Bool], rows: Int, beyond: Double
  ) {
    // One grid plane carries all the weight, or two share it.
    let depths = sampler.planeShares(depth: depth)
    var near = depths.map { GridLines(plane: $0.plane) }
    var line = [Double](repeating: 0, count: inside.count)
    for row in 0..<rows {
      let first = row * columns
      let coordinate = firstRow + rowStep * Double(row)
      guard !near.isEmpty, !inside.isEmpty, sampler.rowRange.contains(coordinate) else {
        for column in 0..<columns { values[first + column] += beyond }
        continue
      }
      for column in 0..<inside.lowerBound { values[first + column] += beyond }
      for column in inside.upperBound..<columns { values[first + column] += beyond }
      let (index, share) = sampler.rowCell(coordinate)
      near[0].mix(row: index, share, sampler, cells)
      if near.count == 2 {
        near[1].mix(row: index, share, sampler, cells)
        Self.mix(near[0].mixed, near[1].mixed, depths[1].share, into: &line)
        scale(line, first, &values, &isKnown)
      } else {
        scale(near[0].mixed, first, &values, &isKnown)
      }
    }
  }

  /// Doses in counts become Gy and join the sums.
  private func scale(
    _ counts: [Double], _ first: Int, _ values: inout [Double], _ isKnown: inout [Bool]
  ) {
    let gray = sampler.grayPerCount
    let start = first + inside.lowerBound
    for index in counts.indices {
      values[start + index] += counts[index] * gray * factor
      isKnown[start + index] = true
    }
  }

  fileprivate static func mix(
    _ a: [Double], _ b: [Double], _ share: Double, into line: inout [Double]
  ) {
    // All three have a value for each column within the grid; the shortest one bounds the loop.
    let count = min(a.count, b.count, line.count)
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        line.withUnsafeMutableBufferPointer { line in
          for index in 0..<count { line[index] = a[index] + (b[index] - a[index]) * share }
        }
      }
    }
  }
}

/// The lines of one plane of a grid that were mixed along the columns last.
private struct GridLines {
  private let plane: Int
  private var upper: (row: Int, values: [Double])?
  private var lower: (row: Int, values: [Double])?
  /// The two mixed with each other.
  private(set) var mixed: [Double] = []

  init(plane: Int) { self.plane = plane }

  mutating func mix(
    row: Int, _ share: Double, _ sampler: GridSampler, _ cells: [(index: Int, share: Double)]
  ) {
    if mixed.count != cells.count { mixed = [Double](repeating: 0, count: cells.count) }
    if upper?.row != row {
      if lower?.row == row { swap(&upper, &lower) } else { upper = nil }
    }
    let next = sampler.rowAfter(row)
    let a = upper?.values ?? sampler.line(plane: plane, row: row, cells)
    let b = lower?.row == next ? lower?.values ?? [] : sampler.line(plane: plane, row: next, cells)
    AlignedRows.mix(a, b, share, into: &mixed)
    upper = (row, a)
    lower = (next, b)
  }
}

import Geometry

/// A dose grid made ready for many questions.
///
/// Columns and rows are asked for as indices, the third coordinate as mm along the normal, since
/// planes need not be evenly spaced.
struct GridSampler {
  private let counts: [UInt32]
  let grayPerCount: Double
  private let plane: ImagePlane
  private let normal: PatientVector
  private let strideRow: Int
  private let stridePlane: Int
  private let lastColumn: Int
  private let lastRow: Int
  private let lastPlane: Int
  /// 1 where the offsets grow, -1 where they fall; the offsets below are multiplied by it.
  private let sign: Double
  private let offsets: [Double]
  private let planesPerMillimetre: Double

  /// What the three coordinates may be, the tolerances included.
  let columnRange: ClosedRange<Double>
  let rowRange: ClosedRange<Double>
  let depthRange: ClosedRange<Double>

  init(_ grid: DoseGrid) {
    counts = grid.counts
    grayPerCount = grid.grayPerCount
    plane = grid.geometry.plane
    normal = plane.normal
    strideRow = grid.columns
    stridePlane = grid.columns * grid.rows
    lastColumn = grid.columns - 1
    lastRow = grid.rows - 1
    lastPlane = grid.planes - 1
    let raw = grid.geometry.offsets
    let sign: Double = raw[raw.count - 1] < raw[0] ? -1 : 1
    self.sign = sign
    offsets = raw.map { $0 * sign }
    let (low, high) = (offsets[0], offsets[raw.count - 1])
    planesPerMillimetre = lastPlane > 0 ? Double(lastPlane) / (high - low) : 0

    func range(last: Int, spacing: Double) -> ClosedRange<Double> {
      let slack = last == 0 ? DoseGrid.planeTolerance / spacing : DoseGrid.tolerance
      return -slack...Double(last) + slack
    }
    columnRange = range(last: lastColumn, spacing: plane.columnSpacing)
    rowRange = range(last: lastRow, spacing: plane.rowSpacing)
    let slackLow = Self.depthSlack(offsets, first: true)
    let slackHigh = Self.depthSlack(offsets, first: false)
    let depths = low - slackLow...high + slackHigh
    depthRange = sign > 0 ? depths : -depths.upperBound...(-depths.lowerBound)
  }

  private static func depthSlack(_ offsets: [Double], first: Bool) -> Double {
    guard offsets.count > 1 else { return DoseGrid.planeTolerance }
    let last = offsets.count - 1
    let gap = first ? offsets[1] - offsets[0] : offsets[last] - offsets[last - 1]
    return gap * DoseGrid.tolerance
  }

  /// The smallest distance between neighbouring planes, in mm.
  var smallestGap: Double {
    zip(offsets, offsets.dropFirst()).map { $1 - $0 }.min() ?? 1
  }

  /// Column index, row index and mm along the normal of a point of the grid's frame.
  func coordinates(of point: PatientPoint) -> (column: Double, row: Double, depth: Double) {
    let (column, row) = plane.index(of: point)
    return (column, row, (point - plane.position).dot(normal))
  }

  /// The coordinates' change for a displacement.
  func coordinates(of step: PatientVector) -> (column: Double, row: Double, depth: Double) {
    (
      step.dot(plane.rowDirection) / plane.columnSpacing,
      step.dot(plane.columnDirection) / plane.rowSpacing, step.dot(normal)
    )
  }

  func dose(at point: PatientPoint) -> Double {
    let (column, row, depth) = coordinates(of: point)
    return dose(column: column, row: row, depth: depth)
  }

  /// Whether the dose is known at all.
  @inline(__always)
  func contains(column: Double, row: Double, depth: Double) -> Bool {
    columnRange.contains(column) && rowRange.contains(row) && depthRange.contains(depth)
  }

  /// The dose in Gy, trilinear; not a number where it is unknown.
  @inline(__always)
  func dose(column: Double, row: Double, depth: Double) -> Double {
    guard contains(column: column, row: row, depth: depth) else { return .nan }
    let (c, cf) = Self.cell(column, last: lastColumn)
    let (r, rf) = Self.cell(row, last: lastRow)
    let (p, pf) = planeCell(depth * sign)
    let dc = lastColumn > 0 ? 1 : 0
    let dr = lastRow > 0 ? strideRow : 0
    let dp = lastPlane > 0 ? stridePlane : 0
    let near = p * stridePlane + r * strideRow + c
    let a = Self.bilinear(
      Double(counts[near]), Double(counts[near + dc]), Double(counts[near + dr]),
      Double(counts[near + dr + dc]), cf, rf)
    // A plane that carries all the weight is not mixed with the next: what lies on a sampled plane
    // is that plane's dose to the last bit.
    guard pf > 0 else { return a * grayPerCount }
    let far = near + dp
    let b = Self.bilinear(
      Double(counts[far]), Double(counts[far + dc]), Double(counts[far + dr]),
      Double(counts[far + dr + dc]), cf, rf)
    return (a + (b - a) * pf) * grayPerCount
  }

  /// The cell of a column coordinate within the grid and the share of the second sample.
  func columnCell(_ column: Double) -> (index: Int, share: Double) {
    let (cell, share) = Self.cell(column, last: lastColumn)
    return (cell, share)
  }

  /// The cell of a row coordinate within the grid and the share of the second sample.
  func rowCell(_ row: Double) -> (Int, Double) { Self.cell(row, last: lastRow) }

  func rowAfter(_ row: Int) -> Int { lastRow > 0 ? row + 1 : row }

  /// The planes that a depth in mm lies between, the second with its share; one where that carries
  /// all the weight, none beyond the grid.
  func planeShares(depth: Double) -> [(plane: Int, share: Double)] {
    guard depthRange.contains(depth) else { return [] }
    let (plane, share) = planeCell(depth * sign)
    return share > 0 ? [(plane, 1 - share), (plane + 1, share)] : [(plane, 1)]
  }

  /// The counts of a line of the grid, mixed along the columns as `cells` say.
  func line(plane: Int, row: Int, _ cells: [(index: Int, share: Double)]) -> [Double] {
    let start = plane * stridePlane + row * strideRow
    let next = lastColumn > 0 ? 1 : 0
    return cells.map { cell, share in
      let a = Double(counts[start + cell])
      let b = Double(counts[start + cell + next])
      return a + (b - a) * share
    }
  }

  @inline(__always)
  private static func cell(_ index: Double, last: Int) -> (Int, Double) {
    guard last > 0 else { return (0, 0) }
    let cell = min(max(Int(index), 0), last - 1)
    return (cell, min(max(index - Double(cell), 0), 1))
  }

  /// The pair of planes around a depth and the share of the second one.
  @inline(__always)
  private func planeCell(_ depth: Double) -> (Int, Double) {
    guard lastPlane > 0 else { return (0, 0) }
    var cell = min(max(Int((depth - offsets[0]) * planesPerMillimetre), 0), lastPlane - 1)
    while cell > 0 && depth < offsets[cell] { cell -= 1 }
    while cell < lastPlane - 1 && depth >= offsets[cell + 1] { cell += 1 }
    let share = (depth - offsets[cell]) / (offsets[cell + 1] - offsets[cell])
    return (cell, min(max(share, 0), 1))
  }

  @inline(__always)
  private static func bilinear(
    _ a: Double, _ b: Double, _ c: Double, _ d: Double, _ x: Double, _ y: Double
  ) -> Double {
    let top = a + (b - a) * x
    let bottom = c + (d - c) * x
    return top + (bottom - top) * y
  }
}

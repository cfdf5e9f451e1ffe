import Geometry

/// One grid of a field, seen from a plane.
///
/// A class, since it is asked for millions of single doses and must not be copied for each.
final class PlanePart: Sendable {
  private let sampler: GridSampler
  private let factor: Double
  /// Whether the dose beyond the grid counts as zero, as long as another grid is known there.
  let isZeroBeyond: Bool
  private let way: Way

  /// How pixels become coordinates of the grid.
  private enum Way {
    /// The coordinates at pixel (0, 0) and their steps along a row and down a column.
    case affine(origin: SIMD3<Double>, perColumn: SIMD3<Double>, perRow: SIMD3<Double>)
    case pointwise(ImagePlane, FrameMap)
  }

  init(_ part: DoseField.Part, _ plane: ImagePlane) {
    let sampler = GridSampler(part.grid)
    self.sampler = sampler
    factor = part.factor
    isZeroBeyond = part.isZeroBeyondGrid
    func affine(_ map: AffineMap) -> Way {
      let origin = sampler.coordinates(of: map(plane.position))
      let along = sampler.coordinates(of: map(plane.rowDirection * plane.columnSpacing))
      let down = sampler.coordinates(of: map(plane.columnDirection * plane.rowSpacing))
      return .affine(
        origin: SIMD3(origin.column, origin.row, origin.depth),
        perColumn: SIMD3(along.column, along.row, along.depth),
        perRow: SIMD3(down.column, down.row, down.depth))
    }
    switch part.map {
    case .same: way = affine(.identity)
    case .affine(let map, _): way = affine(map)
    case .pointwise: way = .pointwise(plane, part.map)
    }
  }

  /// The grid's dose; not a number beyond it, whatever counts there.
  func dose(column: Double, row: Double) -> Double {
    let value: Double
    switch way {
    case .affine(let origin, let perColumn, let perRow):
      let start = origin + perRow * row
      value = sampler.dose(
        column: start.x + perColumn.x * column, row: start.y + perColumn.y * column,
        depth: start.z + perColumn.z * column)
    case .pointwise(let plane, let map):
      guard let point = map.toDose(plane.position(column: column, row: row)) else { return .nan }
      value = sampler.dose(at: point)
    }
    return value * factor
  }

  /// Whether the grid's dose is known there.
  func isKnown(column: Double, row: Double) -> Bool {
    switch way {
    case .affine(let origin, let perColumn, let perRow):
      let start = origin + perRow * row
      return sampler.contains(
        column: start.x + perColumn.x * column, row: start.y + perColumn.y * column,
        depth: start.z + perColumn.z * column)
    case .pointwise(let plane, let map):
      guard let point = map.toDose(plane.position(column: column, row: row)) else { return false }
      let (column, row, depth) = sampler.coordinates(of: point)
      return sampler.contains(column: column, row: row, depth: depth)
    }
  }

  var voxelsPerPixel: Double {
    guard case .affine(_, let perColumn, let perRow) = way else { return 1 }
    func largest(_ step: SIMD3<Double>) -> Double {
      max(abs(step.x), abs(step.y), abs(step.z) / sampler.smallestGap)
    }
    return max(largest(perColumn), largest(perRow))
  }

  /// Adds the dose at all pixels to the sums, and marks where it is known.
  func add(to values: inout [Double], _ isKnown: inout [Bool], rows: Int, columns: Int) {
    if case .affine(let origin, let perColumn, let perRow) = way,
      let aligned = AlignedRows(
        sampler, factor: factor, origin: origin, perColumn: perColumn, perRow: perRow,
        columns: columns)
    {
      aligned.add(to: &values, &isKnown, rows: rows, beyond: isZeroBeyond ? 0 : .nan)
      return
    }
    for row in 0..<rows { addRow(row, columns: columns, to: &values, &isKnown) }
  }

  /// Adds the dose of one row of pixels to the sums, and marks where it is known.
  private func addRow(
    _ row: Int, columns: Int, to values: inout [Double], _ isKnown: inout [Bool]
  ) {
    let first = row * columns
    let beyond = isZeroBeyond ? 0 : Double.nan
    guard case .affine(let origin, let perColumn, let perRow) = way else {
      for column in 0..<columns {
        let value = dose(column: Double(column), row: Double(row))
        values[first + column] += value.isNaN ? beyond : value
        if !value.isNaN { isKnown[first + column] = true }
      }
      return
    }
    let start = origin + perRow * Double(row)
    let inside = Self.columns(
      0..<columns, start, perColumn, sampler.columnRange, sampler.rowRange, sampler.depthRange)
    for column in 0..<inside.lowerBound { values[first + column] += beyond }
    for column in inside.upperBound..<columns { values[first + column] += beyond }
    let (c0, r0, d0) = (start.x, start.y, start.z)
    let (c1, r1, d1) = (perColumn.x, perColumn.y, perColumn.z)
    for column in inside {
      let index = Double(column)
      let value = sampler.dose(
        column: c0 + c1 * index, row: r0 + r1 * index, depth: d0 + d1 * index)
      if value.isNaN {
        values[first + column] += beyond
      } else {
        values[first + column] += value * factor
        isKnown[first + column] = true
      }
    }
  }

  /// The columns outside of which no pixel of a row can lie in the grid; one too many at each end.
  private static func columns(
    _ all: Range<Int>, _ start: SIMD3<Double>, _ step: SIMD3<Double>,
    _ x: ClosedRange<Double>, _ y: ClosedRange<Double>, _ z: ClosedRange<Double>
  ) -> Range<Int> {
    var low = Double(all.lowerBound)
    var high = Double(all.upperBound)
    for (begin, step, range) in [(start.x, step.x, x), (start.y, step.y, y), (start.z, step.z, z)] {
      // A coordinate that all but stands still is left to the test of each pixel.
      guard abs(step) > 1e-12 else { continue }
      let a = (range.lowerBound - begin) / step
      let b = (range.upperBound - begin) / step
      low = max(low, min(a, b).rounded(.down) - 1)
      high = min(high, max(a, b).rounded(.up) + 2)
    }
    guard low < high else { return all.lowerBound..<all.lowerBound }
    return Int(low)..<Int(high)
  }
}

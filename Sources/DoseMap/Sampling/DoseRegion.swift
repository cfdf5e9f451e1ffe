package import Geometry

/// A connected region of a grid whose sample points reach a level.
package struct DoseRegion: Hashable, Sendable {
  /// How many sample points it has; points touch along the three axes of the grid.
  package let pointCount: Int
  package let columns: ClosedRange<Int>
  package let rows: ClosedRange<Int>
  package let planes: ClosedRange<Int>
  /// Its highest dose in Gy, and where in the dose's own frame.
  package let maximum: Double
  package let maximumPosition: PatientPoint
  /// The middle of its extent, in the dose's own frame.
  package let centre: PatientPoint

  /// The fewest sample points across, along any axis of the grid.
  package var thinnest: Int { min(columns.count, rows.count, planes.count) }
}

extension DoseGrid {
  /// The separate regions at or above a dose in Gy, the largest first.
  package func regions(atOrAbove level: Double) -> [DoseRegion] {
    var isLeft = counts.map { Double($0) * grayPerCount >= level }
    var regions: [DoseRegion] = []
    for start in isLeft.indices where isLeft[start] {
      regions.append(region(from: start, &isLeft))
    }
    // Equal regions keep the order of the grid.
    return regions.enumerated().sorted {
      ($1.element.pointCount, $0.offset) < ($0.element.pointCount, $1.offset)
    }.map(\.element)
  }

  private func region(from start: Int, _ isLeft: inout [Bool]) -> DoseRegion {
    var queue = [start]
    isLeft[start] = false
    var next = 0
    var best = start
    var (low, high) = (SIMD3(repeating: Int.max), SIMD3(repeating: Int.min))
    while next < queue.count {
      let index = queue[next]
      next += 1
      if counts[index] > counts[best] { best = index }
      let (plane, inPlane) = index.quotientAndRemainder(dividingBy: rows * columns)
      let (row, column) = inPlane.quotientAndRemainder(dividingBy: columns)
      let place = SIMD3(column, row, plane)
      low.replace(with: place, where: place .< low)
      high.replace(with: place, where: place .> high)
      func visit(_ isThere: Bool, _ neighbour: Int) {
        guard isThere, isLeft[neighbour] else { return }
        isLeft[neighbour] = false
        queue.append(neighbour)
      }
      visit(column > 0, index - 1)
      visit(column < columns - 1, index + 1)
      visit(row > 0, index - columns)
      visit(row < rows - 1, index + columns)
      visit(plane > 0, index - rows * columns)
      visit(plane < planes - 1, index + rows * columns)
    }
    let (plane, inPlane) = best.quotientAndRemainder(dividingBy: rows * columns)
    let (row, column) = inPlane.quotientAndRemainder(dividingBy: columns)
    let from = geometry.position(column: low.x, row: low.y, plane: low.z)
    let to = geometry.position(column: high.x, row: high.y, plane: high.z)
    return DoseRegion(
      pointCount: queue.count, columns: low.x...high.x, rows: low.y...high.y,
      planes: low.z...high.z, maximum: Double(counts[best]) * grayPerCount,
      maximumPosition: geometry.position(column: column, row: row, plane: plane),
      centre: from + (to - from) * 0.5)
  }
}

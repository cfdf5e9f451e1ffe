import DoseMap
import Geometry

/// Between which volumes an isodose volume lies, whatever the dose does between the grid's points.
enum IsodoseBounds {
  /// For each level in Gy of the grid: the cells that lie inside with all eight corners, and those
  /// that have one corner inside, in cm3.
  static func volumes(
    of grid: DoseGrid, levels: [Double]
  ) -> [(surely: Double, perhaps: Double)] {
    let counts = levels.map { ($0 / grid.grayPerCount).rounded(.up) }
    var result = levels.map { _ in (surely: 0.0, perhaps: 0.0) }
    guard let lowest = counts.min(), grid.planes > 1, grid.rows > 1, grid.columns > 1 else {
      return result
    }
    let area = grid.geometry.plane.rowSpacing * grid.geometry.plane.columnSpacing / 1000
    let offsets = grid.geometry.offsets
    let size = grid.rows * grid.columns
    for plane in 1..<grid.planes {
      let volume = area * abs(offsets[plane] - offsets[plane - 1])
      for row in 1..<grid.rows {
        let start = plane * size + row * grid.columns
        for index in start + 1..<start + grid.columns {
          let corners = SIMD8(
            grid.counts[index], grid.counts[index - 1], grid.counts[index - grid.columns],
            grid.counts[index - grid.columns - 1], grid.counts[index - size],
            grid.counts[index - size - 1], grid.counts[index - size - grid.columns],
            grid.counts[index - size - grid.columns - 1])
          let high = Double(corners.max())
          guard high >= lowest else { continue }
          let low = Double(corners.min())
          for (level, count) in counts.enumerated() where high >= count {
            result[level].perhaps += volume
            if low >= count { result[level].surely += volume }
          }
        }
      }
    }
    return result
  }
}

import DICOM
import DoseMap
import Geometry
import Radiotherapy

/// Doses on one and the same grid, added up.
///
/// The sum of trilinear functions on a grid is trilinear on it: nothing is resampled.
enum SummedGrid {
  /// How far apart the corners of two grids may be that are called the same, mm.
  private static let tolerance = 1e-3

  /// The largest count of a sum: what 32 bits hold, with room for rounding.
  static let largestCount = 4_294_967_040.0

  static func shareOneGrid(_ geometries: [GridGeometry]) -> Bool {
    guard let grid = geometries.first else { return false }
    return geometries.dropFirst().allSatisfy { other in
      guard other.offsets.count == grid.offsets.count, other.plane.rows == grid.plane.rows,
        other.plane.columns == grid.plane.columns
      else { return false }
      return zip(other.corners, grid.corners).allSatisfy { $0.distance(to: $1) < tolerance }
        && zip(other.offsets, grid.offsets).allSatisfy { abs($0 - $1) < tolerance }
    }
  }

  /// The sum of grids that share one, each times its factor; `nil` where nothing is above zero.
  static func grid(of parts: [(grid: DoseGrid, factor: Double)]) throws(DoseMapError) -> DoseGrid? {
    guard let first = parts.first else { return nil }
    var sum = [Double](repeating: 0, count: first.grid.counts.count)
    for (grid, factor) in parts {
      guard grid.counts.count == sum.count else { return nil }
      let scaling = grid.grayPerCount * factor
      for index in sum.indices { sum[index] += Double(grid.counts[index]) * scaling }
    }
    let highest = sum.max() ?? 0
    guard highest > 0, highest.isFinite else { return nil }
    let scaling = highest / largestCount
    return try DoseGrid(
      geometry: first.grid.geometry,
      counts: sum.map { UInt32(min(($0 / scaling).rounded(), Double(UInt32.max))) },
      grayPerCount: scaling)
  }
}

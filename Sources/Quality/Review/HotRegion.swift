import DoseMap
import Geometry
import Radiotherapy

/// A separate region of high dose: where a person must have looked.
struct HotRegion: Sendable {
  /// The prescribed dose that it reaches, Gy.
  let levelGy: Double
  let volume: Double
  let maximumGy: Double
  /// The slices that it lies in, from 0, or the nearest one where it lies between two; `nil` where
  /// all of it lies outside the scan.
  let slices: ClosedRange<Int>?
  /// Its hottest point: slice from 0, and pixel of the scan.
  let slice: Int
  let column: Double
  let row: Double

  /// No more are listed of one level; small ones come last.
  static let most = 12

  /// The regions of each prescribed level, highest level first, largest first.
  ///
  /// - Returns: those listed, and how many were too many.
  static func all(
    in grid: DoseGrid, levels: [Double], factor: Double, join: FrameJoin, scan: ScanSeries
  ) -> (regions: [HotRegion], leftOut: Int) {
    let distances = scan.slices.map { $0.plane.distance(along: scan.normal) }
    var found: [HotRegion] = []
    var leftOut = 0
    for level in levels {
      let regions = grid.regions(atOrAbove: level / factor)
      leftOut += max(0, regions.count - most)
      for region in regions.prefix(most) {
        // Where a deformation has no place for it, nothing in the scan can be shown.
        guard let peak = join.toScan(region.maximumPosition) else { continue }
        let extent = extent(of: region, above: level / factor, grid, join, scan.normal)
        let slice = nearest(to: (peak - .origin).dot(scan.normal), in: distances)
        let place = scan.slices[slice].plane.index(of: peak)
        found.append(
          HotRegion(
            levelGy: level,
            volume: Double(region.pointCount) * voxel(of: grid) * join.stretch,
            maximumGy: region.maximum * factor,
            slices: slices(from: extent, nearest: slice, in: distances), slice: slice,
            column: place.column, row: place.row))
      }
    }
    return (found, leftOut)
  }

  /// The slices of a stack that an extent along its normal meets.
  private static func slices(
    from extent: ClosedRange<Double>, nearest: Int, in distances: [Double]
  ) -> ClosedRange<Int>? {
    guard let bottom = distances.first, let top = distances.last, extent.upperBound >= bottom,
      extent.lowerBound <= top
    else { return nil }
    let first = distances.firstIndex { $0 >= extent.lowerBound } ?? distances.count - 1
    let last = distances.lastIndex { $0 <= extent.upperBound } ?? 0
    return first <= last ? first...last : nearest...nearest
  }

  /// The volume that a point of the grid stands for, cm3.
  private static func voxel(of grid: DoseGrid) -> Double {
    let plane = grid.geometry.plane
    let offsets = grid.geometry.offsets
    guard offsets.count > 1, let first = offsets.first, let last = offsets.last else { return 0 }
    let gap = abs(last - first) / Double(offsets.count - 1)
    return plane.rowSpacing * plane.columnSpacing * gap / 1000
  }

  /// From where to where a region's points reach along a direction of the scan, mm.
  private static func extent(
    of region: DoseRegion, above gray: Double, _ grid: DoseGrid, _ join: FrameJoin,
    _ normal: PatientVector
  ) -> ClosedRange<Double> {
    let peak = join.toScan(region.maximumPosition).map { ($0 - .origin).dot(normal) }
    var (low, high) = (peak ?? .infinity, peak ?? -.infinity)
    for plane in region.planes {
      for row in region.rows {
        for column in region.columns where grid.dose(column: column, row: row, plane: plane) >= gray
        {
          guard
            let point = join.toScan(
              grid.geometry.position(column: column, row: row, plane: plane))
          else { continue }
          let distance = (point - .origin).dot(normal)
          low = min(low, distance)
          high = max(high, distance)
        }
      }
    }
    return low...high
  }

  static func nearest(to distance: Double, in distances: [Double]) -> Int {
    var best = 0
    for index in distances.indices
    where abs(distances[index] - distance) < abs(distances[best] - distance) { best = index }
    return best
  }
}

import DoseMap
import Geometry
import Radiotherapy

/// Where on the slices of a scan a dose lies.
enum DoseBox {
  /// The pixels of the scan in which the dose reaches a level, as ranges of pixel indices.
  ///
  /// - Parameters:
  ///   - gray: the level in Gy of the grid.
  ///   - margin: added on all sides, mm.
  /// - Returns: the whole slice where the dose is nowhere so high or cannot be placed.
  static func ranges(
    of grid: DoseGrid, atOrAbove gray: Double, join: FrameJoin, on plane: ImagePlane,
    margin: Double
  ) -> (columns: ClosedRange<Double>, rows: ClosedRange<Double>) {
    let whole = (
      columns: 0...Double(plane.columns - 1), rows: 0...Double(plane.rows - 1)
    )
    guard let box = corners(of: grid, atOrAbove: gray) else { return whole }
    var columns: [Double] = []
    var rows: [Double] = []
    for column in [box.low.x, box.high.x] {
      for row in [box.low.y, box.high.y] {
        for depth in [box.low.z, box.high.z] {
          guard
            let corner = join.toScan(
              grid.geometry.position(column: column, row: row, plane: depth))
          else { return whole }
          let place = plane.index(of: corner)
          columns.append(place.column)
          rows.append(place.row)
        }
      }
    }
    func range(_ values: [Double], _ margin: Double, _ whole: ClosedRange<Double>)
      -> ClosedRange<Double>
    {
      let low = max((values.min() ?? 0) - margin, whole.lowerBound)
      let high = min((values.max() ?? 0) + margin, whole.upperBound)
      return low <= high ? low...high : whole
    }
    return (
      range(columns, margin / plane.columnSpacing, whole.columns),
      range(rows, margin / plane.rowSpacing, whole.rows)
    )
  }

  /// The same as a rectangle of whole pixels.
  static func pixels(
    of grid: DoseGrid, atOrAbove gray: Double, join: FrameJoin, on plane: ImagePlane,
    margin: Double
  ) -> PixelRect {
    let box = ranges(of: grid, atOrAbove: gray, join: join, on: plane, margin: margin)
    // Both ranges lie within the slice.
    let (top, left) = (Int(box.rows.lowerBound), Int(box.columns.lowerBound))
    return PixelRect(
      row: top, column: left, rows: Int(box.rows.upperBound.rounded(.up)) - top + 1,
      columns: Int(box.columns.upperBound.rounded(.up)) - left + 1)
  }

  /// The smallest box of grid indices around all points that reach a dose; `nil` where none does.
  private static func corners(
    of grid: DoseGrid, atOrAbove gray: Double
  ) -> (low: SIMD3<Int>, high: SIMD3<Int>)? {
    let count = (gray / grid.grayPerCount).rounded(.up)
    var low = SIMD3(repeating: Int.max)
    var high = SIMD3(repeating: Int.min)
    var index = 0
    for depth in 0..<grid.planes {
      for row in 0..<grid.rows {
        for column in 0..<grid.columns {
          if Double(grid.counts[index]) >= count {
            let place = SIMD3(column, row, depth)
            low.replace(with: place, where: place .< low)
            high.replace(with: place, where: place .> high)
          }
          index += 1
        }
      }
    }
    return low.x <= high.x ? (low, high) : nil
  }
}

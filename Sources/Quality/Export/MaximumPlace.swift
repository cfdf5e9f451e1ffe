import DoseMap
import Geometry

/// On which of some parallel planes the highest dose of a course lies, and where.
struct MaximumPlace: Sendable {
  /// From 0.
  let slice: Int
  let mark: MaximumMark

  /// Finds the place of the highest dose as it is drawn, of a sum that of the sum.
  ///
  /// `nil` where it lies beside the planes.
  init?(_ maximum: (gray: Double, position: PatientPoint?), on planes: [ImagePlane]) {
    guard let normal = planes.first?.normal, let point = maximum.position else { return nil }
    let distances = planes.map { $0.distance(along: normal) }
    let depth = (point - .origin).dot(normal)
    let gaps = zip(distances.dropFirst(), distances).map { abs($0 - $1) }.sorted()
    slice = HotRegion.nearest(to: depth, in: distances)
    let plane = planes[slice]
    let place = plane.index(of: point)
    guard abs(distances[slice] - depth) <= 0.5 * (gaps.isEmpty ? 1 : gaps[gaps.count / 2]) + 1e-6,
      (-0.5...Double(plane.columns) - 0.5).contains(place.column),
      (-0.5...Double(plane.rows) - 0.5).contains(place.row)
    else { return nil }
    mark = MaximumMark(
      place: PixelPoint(column: place.column, row: place.row), gray: maximum.gray)
  }
}

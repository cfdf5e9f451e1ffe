/// A cross with an open middle at the place of the highest dose.
///
/// It is drawn below the isodose lines, so it never covers one.
package struct MaximumMark: Equatable, Sendable {
  /// In pixels of the scan.
  package var place: PixelPoint
  /// The highest dose of the course, Gy.
  package var gray: Double

  package init(place: PixelPoint, gray: Double) {
    self.place = place
    self.gray = gray
  }

  static let lineWidth = 1.6

  /// The four arms around a place, in pixels of the finished picture.
  static func arms(at place: PixelPoint, shorterSide: Int) -> [[PixelPoint]] {
    let unit = max(1, Double(shorterSide) / 512)
    let (inner, outer) = (3.5 * unit, 9 * unit)
    return [(1.0, 0.0), (-1, 0), (0, 1), (0, -1)].map { x, y in
      [inner, outer].map {
        PixelPoint(column: place.column + x * $0, row: place.row + y * $0)
      }
    }
  }
}

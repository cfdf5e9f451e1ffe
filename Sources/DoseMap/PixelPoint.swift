/// A place in a picture: column to the right, row down; whole numbers are pixel centres.
package struct PixelPoint: Hashable, Sendable {
  package var column: Double
  package var row: Double

  package init(column: Double, row: Double) {
    self.column = column
    self.row = row
  }

  static func + (a: PixelPoint, b: PixelPoint) -> PixelPoint {
    PixelPoint(column: a.column + b.column, row: a.row + b.row)
  }

  static func - (a: PixelPoint, b: PixelPoint) -> PixelPoint {
    PixelPoint(column: a.column - b.column, row: a.row - b.row)
  }

  static func * (a: PixelPoint, factor: Double) -> PixelPoint {
    PixelPoint(column: a.column * factor, row: a.row * factor)
  }

  /// The distance from the origin.
  var length: Double { (column * column + row * row).squareRoot() }

  /// The distance to another place, in pixels.
  package func distance(to other: PixelPoint) -> Double { (other - self).length }

  /// The place between this one and another.
  func toward(_ other: PixelPoint, _ share: Double) -> PixelPoint { self + (other - self) * share }
}

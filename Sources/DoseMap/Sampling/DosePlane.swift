package import Geometry

/// The dose at the pixel centres of a plane.
package struct DosePlane: Sendable {
  package let plane: ImagePlane
  /// `rows * columns` doses in Gy, row by row from the top left; not a number where unknown.
  package let values: [Double]

  package var rows: Int { plane.rows }
  package var columns: Int { plane.columns }

  /// The highest known dose; `nil` where none is known.
  package var maximum: Double? {
    var highest = -Double.infinity
    for value in values where value > highest { highest = value }
    return highest.isFinite ? highest : nil
  }

  /// Whether the dose is known at any pixel.
  package var isKnownAnywhere: Bool { values.contains { !$0.isNaN } }
}

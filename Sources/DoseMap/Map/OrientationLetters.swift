package import Geometry

/// The letters at the edges of a picture: which way the patient lies.
///
/// PS3.3 C.7.6.1.1.1. The largest part of a direction comes first; another is added where it is
/// more than the sine of 20 degrees, so that a gantry tilt of a few degrees does not clutter what
/// is an axial slice.
package struct OrientationLetters: Hashable, Sendable {
  package let left: String
  package let right: String
  package let top: String
  package let bottom: String

  static let threshold = 0.342

  package init(_ plane: ImagePlane) {
    right = Self.letters(plane.rowDirection)
    left = Self.letters(-plane.rowDirection)
    bottom = Self.letters(plane.columnDirection)
    top = Self.letters(-plane.columnDirection)
  }

  /// The letters of a direction: L, R, P, A, H, F, or several of them.
  package static func letters(_ direction: PatientVector) -> String {
    let parts = [
      (abs(direction.x), direction.x > 0 ? "L" : "R"),
      (abs(direction.y), direction.y > 0 ? "P" : "A"),
      (abs(direction.z), direction.z > 0 ? "H" : "F"),
    ]
    let largest = parts.map(\.0).max() ?? 0
    // Equal parts keep the order above: a sort alone would not promise that.
    let order = parts.enumerated().sorted {
      $0.element.0 != $1.element.0 ? $0.element.0 > $1.element.0 : $0.offset < $1.offset
    }
    return order.map(\.element).filter { $0.0 > Self.threshold || $0.0 == largest }.map(\.1)
      .joined()
  }
}

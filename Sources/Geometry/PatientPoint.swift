/// A point of the patient, in mm: +x to the left, +y to the back, +z to the head (LPS).
///
/// PS3.3 C.7.6.2.1.1. A point belongs to a frame of reference, which its owner names.
package struct PatientPoint: Hashable, Sendable {
  package var x: Double
  package var y: Double
  package var z: Double

  package init(_ x: Double, _ y: Double, _ z: Double) {
    self.x = x
    self.y = y
    self.z = z
  }

  package static let origin = PatientPoint(0, 0, 0)

  package static func + (point: PatientPoint, step: PatientVector) -> PatientPoint {
    PatientPoint(point.x + step.x, point.y + step.y, point.z + step.z)
  }

  package static func - (point: PatientPoint, step: PatientVector) -> PatientPoint {
    PatientPoint(point.x - step.x, point.y - step.y, point.z - step.z)
  }

  package static func - (end: PatientPoint, start: PatientPoint) -> PatientVector {
    PatientVector(end.x - start.x, end.y - start.y, end.z - start.z)
  }

  /// The distance to another point of the same frame of reference, in mm.
  package func distance(to other: PatientPoint) -> Double { (other - self).length }
}

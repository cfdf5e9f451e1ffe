/// A direction or displacement in the patient, in mm, with the axes of ``PatientPoint``.
package struct PatientVector: Hashable, Sendable {
  package var x: Double
  package var y: Double
  package var z: Double

  package init(_ x: Double, _ y: Double, _ z: Double) {
    self.x = x
    self.y = y
    self.z = z
  }

  package var length: Double { dot(self).squareRoot() }

  /// The same direction with length 1; `nil` where there is no direction (zero or not finite).
  package var normalized: PatientVector? {
    let length = length
    guard length > 0, length.isFinite else { return nil }
    return PatientVector(x / length, y / length, z / length)
  }

  package var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }

  package func dot(_ other: PatientVector) -> Double { x * other.x + y * other.y + z * other.z }

  package func cross(_ other: PatientVector) -> PatientVector {
    PatientVector(
      y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  package static func + (a: PatientVector, b: PatientVector) -> PatientVector {
    PatientVector(a.x + b.x, a.y + b.y, a.z + b.z)
  }

  package static func - (a: PatientVector, b: PatientVector) -> PatientVector {
    PatientVector(a.x - b.x, a.y - b.y, a.z - b.z)
  }

  package static func * (v: PatientVector, factor: Double) -> PatientVector {
    PatientVector(v.x * factor, v.y * factor, v.z * factor)
  }

  package static prefix func - (v: PatientVector) -> PatientVector {
    PatientVector(-v.x, -v.y, -v.z)
  }
}

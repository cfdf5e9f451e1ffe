/// A map from the points of one frame of reference to those of another: `q = L p + t`, in mm.
///
/// PS3.3 C.20.2.1.1: column vectors, the matrix stands to the left of the point.
package struct AffineMap: Hashable, Sendable {
  /// The three rows of the linear part.
  package var row0: PatientVector
  package var row1: PatientVector
  package var row2: PatientVector
  /// Where the origin goes, in mm.
  package var translation: PatientVector

  package init(
    row0: PatientVector, row1: PatientVector, row2: PatientVector, translation: PatientVector
  ) {
    self.row0 = row0
    self.row1 = row1
    self.row2 = row2
    self.translation = translation
  }

  package static let identity = AffineMap(
    row0: PatientVector(1, 0, 0), row1: PatientVector(0, 1, 0), row2: PatientVector(0, 0, 1),
    translation: PatientVector(0, 0, 0))

  /// The map of a 4 x 4 matrix as DICOM writes it: 16 values, row by row.
  ///
  /// `nil` where there are not 16 finite values or the last row is not `0 0 0 1`.
  package init?(rowMajor m: [Double]) {
    guard m.count == 16, m.allSatisfy(\.isFinite), m[12] == 0, m[13] == 0, m[14] == 0, m[15] == 1
    else { return nil }
    self.init(
      row0: PatientVector(m[0], m[1], m[2]), row1: PatientVector(m[4], m[5], m[6]),
      row2: PatientVector(m[8], m[9], m[10]), translation: PatientVector(m[3], m[7], m[11]))
  }

  /// The 16 values of the 4 x 4 matrix, row by row.
  package var rowMajor: [Double] {
    [
      row0.x, row0.y, row0.z, translation.x, row1.x, row1.y, row1.z, translation.y,
      row2.x, row2.y, row2.z, translation.z, 0, 0, 0, 1,
    ]
  }

  package func callAsFunction(_ p: PatientPoint) -> PatientPoint {
    let v = PatientVector(p.x, p.y, p.z)
    return PatientPoint(
      row0.dot(v) + translation.x, row1.dot(v) + translation.y, row2.dot(v) + translation.z)
  }

  /// Maps a displacement: the linear part alone.
  package func callAsFunction(_ v: PatientVector) -> PatientVector {
    PatientVector(row0.dot(v), row1.dot(v), row2.dot(v))
  }

  /// The map that applies `first` and then this one.
  package func after(_ first: AffineMap) -> AffineMap {
    let c0 = PatientVector(first.row0.x, first.row1.x, first.row2.x)
    let c1 = PatientVector(first.row0.y, first.row1.y, first.row2.y)
    let c2 = PatientVector(first.row0.z, first.row1.z, first.row2.z)
    func combined(_ r: PatientVector) -> PatientVector {
      PatientVector(r.dot(c0), r.dot(c1), r.dot(c2))
    }
    return AffineMap(
      row0: combined(row0), row1: combined(row1), row2: combined(row2),
      translation: self(first.translation) + translation)
  }

  /// The volume that a unit volume becomes; negative for a map that mirrors.
  package var determinant: Double { row0.dot(row1.cross(row2)) }

  /// The map back; `nil` where the map flattens space.
  package var inverse: AffineMap? {
    let d = determinant
    guard d.isFinite, abs(d) > 1e-12 else { return nil }
    let a = row1.cross(row2) * (1 / d)
    let b = row2.cross(row0) * (1 / d)
    let c = row0.cross(row1) * (1 / d)
    let linear = AffineMap(
      row0: PatientVector(a.x, b.x, c.x), row1: PatientVector(a.y, b.y, c.y),
      row2: PatientVector(a.z, b.z, c.z), translation: PatientVector(0, 0, 0))
    return AffineMap(
      row0: linear.row0, row1: linear.row1, row2: linear.row2, translation: -linear(translation))
  }
}

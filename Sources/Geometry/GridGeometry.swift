/// Where the sample points of a dose grid lie: a plane, repeated at offsets along its normal.
///
/// PS3.3 C.8.8.3.2. Samples are `planes * rows * columns`, plane by plane, row by row. The dose is
/// known between the outermost sample points and nowhere else.
package struct GridGeometry: Hashable, Sendable {
  /// The plane with offset 0.
  package let plane: ImagePlane
  /// Distance of each sampled plane from ``plane`` along its normal, mm; strictly monotonic.
  package let offsets: [Double]

  package init(plane: ImagePlane, offsets: [Double]) throws(GeometryError) {
    guard let first = offsets.first else { throw .offsetCount(offsets: 0, planes: 0) }
    guard first.isFinite else { throw .offsetsNotMonotonic(index: 0) }
    for index in offsets.indices.dropFirst() {
      let step = offsets[index] - offsets[index - 1]
      guard step.isFinite, step != 0, (step > 0) == (offsets[1] > offsets[0]) else {
        throw .offsetsNotMonotonic(index: index)
      }
    }
    self.plane = plane
    self.offsets = offsets
  }

  /// The patient position of a sample point.
  package func position(column: Int, row: Int, plane index: Int) -> PatientPoint {
    plane.position(column: Double(column), row: Double(row)) + plane.normal * offsets[index]
  }

  /// The eight corners of the region between the outermost sample points.
  package var corners: [PatientPoint] {
    var points: [PatientPoint] = []
    for index in [0, offsets.count - 1] {
      for row in [0, plane.rows - 1] {
        for column in [0, plane.columns - 1] {
          points.append(position(column: column, row: row, plane: index))
        }
      }
    }
    return points
  }
}

package import Geometry

/// A dose on the sample points of a grid, as RT Dose holds it: whole counts and Gy for each.
///
/// PS3.3 C.8.8.3. The dose is known between the outermost sample points and nowhere else; between
/// the points it is trilinear in the grid's own index space, in double precision.
package struct DoseGrid: Sendable {
  package let geometry: GridGeometry
  /// `planes * rows * columns` counts, plane by plane, row by row: as Pixel Data (7FE0,0010).
  package let counts: [UInt32]
  /// Dose Grid Scaling (3004,000E): Gy for each count.
  package let grayPerCount: Double

  /// How far beyond the outermost sample points a point may lie and still count as on them, in
  /// units of the spacing: room for the rounding of coordinates and no more.
  static let tolerance = 1e-6
  /// How far from the only plane (row, column) of a grid a point may lie and still count as on
  /// it, in mm: decimal strings that name the same plane twice may differ by that much.
  static let planeTolerance = 1e-3

  package init(
    geometry: GridGeometry, counts: [UInt32], grayPerCount: Double
  ) throws(DoseMapError) {
    let (perPlane, overflow) = geometry.plane.rows.multipliedReportingOverflow(
      by: geometry.plane.columns)
    let (expected, overflowToo) = perPlane.multipliedReportingOverflow(by: geometry.offsets.count)
    guard !overflow, !overflowToo, counts.count == expected else {
      throw .sampleCount(expected: overflow || overflowToo ? .max : expected, found: counts.count)
    }
    guard grayPerCount.isFinite, grayPerCount > 0 else { throw .scaling(grayPerCount) }
    self.geometry = geometry
    self.counts = counts
    self.grayPerCount = grayPerCount
  }

  package var columns: Int { geometry.plane.columns }
  package var rows: Int { geometry.plane.rows }
  package var planes: Int { geometry.offsets.count }

  /// The dose at a sample point, in Gy.
  package func dose(column: Int, row: Int, plane: Int) -> Double {
    Double(counts[(plane * rows + row) * columns + column]) * grayPerCount
  }

  /// The dose at a point of the grid's own frame of reference, in Gy; `nil` where it is unknown.
  package func dose(at point: PatientPoint) -> Double? {
    doses(at: CollectionOfOne(point))[0]
  }

  /// The same at many points: the grid is made ready for questions once.
  package func doses(at points: some Collection<PatientPoint>) -> [Double?] {
    let sampler = GridSampler(self)
    return points.map { point in
      let value = sampler.dose(at: point)
      return value.isNaN ? nil : value
    }
  }

  /// The highest dose of a sample point and that point: no trilinear value lies above it.
  package var maximum: (gray: Double, position: PatientPoint) {
    var best = 0
    for index in counts.indices where counts[index] > counts[best] { best = index }
    let (plane, inPlane) = best.quotientAndRemainder(dividingBy: rows * columns)
    let (row, column) = inPlane.quotientAndRemainder(dividingBy: columns)
    return (
      Double(counts[best]) * grayPerCount,
      geometry.position(column: column, row: row, plane: plane)
    )
  }

  /// The highest dose on the boundary of the grid, in Gy.
  ///
  /// An isodose of a higher dose is not cut by the edge of the grid. Of a grid with one plane the
  /// rim of that plane counts.
  package var maximumOnBoundary: Double {
    var highest: UInt32 = 0
    for plane in 0..<planes {
      let whole = planes > 1 && (plane == 0 || plane == planes - 1)
      for row in 0..<rows {
        let start = (plane * rows + row) * columns
        if whole || (rows > 1 && (row == 0 || row == rows - 1)) {
          for column in 0..<columns { highest = max(highest, counts[start + column]) }
        } else if columns > 1 {
          highest = max(highest, counts[start], counts[start + columns - 1])
        }
      }
    }
    return Double(highest) * grayPerCount
  }
}

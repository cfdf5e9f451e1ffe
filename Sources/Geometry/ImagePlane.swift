/// Where the pixels of an image lie in the patient.
///
/// PS3.3 C.7.6.2.1.1. Both directions are unit vectors at right angles; lengths are mm.
package struct ImagePlane: Hashable, Sendable {
  /// Centre of the top left pixel: Image Position (Patient).
  package let position: PatientPoint
  /// Where the column index grows: the first three values of Image Orientation (Patient).
  package let rowDirection: PatientVector
  /// Where the row index grows: the last three values of Image Orientation (Patient).
  package let columnDirection: PatientVector
  /// Distance between the centres of neighbouring rows: the first value of Pixel Spacing.
  package let rowSpacing: Double
  /// Distance between the centres of neighbouring columns: the second value of Pixel Spacing.
  package let columnSpacing: Double
  package let rows: Int
  package let columns: Int

  /// How far the two directions may be from unit length and right angle.
  package static let directionTolerance = 1e-3

  /// Makes a plane whose directions are normalised; throws where the numbers describe none.
  ///
  /// - Parameter orientation: six direction cosines as in Image Orientation (Patient).
  package init(
    position: PatientPoint, orientation: [Double], rowSpacing: Double, columnSpacing: Double,
    rows: Int, columns: Int
  ) throws(GeometryError) {
    guard orientation.count == 6 else { throw .orientationCount(orientation.count) }
    let along = PatientVector(orientation[0], orientation[1], orientation[2])
    let down = PatientVector(orientation[3], orientation[4], orientation[5])
    guard abs(along.length - 1) < Self.directionTolerance,
      abs(down.length - 1) < Self.directionTolerance,
      abs(along.dot(down)) < Self.directionTolerance,
      let rowDirection = along.normalized,
      // Gram-Schmidt: what rounding left of the row direction is taken out.
      let columnDirection = (down - rowDirection * rowDirection.dot(down)).normalized
    else { throw .orientationNotOrthonormal(orientation) }
    guard rowSpacing > 0, columnSpacing > 0, rowSpacing.isFinite, columnSpacing.isFinite else {
      throw .spacing(rowSpacing, columnSpacing)
    }
    guard rows > 0, columns > 0 else { throw .matrix(rows: rows, columns: columns) }
    guard position.x.isFinite, position.y.isFinite, position.z.isFinite else {
      throw .position(position)
    }
    self.position = position
    self.rowDirection = rowDirection
    self.columnDirection = columnDirection
    self.rowSpacing = rowSpacing
    self.columnSpacing = columnSpacing
    self.rows = rows
    self.columns = columns
  }

  /// The unit vector at right angles to the plane: row direction x column direction.
  package var normal: PatientVector { rowDirection.cross(columnDirection) }

  /// How far the plane lies along a direction, in mm: what slices are sorted by.
  package func distance(along direction: PatientVector) -> Double {
    (position - .origin).dot(direction)
  }

  /// The patient position of the centre of a pixel.
  ///
  /// PS3.3 Equation C.7.6.2.1-1 with both indices counted from 0: `(0, 0)` is the centre of the
  /// top left pixel and equals Image Position (Patient).
  ///
  /// - Parameters:
  ///   - column: index along a row, 0 at the left; fractions are allowed.
  ///   - row: index down a column, 0 at the top; fractions are allowed.
  package func position(column: Double, row: Double) -> PatientPoint {
    position + rowDirection * (column * columnSpacing) + columnDirection * (row * rowSpacing)
  }

  /// The pixel index of the foot of the perpendicular from a point to this plane.
  package func index(of point: PatientPoint) -> (column: Double, row: Double) {
    let v = point - position
    return (v.dot(rowDirection) / columnSpacing, v.dot(columnDirection) / rowSpacing)
  }

  /// The plane of the same picture with every pixel made a block of `factor` x `factor` pixels.
  ///
  /// The centre of the top left small pixel lies `(factor - 1) / (2 factor)` of a pixel up and to
  /// the left of the centre of the top left large one.
  package func scaled(by factor: Int) -> ImagePlane {
    precondition(factor > 0, "pixels are made smaller by a whole number")
    let shift = 0.5 / Double(factor) - 0.5
    return ImagePlane(
      unchecked: position(column: shift, row: shift), rowDirection, columnDirection,
      rowSpacing / Double(factor), columnSpacing / Double(factor), rows * factor, columns * factor)
  }

  /// This plane moved along a vector, in mm.
  package func moved(by step: PatientVector) -> ImagePlane {
    ImagePlane(
      unchecked: position + step, rowDirection, columnDirection, rowSpacing, columnSpacing, rows,
      columns)
  }

  private init(
    unchecked position: PatientPoint, _ rowDirection: PatientVector,
    _ columnDirection: PatientVector, _ rowSpacing: Double, _ columnSpacing: Double, _ rows: Int,
    _ columns: Int
  ) {
    self.position = position
    self.rowDirection = rowDirection
    self.columnDirection = columnDirection
    self.rowSpacing = rowSpacing
    self.columnSpacing = columnSpacing
    self.rows = rows
    self.columns = columns
  }
}

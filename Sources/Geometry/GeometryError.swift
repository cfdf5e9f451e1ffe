/// Why numbers from a file describe no plane, grid or stack.
package enum GeometryError: Error, Equatable {
  case orientationCount(Int)
  case orientationNotOrthonormal([Double])
  case spacing(Double, Double)
  case matrix(rows: Int, columns: Int)
  case position(PatientPoint)
  /// The offsets of a grid's planes are not one for each plane.
  case offsetCount(offsets: Int, planes: Int)
  /// The offsets neither grow nor fall all the way, or are not finite.
  case offsetsNotMonotonic(index: Int)
}

extension GeometryError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .orientationCount(let count): "six direction cosines expected, \(count) found"
    case .orientationNotOrthonormal(let values):
      "direction cosines \(values) are not two unit vectors at right angles"
    case .spacing(let row, let column): "pixel spacing \(row) x \(column) mm is not above 0"
    case .matrix(let rows, let columns): "a matrix of \(rows) rows and \(columns) columns"
    case .position(let p): "position (\(p.x), \(p.y), \(p.z)) is not finite"
    case .offsetCount(let offsets, let planes): "\(offsets) frame offsets for \(planes) frames"
    case .offsetsNotMonotonic(let index):
      "frame offsets neither grow nor fall all the way (value \(index + 1))"
    }
  }
}

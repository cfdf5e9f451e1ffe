package import Geometry

/// The dose at the pixel centres of a plane.
package struct DosePlane: Sendable {
  package let plane: ImagePlane
  /// `rows * columns` doses in Gy, row by row from the top left; not a number where unknown.
  package let values: [Double]
  /// The highest known dose of each row; minus infinity where none is known.
  let rowMaxima: [Double]

  init(plane: ImagePlane, values: [Double]) {
    self.plane = plane
    self.values = values
    let columns = plane.columns
    rowMaxima = values.withUnsafeBufferPointer { values in
      (0..<values.count / max(columns, 1)).map { row in
        var highest = -Double.infinity
        // An unknown dose compares as false.
        for index in row * columns..<(row + 1) * columns where values[index] > highest {
          highest = values[index]
        }
        return highest
      }
    }
  }

  /// The rows from the first to the last in which the dose reaches a level.
  func rows(reaching level: Double) -> Range<Int> {
    guard let first = rowMaxima.firstIndex(where: { $0 >= level }),
      let last = rowMaxima.lastIndex(where: { $0 >= level })
    else { return 0..<0 }
    return first..<last + 1
  }

  package var rows: Int { plane.rows }
  package var columns: Int { plane.columns }

  /// The highest known dose; `nil` where none is known.
  package var maximum: Double? {
    guard let highest = rowMaxima.max(), highest.isFinite else { return nil }
    return highest
  }

  /// Whether the dose is known at any pixel.
  package var isKnownAnywhere: Bool { maximum != nil }
}

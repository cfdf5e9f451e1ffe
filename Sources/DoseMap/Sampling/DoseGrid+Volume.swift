import Geometry

/// How much tissue lies inside an isodose.
extension DoseGrid {
  /// Into how many parts a cell that the isodose cuts is divided along each axis.
  private static let subdivision = 6

  /// The volume of the region at or above a dose, in cm3: of the trilinear dose itself.
  ///
  /// Cells wholly above count whole; cells that are cut are sampled on a fine lattice of points,
  /// which is within 1 % for regions of more than a few cells. A grid of one plane has no volume.
  package func volume(atOrAbove gray: Double) -> Double {
    guard planes > 1, rows > 1, columns > 1, gray > 0 else { return 0 }
    let wanted = gray / grayPerCount
    let area = geometry.plane.columnSpacing * geometry.plane.rowSpacing
    var volume = 0.0
    for plane in 0..<planes - 1 {
      let depth = abs(geometry.offsets[plane + 1] - geometry.offsets[plane])
      var cells = 0.0
      for row in 0..<rows - 1 {
        let start = (plane * rows + row) * columns
        for column in 0..<columns - 1 {
          let first = start + column
          let corners: [8 of UInt32] = [
            counts[first], counts[first + 1], counts[first + columns],
            counts[first + columns + 1], counts[first + rows * columns],
            counts[first + rows * columns + 1], counts[first + (rows + 1) * columns],
            counts[first + (rows + 1) * columns + 1],
          ]
          var low = corners[0]
          var high = corners[0]
          for index in 1..<8 {
            low = min(low, corners[index])
            high = max(high, corners[index])
          }
          if Double(low) >= wanted {
            cells += 1
          } else if Double(high) >= wanted {
            cells += Self.share(of: corners, atOrAbove: wanted)
          }
        }
      }
      volume += cells * depth
    }
    return volume * area / 1000
  }

  /// The share of a cell whose trilinear value is at or above a count.
  private static func share(of c: [8 of UInt32], atOrAbove wanted: Double) -> Double {
    let n = subdivision
    let (c0, c1, c2, c3) = (Double(c[0]), Double(c[1]), Double(c[2]), Double(c[3]))
    let (c4, c5, c6, c7) = (Double(c[4]), Double(c[5]), Double(c[6]), Double(c[7]))
    var inside = 0
    for k in 0..<n {
      let z = (Double(k) + 0.5) / Double(n)
      let (a0, a1) = (c0 + (c4 - c0) * z, c1 + (c5 - c1) * z)
      let (a2, a3) = (c2 + (c6 - c2) * z, c3 + (c7 - c3) * z)
      for j in 0..<n {
        let y = (Double(j) + 0.5) / Double(n)
        let (b0, b1) = (a0 + (a2 - a0) * y, a1 + (a3 - a1) * y)
        for i in 0..<n where b0 + (b1 - b0) * (Double(i) + 0.5) / Double(n) >= wanted {
          inside += 1
        }
      }
    }
    return Double(inside) / Double(n * n * n)
  }
}

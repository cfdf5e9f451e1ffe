import Geometry

extension DoseField {
  /// About how much the coarseness of the grids takes from the volumes at or above levels, in cm3.
  ///
  /// Between its points a grid's dose is taken as linear, which cuts off the top of every round
  /// peak: a sphere of 8 mm loses an eighth of its volume on a grid of 2 mm. The mean error of the
  /// linear dose in a cell is a twelfth of the dose's second differences; the volume is measured
  /// again on grids from which that is taken off. Below 0 where coarseness adds to a volume.
  ///
  /// - Parameters:
  ///   - levels: in Gy.
  ///   - volumes: ``volumes(atOrAbove:)`` of the same levels.
  package func coarseness(of volumes: [Double], atOrAbove levels: [Double]) -> [Double] {
    guard let finer = try? DoseField(parts: parts.map { try $0.sharpened }) else {
      return levels.map { _ in 0 }
    }
    return zip(finer.volumes(atOrAbove: levels), volumes).map { $0 - $1 }
  }
}

extension DoseField.Part {
  fileprivate var sharpened: DoseField.Part {
    get throws(DoseMapError) {
      try DoseField.Part(
        grid: try grid.sharpened, factor: factor, map: map, isZeroBeyondGrid: isZeroBeyondGrid)
    }
  }
}

extension DoseGrid {
  /// The grid whose linear dose has about the mean of the smooth dose in every cell.
  fileprivate var sharpened: DoseGrid {
    get throws(DoseMapError) {
      let offsets = geometry.offsets
      let size = rows * columns
      // Counts are small in some files: what is taken off them may be parts of one.
      let highest = Double(counts.max() ?? 0)
      let fine = max(1, (Double(UInt32.max) / 4 / max(highest, 1)).rounded(.down))
      let sharp = [UInt32](unsafeUninitializedCapacity: counts.count) { sharp, filled in
        counts.withUnsafeBufferPointer { counts in
          for plane in 0..<planes {
            // The distances to the planes before and behind, which need not be the same.
            let isInner = plane > 0 && plane < planes - 1
            let before = isInner ? abs(offsets[plane] - offsets[plane - 1]) : 1
            let behind = isInner ? abs(offsets[plane + 1] - offsets[plane]) : 1
            let share = 2 * before * behind / (before + behind)
            for row in 0..<rows {
              for column in 0..<columns {
                let index = plane * size + row * columns + column
                let value = Double(counts[index])
                func bend(_ step: Int) -> Double {
                  Double(counts[index - step]) + Double(counts[index + step]) - 2 * value
                }
                var sum = 0.0
                if column > 0 && column < columns - 1 { sum += bend(1) }
                if row > 0 && row < rows - 1 { sum += bend(columns) }
                if isInner {
                  let down = (Double(counts[index - size]) - value) / before
                  let up = (Double(counts[index + size]) - value) / behind
                  sum += share * (down + up)
                }
                let sharper = (value - sum / 12) * fine
                sharp[index] = UInt32(
                  clamping: Rounding.nearest(min(max(sharper, 0), Double(UInt32.max))))
              }
            }
          }
        }
        filled = counts.count
      }
      return try DoseGrid(geometry: geometry, counts: sharp, grayPerCount: grayPerCount / fine)
    }
  }
}

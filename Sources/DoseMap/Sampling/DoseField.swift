package import Geometry

/// The dose of a course at every point of the scan's frame of reference: one grid, or a sum.
///
/// A sum is known where every part is known; a part may be told to count as zero beyond its grid.
/// Where no part at all is known nothing is: a sum of zeros that nobody calculated is no dose.
package struct DoseField: Sendable {
  /// One grid of a sum.
  package struct Part: Sendable {
    package let grid: DoseGrid
    /// What the grid's dose is multiplied by, as for delivered of planned fractions.
    package let factor: Double
    package let map: FrameMap
    /// Whether the dose beyond the grid is taken as zero rather than unknown.
    package let isZeroBeyondGrid: Bool

    package init(
      grid: DoseGrid, factor: Double = 1, map: FrameMap = .same, isZeroBeyondGrid: Bool = false
    ) throws(DoseMapError) {
      guard factor.isFinite, factor > 0 else { throw .factor(factor) }
      self.grid = grid
      self.factor = factor
      self.map = map
      self.isZeroBeyondGrid = isZeroBeyondGrid
    }
  }

  package let parts: [Part]

  package init(parts: [Part]) throws(DoseMapError) {
    guard !parts.isEmpty else { throw .noDose }
    self.parts = parts
  }

  /// The dose of one grid.
  package init(grid: DoseGrid, map: FrameMap = .same) {
    // A factor of one is always accepted, so nothing is left that could throw.
    parts = [Part(whole: grid, map)]
  }

  /// The dose at a point of the scan's frame, in Gy; `nil` where it is unknown.
  package func dose(at point: PatientPoint) -> Double? {
    var sum = 0.0
    var isKnown = false
    for part in parts {
      if let mapped = part.map.toDose(point), let dose = part.grid.dose(at: mapped) {
        sum += dose * part.factor
        isKnown = true
      } else if !part.isZeroBeyondGrid {
        return nil
      }
    }
    return isKnown ? sum : nil
  }

  /// The dose at the pixel centres of a plane of the scan's frame.
  package func sampled(on plane: ImagePlane) -> DosePlane { PlaneSampler(self, plane).sampled() }
}

extension DoseField.Part {
  fileprivate init(whole grid: DoseGrid, _ map: FrameMap) {
    self.grid = grid
    factor = 1
    self.map = map
    isZeroBeyondGrid = false
  }
}

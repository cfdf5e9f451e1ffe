package import Geometry

/// The dose at one point with the sample points that it comes from.
package struct DoseProbe: Sendable {
  /// One of the sample points around the point; indices count from 0.
  package struct Corner: Sendable {
    package let column: Int
    package let row: Int
    package let plane: Int
    package let count: UInt32
    /// The share of this sample point in the dose.
    package let weight: Double
    package let position: PatientPoint
  }

  /// The dose in Gy; `nil` where it is unknown.
  package let gray: Double?
  /// Sample points with a share, the first plane first; empty where the dose is unknown.
  package let corners: [Corner]

  /// Probes a grid at a point of its own frame of reference.
  ///
  /// The weights are worked out here once more from positions and spacing, not taken from the
  /// sampling that the map is drawn with: the two have to agree.
  package init(_ grid: DoseGrid, at point: PatientPoint) {
    gray = grid.dose(at: point)
    guard gray != nil else {
      corners = []
      return
    }
    let plane = grid.geometry.plane
    let from = point - plane.position
    let columns = Self.shares(from.dot(plane.rowDirection) / plane.columnSpacing, grid.columns)
    let rows = Self.shares(from.dot(plane.columnDirection) / plane.rowSpacing, grid.rows)
    let planes = Self.shares(from.dot(plane.normal), at: grid.geometry.offsets)
    var corners: [Corner] = []
    for (p, pw) in planes {
      for (r, rw) in rows {
        for (c, cw) in columns where pw * rw * cw > 0 {
          corners.append(
            Corner(
              column: c, row: r, plane: p,
              count: grid.counts[(p * grid.rows + r) * grid.columns + c],
              weight: pw * rw * cw, position: grid.geometry.position(column: c, row: r, plane: p)))
        }
      }
    }
    self.corners = corners
  }

  /// What the corners add up to, in Gy: the same as ``gray``, by another way.
  package func sum(grayPerCount: Double) -> Double {
    corners.map { Double($0.count) * $0.weight }.reduce(0, +) * grayPerCount
  }

  private static func shares(_ index: Double, _ count: Int) -> [(Int, Double)] {
    guard count > 1 else { return [(0, 1)] }
    let inside = min(max(index, 0), Double(count - 1))
    let low = min(Int(inside), count - 2)
    return [(low, 1 - (inside - Double(low))), (low + 1, inside - Double(low))]
  }

  private static func shares(_ depth: Double, at offsets: [Double]) -> [(Int, Double)] {
    guard offsets.count > 1 else { return [(0, 1)] }
    let grows = offsets[1] > offsets[0]
    let next = offsets.indices.dropFirst().first {
      grows ? offsets[$0] >= depth : offsets[$0] <= depth
    }
    let high = next ?? offsets.count - 1
    let share = (depth - offsets[high - 1]) / (offsets[high] - offsets[high - 1])
    let inside = min(max(share, 0), 1)
    return [(high - 1, 1 - inside), (high, inside)]
  }
}

package import Geometry

/// A deformation: takes a point of the registered frame of reference to the source's.
///
/// PS3.3 C.20.3.1.1: source = post * (pre * registered + displacement(registered)). That is the
/// other direction than a Spatial Registration's. The way back has no formula: it is searched for,
/// and found only where going forth again ends at the point one came from.
package struct DeformableMap: Sendable {
  package let pre: AffineMap
  package let grid: DeformableGrid
  package let post: AffineMap
  private let start: AffineMap

  /// How far from its goal a way back may end, mm.
  package static let residualTolerance = 1e-6
  private static let mostSteps = 60

  /// - Returns: `nil` where one of the matrices flattens space.
  package init?(pre: AffineMap, grid: DeformableGrid, post: AffineMap) {
    guard let start = post.after(pre).inverse else { return nil }
    self.pre = pre
    self.grid = grid
    self.post = post
    self.start = start
  }

  /// The point of the source frame; `nil` where the deformation is undefined.
  package func source(of registered: PatientPoint) -> PatientPoint? {
    grid.displacement(at: registered).map { post(pre(registered) + $0) }
  }

  /// The point of the registered frame whose image is `source`; `nil` where none was found.
  ///
  /// Newton's method with halved steps; the residual decides, never the number of steps.
  package func registered(of source: PatientPoint) -> PatientPoint? {
    var point = start(source)
    guard var sample = grid.sample(at: point, isClamped: true) else {
      return nil
    }
    var miss = source - post(pre(point) + sample.vector)
    for _ in 0..<Self.mostSteps {
      if miss.length < Self.residualTolerance / 10_000 { break }
      guard let back = jacobian(sample).inverse else { return nil }
      let step = back(miss)
      var scale = 1.0
      var isBetter = false
      while scale > 1e-4 {
        let next = point + step * scale
        if let there = grid.sample(at: next, isClamped: true) {
          let left = source - post(pre(next) + there.vector)
          if left.length < miss.length {
            (point, sample, miss, isBetter) = (next, there, left, true)
            break
          }
        }
        scale /= 2
      }
      if !isBetter { break }
    }
    // The search may step over the rim; what it found must lie within.
    guard let image = self.source(of: point),
      (source - image).length < Self.residualTolerance
    else { return nil }
    return point
  }

  /// How much of the source a small volume of the registered frame becomes; not above 0 where the
  /// deformation folds; `nil` where it is undefined.
  package func volumeChange(at registered: PatientPoint) -> Double? {
    grid.sample(at: registered, isClamped: false).map { jacobian($0).determinant }
  }

  /// Whether nothing folds in the cell of the grid that a point lies in.
  package func isUnfolded(around registered: PatientPoint) -> Bool {
    guard let here = volumeChange(at: registered), here > 0 else { return false }
    return grid.cellCorners(around: registered).allSatisfy { corner in
      // A corner next to an undefined node has no say; the point itself was defined.
      volumeChange(at: corner).map { $0 > 0 } ?? true
    }
  }

  /// The derivative of ``source(of:)``, as a map of displacements.
  private func jacobian(_ sample: DeformableGrid.Sample) -> AffineMap {
    let columns = [PatientVector(1, 0, 0), PatientVector(0, 1, 0), PatientVector(0, 0, 1)].map {
      unit in
      var slope = PatientVector(0, 0, 0)
      for axis in 0..<3 { slope = slope + sample.slopes[axis] * grid.axes[axis].dot(unit) }
      return post(pre(unit) + slope)
    }
    return AffineMap(
      row0: PatientVector(columns[0].x, columns[1].x, columns[2].x),
      row1: PatientVector(columns[0].y, columns[1].y, columns[2].y),
      row2: PatientVector(columns[0].z, columns[1].z, columns[2].z),
      translation: PatientVector(0, 0, 0))
  }
}

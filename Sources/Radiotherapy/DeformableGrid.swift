package import Geometry

/// Displacements on the nodes of a regular grid, trilinear between them.
///
/// PS3.3 C.20.3.1.3. The grid lies in the registered frame of reference; outside of it, and
/// wherever a node that counts holds no number, the displacement is undefined.
package struct DeformableGrid: Sendable {
  /// The centre of the first node.
  package let origin: PatientPoint
  /// Unit vectors along which the first, second and third index grow.
  package let axes: [PatientVector]
  /// Distance of neighbouring nodes along the three axes, mm.
  package let resolution: [Double]
  package let dimensions: [Int]
  /// `x, y, z` of each node, the first index fastest: as Vector Grid Data (0064,0009).
  private let vectors: [Float]

  /// How far beyond the outermost nodes a point may lie and still count as on them, in units of
  /// the resolution; and how far from the only node of an axis, in mm.
  private static let tolerance = 1e-6
  private static let planeTolerance = 1e-3

  /// - Parameter plane: position, orientation and the spacing of the first two axes.
  /// - Returns: `nil` where the numbers are no grid, or not three values for each node.
  package init?(
    plane: ImagePlane, planes: Int, planeSpacing: Double, vectors: [Float]
  ) {
    let (perPlane, overflow) = plane.columns.multipliedReportingOverflow(by: plane.rows)
    let (nodes, overflowToo) = perPlane.multipliedReportingOverflow(by: planes)
    guard planes > 0, planeSpacing > 0, planeSpacing.isFinite, !overflow, !overflowToo,
      nodes == vectors.count / 3, vectors.count % 3 == 0
    else { return nil }
    origin = plane.position
    axes = [plane.rowDirection, plane.columnDirection, plane.normal]
    resolution = [plane.columnSpacing, plane.rowSpacing, planeSpacing]
    dimensions = [plane.columns, plane.rows, planes]
    self.vectors = vectors
  }

  /// A displacement and how it changes along the three axes of the grid, per mm.
  struct Sample {
    let vector: PatientVector
    let slopes: [PatientVector]
  }

  /// The displacement at a point of the registered frame, in mm; `nil` where it is undefined.
  package func displacement(at point: PatientPoint) -> PatientVector? {
    sample(at: point, isClamped: false)?.vector
  }

  /// The displacement and its slopes.
  ///
  /// - Parameter isClamped: beyond the grid the displacement of its rim goes on; for a search that
  ///   may step over the rim on its way.
  func sample(at point: PatientPoint, isClamped: Bool) -> Sample? {
    let offset = point - origin
    var cell = (0, 0, 0)
    var share = (0.0, 0.0, 0.0)
    guard let x = place(offset, 0, isClamped), let y = place(offset, 1, isClamped),
      let z = place(offset, 2, isClamped)
    else { return nil }
    cell = (x.cell, y.cell, z.cell)
    share = (x.share, y.share, z.share)
    var vector = PatientVector(0, 0, 0)
    var alongX = PatientVector(0, 0, 0)
    var alongY = PatientVector(0, 0, 0)
    var alongZ = PatientVector(0, 0, 0)
    for corner in 0..<8 {
      let (i, j, k) = (corner & 1, corner >> 1 & 1, corner >> 2)
      // An axis with one node has no second corner.
      if (i == 1 && dimensions[0] == 1) || (j == 1 && dimensions[1] == 1)
        || (k == 1 && dimensions[2] == 1)
      {
        continue
      }
      let wx = i == 1 ? share.0 : 1 - share.0
      let wy = j == 1 ? share.1 : 1 - share.1
      let wz = k == 1 ? share.2 : 1 - share.2
      let node = self.node(cell.0 + i, cell.1 + j, cell.2 + k)
      let weight = wx * wy * wz
      guard node.isFinite else {
        // A node that carries no weight does not decide.
        if weight == 0 { continue }
        return nil
      }
      vector = vector + node * weight
      alongX = alongX + node * ((i == 1 ? 1 : -1) * wy * wz / resolution[0])
      alongY = alongY + node * ((j == 1 ? 1 : -1) * wx * wz / resolution[1])
      alongZ = alongZ + node * ((k == 1 ? 1 : -1) * wx * wy / resolution[2])
    }
    let flat = PatientVector(0, 0, 0)
    return Sample(
      vector: vector,
      slopes: [
        dimensions[0] == 1 ? flat : alongX, dimensions[1] == 1 ? flat : alongY,
        dimensions[2] == 1 ? flat : alongZ,
      ])
  }

  /// The corners of the cell that a point lies in, moved a hair inside so that each is judged with
  /// the cell's own slopes; empty outside the grid.
  func cellCorners(around point: PatientPoint) -> [PatientPoint] {
    let offset = point - origin
    guard let x = place(offset, 0, false), let y = place(offset, 1, false),
      let z = place(offset, 2, false)
    else { return [] }
    func ends(_ cell: Int, _ axis: Int) -> [Double] {
      dimensions[axis] == 1 ? [0] : [Double(cell) + 1e-3, Double(cell) + 1 - 1e-3]
    }
    var corners: [PatientPoint] = []
    for k in ends(z.cell, 2) {
      for j in ends(y.cell, 1) {
        for i in ends(x.cell, 0) {
          corners.append(
            origin + axes[0] * (i * resolution[0]) + axes[1] * (j * resolution[1])
              + axes[2] * (k * resolution[2]))
        }
      }
    }
    return corners
  }

  /// Which cell of the grid a point lies in: one number for each.
  func cellIndex(of point: PatientPoint) -> Int? {
    let offset = point - origin
    guard let x = place(offset, 0, false), let y = place(offset, 1, false),
      let z = place(offset, 2, false)
    else { return nil }
    return (z.cell * dimensions[1] + y.cell) * dimensions[0] + x.cell
  }

  private func place(
    _ offset: PatientVector, _ axis: Int, _ isClamped: Bool
  ) -> (cell: Int, share: Double)? {
    let index = offset.dot(axes[axis]) / resolution[axis]
    guard index.isFinite else { return nil }
    let last = dimensions[axis] - 1
    let slack = last == 0 ? Self.planeTolerance / resolution[axis] : Self.tolerance
    if !isClamped, index < -slack || index > Double(last) + slack { return nil }
    guard last > 0 else { return (0, 0) }
    let inside = min(max(index, 0), Double(last))
    let cell = min(Int(inside), last - 1)
    return (cell, inside - Double(cell))
  }

  private func node(_ i: Int, _ j: Int, _ k: Int) -> PatientVector {
    let first = ((k * dimensions[1] + j) * dimensions[0] + i) * 3
    return PatientVector(
      Double(vectors[first]), Double(vectors[first + 1]), Double(vectors[first + 2]))
  }
}

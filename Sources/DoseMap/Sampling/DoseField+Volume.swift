package import Geometry

extension DoseField {
  /// The volumes in which the dose is at or above levels, in cm3, one for each level.
  ///
  /// The volume of the trilinear level set itself: cells that a level cuts are integrated along one
  /// axis exactly and over the others by `8 x 8` lines, well within 1 %. One grid is integrated
  /// over its own cells; a sum over a lattice of the finest spacing around all of its grids, where
  /// cells with an unknown corner do not count. Of a deformed dose it is the volume in the dose's
  /// own frame.
  ///
  /// - Parameter levels: in Gy.
  package func volumes(atOrAbove levels: [Double]) -> [Double] {
    guard parts.count > 1 else { return parts.first.map { $0.volumes(levels) } ?? [] }
    guard let lattice = Lattice(parts) else { return levels.map { _ in 0 } }
    var sums = [Double](repeating: 0, count: levels.count)
    var near = sampled(on: lattice.plane).values
    for index in 1..<lattice.count {
      let far = sampled(on: lattice.plane.moved(by: lattice.step * Double(index))).values
      Slab(near: near, far: far, columns: lattice.plane.columns).add(levels, 1, to: &sums)
      near = far
    }
    return sums.map { $0 * lattice.cellVolume / 1000 }
  }

  /// The highest dose in Gy and where it lies in the scan's frame; `nil` where none is known.
  ///
  /// Looked for at the sample points of all grids: of one grid no dose lies higher.
  package var maximum: (gray: Double, position: PatientPoint)? {
    if parts.count == 1, let part = parts.first {
      let (gray, position) = part.grid.maximum
      return part.map.toScan(position).map { (gray * part.factor, $0) }
    }
    let heights = parts.map { $0.grid.maximum.gray * $0.factor }
    var best: (gray: Double, position: PatientPoint)?
    for (index, part) in parts.enumerated() {
      // What the other grids can add at most tells which points are worth a look.
      let others = heights.enumerated().reduce(0) { $1.offset == index ? $0 : $0 + $1.element }
      let grid = part.grid
      for plane in 0..<grid.planes {
        for row in 0..<grid.rows {
          for column in 0..<grid.columns {
            let own = grid.dose(column: column, row: row, plane: plane) * part.factor
            if own + others <= best?.gray ?? -1 { continue }
            let place = grid.geometry.position(column: column, row: row, plane: plane)
            guard let point = part.map.toScan(place), let gray = dose(at: point),
              gray > best?.gray ?? -1
            else { continue }
            best = (gray, point)
          }
        }
      }
    }
    return best
  }
}

extension DoseField.Part {
  /// As ``DoseField/volumes(atOrAbove:)``, over this grid's own cells.
  fileprivate func volumes(_ levels: [Double]) -> [Double] {
    let plane = grid.geometry.plane
    let offsets = grid.geometry.offsets
    var sums = [Double](repeating: 0, count: levels.count)
    guard grid.planes > 1, grid.rows > 1, grid.columns > 1 else { return sums }
    func values(_ index: Int) -> [Double] {
      let size = grid.rows * grid.columns
      let scale = grid.grayPerCount * factor
      return grid.counts[index * size..<(index + 1) * size].map { Double($0) * scale }
    }
    var near = values(0)
    for index in 1..<grid.planes {
      let far = values(index)
      let gap = abs(offsets[index] - offsets[index - 1])
      Slab(near: near, far: far, columns: grid.columns).add(levels, gap, to: &sums)
      near = far
    }
    let stretch =
      switch map {
      case .affine(_, let toScan): abs(toScan.determinant)
      case .same, .pointwise: 1.0
      }
    return sums.map { $0 * plane.rowSpacing * plane.columnSpacing * stretch / 1000 }
  }
}

/// The cells between two neighbouring planes of samples.
private struct Slab {
  let near: [Double]
  let far: [Double]
  let columns: Int

  /// How many lines through a cell are integrated, along each side.
  private static let lines = 8

  /// Adds, for each level, how many cells lie above it, times a weight.
  func add(_ levels: [Double], _ weight: Double, to sums: inout [Double]) {
    let rows = near.count / columns
    guard let lowest = levels.min(), rows > 1, columns > 1, far.count == near.count else { return }
    near.withUnsafeBufferPointer { near in
      far.withUnsafeBufferPointer { far in
        Self.add(levels, lowest, weight, near, far, rows: rows, columns: columns, to: &sums)
      }
    }
  }

  private static func add(
    _ levels: [Double], _ lowest: Double, _ weight: Double, _ near: UnsafeBufferPointer<Double>,
    _ far: UnsafeBufferPointer<Double>, rows: Int, columns: Int, to sums: inout [Double]
  ) {
    for row in 0..<rows - 1 {
      for column in 0..<columns - 1 {
        let i = row * columns + column
        let a = SIMD4(near[i], near[i + 1], near[i + columns], near[i + columns + 1])
        let b = SIMD4(far[i], far[i + 1], far[i + columns], far[i + columns + 1])
        let high = max(a.max(), b.max())
        // A corner that is not a number makes the sum one.
        guard high >= lowest, !(a.sum() + b.sum()).isNaN else { continue }
        let low = min(a.min(), b.min())
        for (index, level) in levels.enumerated() where high >= level {
          sums[index] += weight * (low >= level ? 1 : Self.share(a, b, level))
        }
      }
    }
  }

  /// The shares of the four corners at each of the lines.
  private static let weights: [SIMD4<Double>] = (0..<lines * lines).map { index in
    let v = (Double(index / lines) + 0.5) / Double(lines)
    let u = (Double(index % lines) + 0.5) / Double(lines)
    return SIMD4((1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v)
  }

  /// The share of a cell in which the trilinear dose is at or above a level.
  private static func share(_ a: SIMD4<Double>, _ b: SIMD4<Double>, _ level: Double) -> Double {
    var sum = 0.0
    for weights in weights {
      let (start, end) = ((a * weights).sum() - level, (b * weights).sum() - level)
      if start >= 0 && end >= 0 {
        sum += 1
      } else if start >= 0 || end >= 0 {
        sum += max(start, end) / abs(end - start)
      }
    }
    return sum / Double(lines * lines)
  }
}

/// A lattice of the finest spacing around all grids of a sum.
private struct Lattice {
  let plane: ImagePlane
  let step: PatientVector
  let count: Int
  let cellVolume: Double

  /// The most points along a side: beyond it the spacing grows.
  private static let longest = 1024

  init?(_ parts: [DoseField.Part]) {
    var low = PatientPoint(.infinity, .infinity, .infinity)
    var high = PatientPoint(-.infinity, -.infinity, -.infinity)
    var spacing = Double.infinity
    for part in parts {
      for corner in part.grid.geometry.corners {
        guard let p = part.map.toScan(corner) else { continue }
        low = PatientPoint(min(low.x, p.x), min(low.y, p.y), min(low.z, p.z))
        high = PatientPoint(max(high.x, p.x), max(high.y, p.y), max(high.z, p.z))
      }
      let plane = part.grid.geometry.plane
      spacing = min(spacing, plane.rowSpacing, plane.columnSpacing)
    }
    let size = high - low
    guard size.isFinite, spacing.isFinite else { return nil }
    spacing = max(spacing, max(size.x, size.y, size.z) / Double(Self.longest - 2))
    func points(_ length: Double) -> Int { Int((length / spacing).rounded(.up)) + 1 }
    guard
      let plane = try? ImagePlane(
        position: low, orientation: [1, 0, 0, 0, 1, 0], rowSpacing: spacing,
        columnSpacing: spacing, rows: points(size.y), columns: points(size.x))
    else { return nil }
    self.plane = plane
    step = PatientVector(0, 0, spacing)
    count = points(size.z)
    cellVolume = spacing * spacing * spacing
  }
}

import Geometry

/// Finds the small regions above a level that lie between the pixel centres.
///
/// Where pixels are coarser than the dose grid, a peak can reach a level without any pixel centre
/// reaching it. Each pixel that is highest among its neighbours is climbed from, and a ring is
/// traced around a summit that reaches the level.
struct LostPeaks {
  let sampler: PlaneSampler
  let dose: DosePlane

  /// How many directions a ring has.
  private static let directions = 16

  /// The pixels that are highest among their neighbours.
  private let highest: [Int]

  init(sampler: PlaneSampler, dose: DosePlane) {
    self.sampler = sampler
    self.dose = dose
    let (rows, columns) = (dose.rows, dose.columns)
    highest = dose.values.withUnsafeBufferPointer { doses in
      var highest: [Int] = []
      for row in 1..<max(rows - 1, 1) {
        for index in row * columns + 1..<row * columns + max(columns - 1, 1)
        where Self.isHighest(doses, index, columns) { highest.append(index) }
      }
      return highest
    }
  }

  func lines(at level: Double) -> [PixelPath] {
    var rings: [PixelPath] = []
    // A peak lies on a line through sample points and falls off to nothing a voxel away at most, so
    // where pixels are much finer than voxels only those near the level need a look.
    let fall = max(1 - 0.75 * sampler.voxelsPerPixel, 0)
    let threshold = level * max(fall * fall, 0.02)
    for index in highest {
      let value = dose.values[index]
      guard value < level, value > threshold else { continue }
      let (row, column) = index.quotientAndRemainder(dividingBy: dose.columns)
      let start = PixelPoint(column: Double(column), row: Double(row))
      let (summit, height) = climbed(from: start, value)
      guard height >= level, let ring = ring(around: summit, level) else { continue }
      if !rings.contains(where: { $0.points[0].distance(to: ring.points[0]) < 0.5 }) {
        rings.append(ring)
      }
    }
    return rings
  }

  /// - Parameter index: of a pixel that has neighbours on all sides.
  @inline(__always)
  private static func isHighest(
    _ doses: UnsafeBufferPointer<Double>, _ index: Int, _ columns: Int
  ) -> Bool {
    let value = doses[index]
    var isFlat = true
    // The cheap neighbours first; an unknown one compares as false and ends it.
    for step in [1, -1, columns, -columns, columns + 1, columns - 1, 1 - columns, -1 - columns] {
      guard doses[index + step] <= value else { return false }
      if doses[index + step] < value { isFlat = false }
    }
    return !isFlat
  }

  /// The highest place around a pixel: looked for all around, then ever nearer and finer.
  ///
  /// The trilinear dose has sharp ridges; going uphill from where one stands gets stuck on them.
  private func climbed(from start: PixelPoint, _ value: Double) -> (PixelPoint, Double) {
    var (best, height) = (start, value)
    var step = 0.25
    while step > 0.004 {
      let middle = best
      for down in -4...4 {
        for right in -4...4 {
          let place = PixelPoint(
            column: middle.column + Double(right) * step, row: middle.row + Double(down) * step)
          let dose = sampler.dose(at: place)
          if dose > height { (best, height) = (place, dose) }
        }
      }
      step /= 4
    }
    return (best, height)
  }

  /// The places in all directions where the dose falls below the level; `nil` for a ridge that
  /// runs on to pixels that reach the level themselves.
  private func ring(around summit: PixelPoint, _ level: Double) -> PixelPath? {
    var points: [PixelPoint] = []
    for (x, y) in Self.compass {
      let direction = PixelPoint(column: x, row: y)
      var (inside, outside) = (0.0, 0.1)
      while sampler.dose(at: summit + direction * outside) >= level {
        inside = outside
        outside += 0.1
        if outside > Self.longestReach || isTraced(summit + direction * inside, level) {
          return nil
        }
      }
      for _ in 0..<12 {
        let middle = (inside + outside) / 2
        if sampler.dose(at: summit + direction * middle) >= level {
          inside = middle
        } else {
          outside = middle
        }
      }
      points.append(summit + direction * inside)
    }
    return PixelPath(points: points, isClosed: true)
  }

  /// How far from its summit a region may reach between the pixel centres, in pixels.
  private static let longestReach = 8.0

  /// Whether the nearest pixel reaches the level, so that the cells around it hold its line.
  private func isTraced(_ place: PixelPoint, _ level: Double) -> Bool {
    let (row, column) = (Int(place.row.rounded()), Int(place.column.rounded()))
    guard (0..<dose.rows).contains(row), (0..<dose.columns).contains(column) else { return true }
    return dose.values[row * dose.columns + column] >= level
  }

  /// Unit vectors all around.
  private static let compass: [(Double, Double)] = {
    let half = 0.5.squareRoot()
    let (near, far) = ((0.5 + half / 2).squareRoot(), (0.5 - half / 2).squareRoot())
    let quarter = [(1.0, 0.0), (near, far), (half, half), (far, near)]
    return quarter + quarter.map { (-$1, $0) } + quarter.map { (-$0, -$1) }
      + quarter.map { ($1, -$0) }
  }()
}

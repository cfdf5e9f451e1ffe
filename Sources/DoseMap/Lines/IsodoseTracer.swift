import Geometry

/// Finds the isodose lines of a plane, on the trilinear dose itself.
///
/// Marching squares on the dose at the pixel centres finds where the lines run; every point is
/// then moved onto the trilinear dose, so lines do not depend on how coarse the pixels are.
struct IsodoseTracer {
  let sampler: PlaneSampler
  let dose: DosePlane
  private let lostPeaks: LostPeaks

  init(_ field: DoseField, on plane: ImagePlane) {
    sampler = PlaneSampler(field, plane)
    dose = sampler.sampled()
    lostPeaks = LostPeaks(sampler: sampler, dose: dose)
  }

  /// How far, in pixels, a chord may stay off the trilinear line.
  private static let chordTolerance = 0.01

  /// The lines along which the dose is `level` Gy; pixels at exactly the level lie inside.
  func lines(at level: Double) -> [PixelPath] {
    let (rows, columns) = (dose.rows, dose.columns)
    // A line runs between a pixel that reaches the level and one that does not: no further than one
    // row beyond the last that does.
    let high = dose.rows(reaching: level)
    let traced = high.isEmpty ? 0..<0 : max(high.lowerBound - 1, 0)..<min(high.upperBound + 1, rows)
    let tracer = CellTracer(rows: traced, columns: columns, states: states(at: level, rows: traced))
    let paths = tracer.paths(
      crossing: { row, column, right in
        let a = PixelPoint(column: Double(column), row: Double(row))
        let b = PixelPoint(
          column: Double(right ? column + 1 : column), row: Double(right ? row : row + 1))
        let first = row * columns + column
        let second = first + (right ? 1 : columns)
        return crossing(level, a, dose.values[first], b, dose.values[second])
      },
      isHighAcross: { row, column in saddle(row, column) >= level })
    let lost = lostPeaks.lines(at: level)
    return paths.map { refined($0, level) } + lost
  }

  private func states(at level: Double, rows: Range<Int>) -> [UInt8] {
    CellTracer.states(of: dose, rows: rows) {
      $0 >= level ? CellTracer.above : $0 < level ? CellTracer.below : CellTracer.unknown
    }
  }

  /// Where the dose reaches the level between two places on either side of it.
  ///
  /// The straight estimate, bettered by the Illinois form of the false position wherever the
  /// trilinear dose says that it is off by more than a thousandth of the way.
  private func crossing(
    _ level: Double, _ a: PixelPoint, _ doseA: Double, _ b: PixelPoint, _ doseB: Double
  ) -> PixelPoint {
    var (low, high) = (0.0, 1.0)
    var (fLow, fHigh) = (doseA - level, doseB - level)
    let enough = abs(doseB - doseA) * 1e-3
    var share = fLow / (fLow - fHigh)
    var side = 0
    for _ in 0..<24 {
      let f = sampler.dose(at: a.toward(b, share)) - level
      if f.isNaN || abs(f) <= enough { break }
      if (f > 0) == (fHigh > 0) {
        high = share
        fHigh = f
        if side == 1 { fLow /= 2 }
        side = 1
      } else {
        low = share
        fLow = f
        if side == -1 { fHigh /= 2 }
        side = -1
      }
      share = low + (high - low) * fLow / (fLow - fHigh)
    }
    return a.toward(b, share)
  }

  /// The trilinear dose at the saddle of a cell with two high corners across.
  private func saddle(_ row: Int, _ column: Int) -> Double {
    let index = row * dose.columns + column
    let (a, b) = (dose.values[index], dose.values[index + 1])
    let (c, d) = (dose.values[index + dose.columns], dose.values[index + dose.columns + 1])
    let twist = a - b - c + d
    // The corners alternate between above and below, so the twist cannot be zero but for rounding.
    guard twist != 0 else { return (a + b + c + d) / 4 }
    let x = min(max((a - c) / twist, 0), 1)
    let y = min(max((a - b) / twist, 0), 1)
    let value = sampler.dose(column: Double(column) + x, row: Double(row) + y)
    return value.isNaN ? (a * d - b * c) / twist : value
  }

  private func refined(_ path: PixelPath, _ level: Double) -> PixelPath {
    var points: [PixelPoint] = []
    points.reserveCapacity(path.points.count)
    let run = path.run
    for (index, point) in run.enumerated() {
      if let last = points.last {
        let gap = last.distance(to: point)
        if gap < 1e-9 { continue }
        points += bend(last, point, level, depth: 3)
      }
      if !(path.isClosed && index == run.count - 1) { points.append(point) }
    }
    guard !path.isClosed else {
      if points.count > 1, points[points.count - 1].distance(to: points[0]) < 1e-9 {
        points.removeLast()
      }
      return PixelPath(points: points, isClosed: true)
    }
    points = Array(extended(Array(points.reversed()), level).reversed())
    return PixelPath(points: extended(points, level), isClosed: false)
  }

  /// The points that a chord needs between its ends to follow the trilinear line.
  private func bend(
    _ a: PixelPoint, _ b: PixelPoint, _ level: Double, depth: Int
  ) -> [PixelPoint] {
    guard depth > 0, let middle = middle(a, b, a.distance(to: b), level) else { return [] }
    return bend(a, middle, level, depth: depth - 1) + [middle]
      + bend(middle, b, level, depth: depth - 1)
  }

  /// A point of the trilinear line beside the middle of a chord, where the chord is off.
  private func middle(
    _ a: PixelPoint, _ b: PixelPoint, _ gap: Double, _ level: Double
  ) -> PixelPoint? {
    guard gap > 0.1 else { return nil }
    let centre = a.toward(b, 0.5)
    let off = sampler.dose(at: centre) - level
    guard off != 0, !off.isNaN else { return nil }
    let across = PixelPoint(column: (b.row - a.row) / gap, row: (a.column - b.column) / gap)
    let reach = gap / 2
    let ahead = sampler.dose(at: centre + across * reach) - level
    let behind = sampler.dose(at: centre - across * reach) - level
    let slope = (ahead - behind) / (2 * reach)
    guard slope != 0, !slope.isNaN, abs(off / slope) > Self.chordTolerance else { return nil }
    // The line crosses on the side where the sign changes; both or none: leave the chord alone.
    guard (ahead > 0) != (behind > 0) else { return nil }
    let end = (ahead > 0) == (off > 0) ? centre - across * reach : centre + across * reach
    let value = (ahead > 0) == (off > 0) ? behind : ahead
    return crossing(level, centre, off + level, end, value + level)
  }

  /// Follows a line beyond its last point into a cell that the edge of the grid cuts.
  ///
  /// Every point added has a known dose, so no line is invented outside the grid.
  private func extended(_ points: [PixelPoint], _ level: Double) -> [PixelPoint] {
    guard points.count > 1 else { return points }
    var points = points
    var step = 0.25
    while step > 0.02 {
      let last = points[points.count - 1]
      let before = points[points.count - 2]
      let gap = last.distance(to: before)
      guard gap > 0, points[0].distance(to: last) < 1e5 else { break }
      let along = (last - before) * (1 / gap)
      let ahead = last + along * step
      guard ahead.column >= 0, ahead.row >= 0, ahead.column <= Double(dose.columns - 1),
        ahead.row <= Double(dose.rows - 1), !isInsideKnownCell(ahead)
      else { break }
      guard let next = corrected(ahead, along, step, level) else {
        step /= 2
        continue
      }
      points.append(next)
    }
    return points
  }

  private func corrected(
    _ place: PixelPoint, _ along: PixelPoint, _ step: Double, _ level: Double
  ) -> PixelPoint? {
    let across = PixelPoint(column: -along.row, row: along.column)
    let (a, b) = (place + across * step, place - across * step)
    let (doseA, doseB) = (sampler.dose(at: a), sampler.dose(at: b))
    guard !doseA.isNaN, !doseB.isNaN, (doseA >= level) != (doseB >= level) else {
      // At the very edge one side may be unknown: the straight continuation will do if it fits.
      let here = sampler.dose(at: place)
      guard !here.isNaN, doseA.isNaN || doseB.isNaN else { return nil }
      let known = doseA.isNaN ? doseB : doseA
      guard !known.isNaN, (here >= level) != (known >= level) else { return nil }
      return crossing(level, place, here, doseA.isNaN ? b : a, known)
    }
    return crossing(level, a, doseA, b, doseB)
  }

  /// Whether all four pixel centres around a place have a known dose: there the cells are traced.
  private func isInsideKnownCell(_ place: PixelPoint) -> Bool {
    let column = min(max(Int(place.column), 0), dose.columns - 2)
    let row = min(max(Int(place.row), 0), dose.rows - 2)
    let index = row * dose.columns + column
    return !dose.values[index].isNaN && !dose.values[index + 1].isNaN
      && !dose.values[index + dose.columns].isNaN && !dose.values[index + dose.columns + 1].isNaN
  }
}

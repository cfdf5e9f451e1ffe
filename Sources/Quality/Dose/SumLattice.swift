import DoseMap
import Geometry

/// A sum of doses sampled on a lattice in the scan's frame: to judge it by, never to draw.
///
/// The lattice has the finest spacing of the parts and goes through the sample points of the part
/// that has it; it covers all of them.
struct SumLattice {
  private let geometry: GridGeometry
  private let grayPerCount: Double
  /// The known parts' sum at each point.
  private var counts: [UInt32] = []
  private var states: [State] = []

  /// Whether a part that must be known is not, where the others and what it may have may reach the
  /// lowest isodose.
  private(set) var isCut = false
  /// The volume of such points, cm3.
  private(set) var cutVolume = 0.0
  /// The parts that are not known there, by index.
  private(set) var cutting: [Int] = []
  private(set) var isUnknownAnywhere = false

  private enum State: UInt8 {
    case nothing
    case known
    /// Some parts are known, and one that must be is not.
    case partly
  }

  /// No lattice has more points: beyond that the spacing grows.
  private static let most = 6_000_000

  /// - Parameter lowest: the lowest isodose in Gy; `nil` where none is known.
  init?(_ parts: [DoseField.Part], lowest: Double?) {
    guard let geometry = Self.geometry(parts) else { return nil }
    self.geometry = geometry
    let heights = parts.map { $0.grid.maximum.gray * $0.factor }
    let highest = heights.reduce(0, +)
    guard highest > 0, highest.isFinite else { return nil }
    grayPerCount = highest / SummedGrid.largestCount
    let edges = parts.map { $0.grid.maximumBeyond * $0.factor }
    var fields: [DoseField] = []
    for part in parts {
      guard
        let alone = try? DoseField(parts: [
          DoseField.Part(grid: part.grid, factor: part.factor, map: part.map)
        ])
      else { return nil }
      fields.append(alone)
    }
    let (rows, columns) = (geometry.plane.rows, geometry.plane.columns)
    counts.reserveCapacity(rows * columns * geometry.offsets.count)
    states.reserveCapacity(rows * columns * geometry.offsets.count)
    var cut = 0
    var isCutting = [Bool](repeating: false, count: parts.count)
    for offset in geometry.offsets {
      let plane = geometry.plane.moved(by: geometry.plane.normal * offset)
      let samples = fields.map { $0.sampled(on: plane).values }
      for index in 0..<rows * columns {
        var sum = 0.0
        var missing = 0.0
        var known = 0
        var isOpen = false
        for part in samples.indices {
          let value = samples[part][index]
          if value.isNaN {
            if !parts[part].isZeroBeyondGrid {
              isOpen = true
              missing += edges[part]
            }
          } else {
            sum += value
            known += 1
          }
        }
        let state: State = known == 0 ? .nothing : isOpen ? .partly : .known
        if state == .partly {
          isUnknownAnywhere = true
          if let lowest, sum + missing >= lowest, sum > 0 {
            cut += 1
            for part in samples.indices
            where samples[part][index].isNaN && !parts[part].isZeroBeyondGrid {
              isCutting[part] = true
            }
          }
        }
        states.append(state)
        counts.append(UInt32(min((sum / grayPerCount).rounded(), Double(UInt32.max))))
      }
    }
    isCut = cut > 0
    cutting = isCutting.indices.filter { isCutting[$0] }
    let step = geometry.offsets.count > 1 ? abs(geometry.offsets[1] - geometry.offsets[0]) : 0
    cutVolume =
      Double(cut) * geometry.plane.rowSpacing * geometry.plane.columnSpacing * step / 1000
  }

  /// The sum as a grid: 0 where it is not known, unless it is cut: then what is known of it.
  func grid() throws(DoseMapError) -> DoseGrid {
    var shown = counts
    for index in shown.indices where !isShown(index) { shown[index] = 0 }
    return try DoseGrid(geometry: geometry, counts: shown, grayPerCount: grayPerCount)
  }

  private func isShown(_ index: Int) -> Bool {
    states[index] == .known || (isCut && states[index] == .partly)
  }

  /// The highest dose at points that have a neighbour of which nothing is known.
  var edgeGray: Double {
    let (rows, columns) = (geometry.plane.rows, geometry.plane.columns)
    let planes = geometry.offsets.count
    var highest: UInt32 = 0
    var index = 0
    for plane in 0..<planes {
      for row in 0..<rows {
        for column in 0..<columns {
          defer { index += 1 }
          guard counts[index] > highest, isShown(index) else { continue }
          let isEdge =
            column == 0 || column == columns - 1 || row == 0 || row == rows - 1
            || (planes > 1 && (plane == 0 || plane == planes - 1))
            || !isShown(index - 1) || !isShown(index + 1)
            || !isShown(index - columns) || !isShown(index + columns)
            || (planes > 1
              && (!isShown(index - rows * columns) || !isShown(index + rows * columns)))
          if isEdge { highest = counts[index] }
        }
      }
    }
    return Double(highest) * grayPerCount
  }

  // MARK: Where the points lie

  private static func geometry(_ parts: [DoseField.Part]) -> GridGeometry? {
    guard
      let finest = parts.min(by: {
        spacings($0).reduce(1, *) < spacings($1).reduce(1, *)
      }), let axes = axes(of: finest),
      let origin = finest.map.toScan(finest.grid.geometry.corners[0])
    else { return nil }
    var spacing = (0..<3).map { axis in parts.map { spacings($0)[axis] }.min() ?? 1 }
    var low = [Double](repeating: .infinity, count: 3)
    var high = [Double](repeating: -.infinity, count: 3)
    for part in parts {
      for point in outline(of: part) {
        let from = point - origin
        for axis in 0..<3 {
          let at = from.dot(axes[axis])
          low[axis] = min(low[axis], at)
          high[axis] = max(high[axis], at)
        }
      }
    }
    guard (low + high + spacing).allSatisfy(\.isFinite), spacing.allSatisfy({ $0 > 0 }) else {
      return nil
    }
    func steps() -> [(first: Double, count: Double)] {
      (0..<3).map { axis in
        let first = (low[axis] / spacing[axis] + 1e-6).rounded(.down)
        let last = (high[axis] / spacing[axis] - 1e-6).rounded(.up)
        return (first, max(1, last - first + 1))
      }
    }
    while steps().map(\.count).reduce(1, *) > Double(most) {
      for axis in 0..<3 { spacing[axis] *= 1.1 }
    }
    let found = steps()
    let start =
      origin + axes[0] * (found[0].first * spacing[0]) + axes[1] * (found[1].first * spacing[1])
      + axes[2] * (found[2].first * spacing[2])
    guard
      let plane = try? ImagePlane(
        position: start,
        orientation: [axes[0].x, axes[0].y, axes[0].z, axes[1].x, axes[1].y, axes[1].z],
        rowSpacing: spacing[1], columnSpacing: spacing[0], rows: Int(found[1].count),
        columns: Int(found[0].count))
    else { return nil }
    return try? GridGeometry(
      plane: plane, offsets: (0..<Int(found[2].count)).map { Double($0) * spacing[2] })
  }

  /// The distances between columns, rows and planes.
  private static func spacings(_ part: DoseField.Part) -> [Double] {
    let geometry = part.grid.geometry
    let gaps = zip(geometry.offsets, geometry.offsets.dropFirst()).map { abs($1 - $0) }
    let plane = geometry.plane
    return [
      plane.columnSpacing, plane.rowSpacing,
      gaps.min() ?? min(plane.columnSpacing, plane.rowSpacing),
    ]
  }

  /// Three directions of the scan's frame along which a part's grid lies.
  private static func axes(of part: DoseField.Part) -> [PatientVector]? {
    let plane = part.grid.geometry.plane
    var (along, down) = (plane.rowDirection, plane.columnDirection)
    if case .affine(_, let toScan) = part.map {
      (along, down) = (toScan(along), toScan(down))
    }
    guard let first = along.normalized,
      let second = (down - first * down.dot(first)).normalized
    else { return nil }
    return [first, second, first.cross(second)]
  }

  /// Points of the scan's frame between which a part lies; of a bent one more than the corners.
  private static func outline(of part: DoseField.Part) -> [PatientPoint] {
    let grid = part.grid
    guard case .pointwise = part.map else {
      return grid.geometry.corners.compactMap(part.map.toScan)
    }
    func some(_ count: Int) -> [Int] { Set((0...8).map { $0 * (count - 1) / 8 }).sorted() }
    return some(grid.planes).flatMap { plane in
      some(grid.rows).flatMap { row in
        some(grid.columns).compactMap { column in
          part.map.toScan(grid.geometry.position(column: column, row: row, plane: plane))
        }
      }
    }
  }
}

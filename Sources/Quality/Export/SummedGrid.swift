import DICOM
import DoseMap
import Geometry
import Radiotherapy

/// Doses on one and the same grid, added up.
///
/// The sum of trilinear functions on a grid is trilinear on it: nothing is resampled.
enum SummedGrid {
  /// How far apart the corners of two grids may be that are called the same, mm.
  private static let tolerance = 1e-3

  /// The largest count of a sum: what 32 bits hold, with room for rounding.
  private static let largestCount = 4_294_967_040.0

  static func shareOneGrid(_ parts: [RTDose]) -> Bool {
    guard let first = parts.first, let grid = try? first.geometry.get() else { return false }
    return parts.dropFirst().allSatisfy { part in
      guard let other = try? part.geometry.get(), other.offsets.count == grid.offsets.count,
        other.plane.rows == grid.plane.rows, other.plane.columns == grid.plane.columns
      else { return false }
      return zip(other.corners, grid.corners).allSatisfy { $0.distance(to: $1) < tolerance }
        && zip(other.offsets, grid.offsets).allSatisfy { abs($0 - $1) < tolerance }
    }
  }

  /// - Throws: where the pixels of a part cannot be read.
  static func grid(of parts: [RTDose]) throws(PreparationError) -> DoseGrid? {
    guard let first = parts.first, let geometry = try? first.geometry.get(),
      shareOneGrid(parts)
    else { return nil }
    var sum: [Double] = []
    for part in parts {
      let counts: [UInt32]
      do { counts = try part.counts() } catch { throw .file(error) }
      guard let scaling = try? part.scaling.get() else { return nil }
      if sum.isEmpty { sum = [Double](repeating: 0, count: counts.count) }
      guard counts.count == sum.count else { return nil }
      for index in counts.indices { sum[index] += Double(counts[index]) * scaling }
    }
    let highest = sum.max() ?? 0
    guard highest > 0, highest.isFinite else { return nil }
    let scaling = highest / largestCount
    do {
      return try DoseGrid(
        geometry: geometry,
        counts: sum.map { UInt32(min(($0 / scaling).rounded(), Double(UInt32.max))) },
        grayPerCount: scaling)
    } catch { throw .drawing(error) }
  }
}

import Geometry

/// A dose field seen from one plane: the dose at fractional pixel indices, and at all pixels.
struct PlaneSampler {
  let plane: ImagePlane
  private let parts: [PlanePart]
  /// The only part, where there is but one: ``parts`` holds it, so that it need not be held anew for
  /// each of millions of questions.
  private let single: Unmanaged<PlanePart>?

  init(_ field: DoseField, _ plane: ImagePlane) {
    self.plane = plane
    parts = field.parts.map { PlanePart($0, plane) }
    single = parts.count == 1 ? Unmanaged.passUnretained(parts[0]) : nil
  }

  /// The dose in Gy at a place of the picture; not a number where it is unknown.
  func dose(column: Double, row: Double) -> Double {
    if let single {
      return single._withUnsafeGuaranteedRef { $0.dose(column: column, row: row) }
    }
    var sum = 0.0
    var isKnown = false
    for part in parts {
      let value = part.dose(column: column, row: row)
      if value.isNaN {
        guard part.isZeroBeyond else { return .nan }
      } else {
        sum += value
        isKnown = true
      }
    }
    return isKnown ? sum : .nan
  }

  /// Whether the dose is known at a place of the picture.
  func isKnown(at place: PixelPoint) -> Bool {
    var isKnown = false
    for part in parts {
      if part.isKnown(column: place.column, row: place.row) {
        isKnown = true
      } else if !part.isZeroBeyond {
        return false
      }
    }
    return isKnown
  }

  func dose(at place: PixelPoint) -> Double { dose(column: place.column, row: place.row) }

  /// How many voxels of the finest grid a step from pixel to pixel crosses, about.
  var voxelsPerPixel: Double { parts.map(\.voxelsPerPixel).max() ?? 0 }

  func sampled() -> DosePlane {
    var values = [Double](repeating: 0, count: plane.rows * plane.columns)
    // Where a part must be known, the sum is not a number beyond it. Where none must, one has to.
    let mustOneBeKnown = parts.allSatisfy(\.isZeroBeyond)
    var isKnown = [Bool](repeating: !mustOneBeKnown, count: values.count)
    for part in parts { part.add(to: &values, &isKnown, rows: plane.rows, columns: plane.columns) }
    if mustOneBeKnown {
      for index in values.indices where !isKnown[index] { values[index] = .nan }
    }
    return DosePlane(plane: plane, values: values)
  }
}

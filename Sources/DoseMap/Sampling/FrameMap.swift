package import Geometry

/// How points of the scan's frame of reference and of a dose's frame are joined, in both directions.
package enum FrameMap: Sendable {
  /// Dose and scan share the frame of reference.
  case same
  case affine(toDose: AffineMap, toScan: AffineMap)
  /// A deformation; `nil` where it is not defined. Both functions must be pure.
  case pointwise(
    toDose: @Sendable (PatientPoint) -> PatientPoint?,
    toScan: @Sendable (PatientPoint) -> PatientPoint?)

  /// The map of an affine registration; `nil` where it flattens space.
  package init?(toDose map: AffineMap) {
    guard let back = map.inverse else { return nil }
    self = .affine(toDose: map, toScan: back)
  }

  package func toDose(_ point: PatientPoint) -> PatientPoint? {
    switch self {
    case .same: point
    case .affine(let map, _): map(point)
    case .pointwise(let map, _): map(point)
    }
  }

  package func toScan(_ point: PatientPoint) -> PatientPoint? {
    switch self {
    case .same: point
    case .affine(_, let map): map(point)
    case .pointwise(_, let map): map(point)
    }
  }
}

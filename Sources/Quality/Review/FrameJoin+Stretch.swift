import Geometry
import Radiotherapy

extension FrameJoin {
  /// How many times larger a volume is in the scan's frame than in the dose's; a deformation, which
  /// stretches here and shrinks there, counts as none.
  var stretch: Double { abs(doseToScan?.determinant ?? 1) }
}

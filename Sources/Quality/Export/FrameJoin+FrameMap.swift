import DoseMap
import Radiotherapy

extension FrameJoin {
  /// The join in the terms of the drawing.
  var frameMap: FrameMap {
    if kind == .sameFrame { return .same }
    if let scanToDose, let doseToScan { return .affine(toDose: scanToDose, toScan: doseToScan) }
    return .pointwise(toDose: toDose, toScan: toScan)
  }
}

/// What a code stream may choose about its coding; 0 stands for the default.
///
/// T.87 C.2.4.1.1.
struct JPEGLSPreset {
  var maximum = 0
  var threshold1 = 0
  var threshold2 = 0
  var threshold3 = 0
  var reset = 0
}

/// The constants of a scan.
///
/// T.87 A.2.1, C.2.4.1.1.1.
struct JPEGLSParameters {
  /// The largest sample, MAXVAL.
  let maximum: Int
  /// How far a sample may be off, NEAR.
  let tolerance: Int
  let threshold1: Int
  let threshold2: Int
  let threshold3: Int
  /// When the counters of a context are halved, RESET.
  let reset: Int
  /// How many values an error can have, RANGE.
  let range: Int
  /// Bits of an error that is written plainly.
  let plainBits: Int
  /// The longest code, LIMIT.
  let limit: Int

  /// `nil` where the choices contradict each other.
  init?(precision: Int, tolerance: Int, preset: JPEGLSPreset) {
    let greatest = 1 << precision - 1
    maximum = preset.maximum == 0 ? greatest : preset.maximum
    guard maximum <= greatest, 0...min(255, maximum / 2) ~= tolerance else { return nil }
    self.tolerance = tolerance
    let maximum = maximum
    func clamped(_ value: Int, _ lower: Int) -> Int {
      value > maximum || value < lower ? lower : value
    }
    func chosen(_ value: Int, or standard: Int) -> Int { value == 0 ? standard : value }
    let basis: [Int]
    if maximum >= 128 {
      let factor = (min(maximum, 4095) + 128) / 256
      basis = [
        factor + 2 + 3 * tolerance, 4 * factor + 3 + 5 * tolerance,
        17 * factor + 4 + 7 * tolerance,
      ]
    } else {
      let factor = 256 / (maximum + 1)
      basis = [
        max(2, 3 / factor + 3 * tolerance), max(3, 7 / factor + 5 * tolerance),
        max(4, 21 / factor + 7 * tolerance),
      ]
    }
    threshold1 = chosen(
      preset.threshold1, or: clamped(basis[0], tolerance + 1))
    threshold2 = chosen(preset.threshold2, or: clamped(basis[1], threshold1))
    threshold3 = chosen(preset.threshold3, or: clamped(basis[2], threshold2))
    reset = chosen(preset.reset, or: 64)
    guard tolerance < threshold1, threshold1 <= threshold2, threshold2 <= threshold3,
      threshold3 <= maximum, reset >= 3
    else { return nil }
    range = (maximum + 2 * tolerance) / (2 * tolerance + 1) + 1
    plainBits = Int.bitWidth - (range - 1).leadingZeroBitCount
    let sampleBits = max(2, Int.bitWidth - maximum.leadingZeroBitCount)
    limit = 2 * (sampleBits + max(8, sampleBits))
  }
}

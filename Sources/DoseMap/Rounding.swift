/// Rounding to whole numbers without asking the C library, which the smallest processors that this
/// runs on need for it: in the loops over all pixels that call is most of the work.
///
/// Each gives what the standard library's `rounded` gives, within the range of the result.
enum Rounding {
  /// To the nearest whole number, halves away from zero.
  @inline(__always)
  static func nearest(_ value: Double) -> Int {
    let whole = Int(value)
    let rest = value - Double(whole)
    return rest >= 0.5 ? whole + 1 : rest <= -0.5 ? whole - 1 : whole
  }

  /// To the nearest whole number of a value between 0 and 255, halves up.
  @inline(__always)
  static func byte(_ value: Float) -> UInt8 {
    let whole = Int32(value)
    return UInt8(truncatingIfNeeded: value - Float(whole) >= 0.5 ? whole + 1 : whole)
  }

  @inline(__always)
  static func up(_ value: Double) -> Int {
    let whole = Int(value)
    return Double(whole) < value ? whole + 1 : whole
  }

  @inline(__always)
  static func down(_ value: Double) -> Int {
    let whole = Int(value)
    return Double(whole) > value ? whole - 1 : whole
  }
}

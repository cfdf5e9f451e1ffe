/// How one stored value becomes a byte of a screen.
///
/// PS3.3 C.11.1, C.11.2 and C.7.5.1.1.2.
struct DisplayFormula: Sendable {
  /// The values of interest: what lies between black and white.
  enum Interest: Sendable {
    case window(DisplayWindow)
    case table(LookupTable)
    case range(low: Double, width: Double)
  }

  let modality: ModalityTransform
  let interest: Interest
  /// Stored values that are no part of the image.
  let padding: ClosedRange<Int>?
  let isInverted: Bool

  func byte(of stored: Int32) -> UInt8 {
    // Padding shows as background: PS3.3 C.7.5.1.1.2.
    if let padding, padding.contains(Int(stored)) { return 0 }
    let value = share(of: modality.apply(stored))
    // What overflows on its way is shown as black.
    let byte = value.isNaN ? 0 : UInt8((min(max(value, 0), 1) * 255).rounded())
    return isInverted ? 255 - byte : byte
  }

  private func share(of value: Double) -> Double {
    switch interest {
    case .window(let window): window.share(of: value)
    case .table(let table): Double(table.value(of: value)) / table.maximum
    case .range(let low, let width): (value - low) / width
    }
  }
}

/// Doses and shares in words: at most two decimals, rounded half up, no trailing zeros, a point.
package enum DoseText {
  /// A dose without its unit: `18`, `59.4`, `0.05`.
  package static func gray(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "?" }
    // What stands in decimal in a file may lie a hair below the half in binary; the hair is added.
    let hundredths = Int((abs(value) * 100 + 0.5 + 1e-7).rounded(.down))
    let (whole, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
    let sign = value < 0 && hundredths > 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    if rest % 10 == 0 { return "\(sign)\(whole).\(rest / 10)" }
    return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }

  /// A share in per cent, as a whole number rounded half up.
  package static func percent(_ share: Double) -> String {
    guard share.isFinite, abs(share) < 1e12 else { return "?" }
    return "\(Int((share * 100 + 0.5 + 1e-7).rounded(.down)))"
  }
}

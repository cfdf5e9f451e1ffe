/// Limits of checks that a site may set.
///
/// What is looser than the default is shown with the checks.
package struct SiteLimits: Hashable, Sendable {
  /// The most that the highest dose may be, as a multiple of the prescription; `nil`: the default.
  package var plausibleMaximum: Double?

  package init(plausibleMaximum: Double? = nil) { self.plausibleMaximum = plausibleMaximum }

  /// The highest dose as a multiple of the highest prescription.
  ///
  /// Half or double dose, or one fraction instead of all, fall outside.
  func plausible(fractions: Int) -> ClosedRange<Double> {
    let upper = plausibleMaximum ?? Self.defaultMaximum(fractions: fractions)
    return 0.95...max(0.95, upper)
  }

  static func defaultMaximum(fractions: Int) -> Double { fractions <= 5 ? 3.0 : 1.35 }

  /// What the site has loosened, in words.
  package func loosened(fractions: Int) -> [String] {
    guard let plausibleMaximum, plausibleMaximum > Self.defaultMaximum(fractions: fractions) else {
      return []
    }
    return [
      "dose.plausible: up to \(plausibleMaximum) times the prescription (default \(Self.defaultMaximum(fractions: fractions)))"
    ]
  }
}

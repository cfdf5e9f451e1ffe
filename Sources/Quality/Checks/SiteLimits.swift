/// Limits of checks that a site may set.
///
/// What is looser than the default, and what the site expects, is shown with the checks.
package struct SiteLimits: Hashable, Sendable {
  /// The most that the highest dose may be, as a multiple of the prescription; `nil`: the default.
  package var plausibleMaximum: Double?

  /// Warnings that are usual at this site, in the order of the table.
  package var expected: [CheckID] = []

  package init(plausibleMaximum: Double? = nil, expected: Set<CheckID> = []) {
    self.plausibleMaximum = plausibleMaximum
    self.expected = CheckID.allCases.filter(expected.contains)
  }

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

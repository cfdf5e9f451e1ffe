/// What was found when the finished pixels of a slice were looked at.
package struct RenderChecks: Hashable, Sendable {
  package struct Verdict: Hashable, Sendable {
    package var holds: Bool
    /// One sentence with the values that were seen.
    package var detail: String
  }

  /// `render.background`: away from the ink every pixel is the windowed scan.
  package var background: Verdict
  /// `render.lines`: each level, traced again, lies where it was meant.
  package var lines: Verdict
  /// `render.lettering`: nothing is cut off, nothing covers the prescription isodose.
  package var lettering: Verdict

  package var hold: Bool { background.holds && lines.holds && lettering.holds }
}

import CLibrary

/// A window: which values are shown from black to white.
///
/// PS3.3 C.11.2.1.2.
package struct DisplayWindow: Sendable, Hashable {
  package enum Function: String, Sendable {
    case linear = "LINEAR"
    case linearExact = "LINEAR_EXACT"
    case sigmoid = "SIGMOID"
  }

  package let center: Double
  package let width: Double
  package let function: Function
  /// What the scanner calls it, such as `BRAIN`.
  package let explanation: String?

  package init(center: Double, width: Double, function: Function, explanation: String?) {
    self.center = center
    self.width = width
    self.function = function
    self.explanation = explanation
  }

  /// The share of white that a value is shown as, from 0 to 1.
  package func share(of value: Double) -> Double {
    switch function {
    case .linear:
      let lower = center - 0.5 - (width - 1) / 2
      if value <= lower { return 0 }
      if value > center - 0.5 + (width - 1) / 2 { return 1 }
      return (value - (center - 0.5)) / (width - 1) + 0.5
    case .linearExact:
      if value <= center - width / 2 { return 0 }
      if value > center + width / 2 { return 1 }
      return (value - center) / width + 0.5
    case .sigmoid:
      return 1 / (1 + exp(-4 * (value - center) / width))
    }
  }
}

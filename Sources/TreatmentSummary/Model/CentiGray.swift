package import JSON

/// A dose in hundredths of a centigray: what CodeX RT counts in, without a double's dust.
package struct CentiGray: Hashable, Comparable, Sendable {
  package let hundredths: Int

  package init(hundredths: Int) { self.hundredths = hundredths }

  /// The nearest hundredth of a centigray; `nil` where the number is no dose of a patient.
  package init?(gray: Double) {
    guard gray.isFinite, gray >= 0, gray < 1e6 else { return nil }
    hundredths = Int((gray * 10_000).rounded())
  }

  /// A number of centigray; `nil` where it is no dose of a patient.
  package init?(centigray: Double) {
    guard centigray.isFinite, centigray >= 0, centigray < 1e8 else { return nil }
    hundredths = Int((centigray * 100).rounded())
  }

  package var gray: Double { Double(hundredths) / 10_000 }
  package var centigray: Double { Double(hundredths) / 100 }

  /// `1800`, or `1800.5`: the shortest text.
  package var number: JSON {
    hundredths % 100 == 0 ? .integer(hundredths / 100) : .number(centigray)
  }

  package static func < (a: CentiGray, b: CentiGray) -> Bool { a.hundredths < b.hundredths }

  package static func + (a: CentiGray, b: CentiGray) -> CentiGray {
    let (sum, overflow) = a.hundredths.addingReportingOverflow(b.hundredths)
    return CentiGray(hundredths: overflow ? .max : sum)
  }

  /// Whether two doses are the same but for rounding: 0.5 %, or 1 cGy.
  package func isNear(_ other: CentiGray) -> Bool {
    abs(centigray - other.centigray) <= max(1, 0.005 * max(centigray, other.centigray))
  }
}

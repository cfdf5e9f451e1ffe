/// What the review page shows.
package struct ReviewContent: Sendable {
  package struct Slice: Sendable {
    /// From 1, as burned in.
    package let number: Int
    /// The drawn slice and the bare scan, below the review folder.
    package let map: String
    package let scan: String
    /// The highest dose in the slice, Gy; `nil` where none was calculated.
    package let maximumGy: Double?

    package init(number: Int, map: String, scan: String, maximumGy: Double?) {
      self.number = number
      self.map = map
      self.scan = scan
      self.maximumGy = maximumGy
    }
  }

  package struct Row: Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package let label: String
  /// Patient, scan, dose, plan, evidence, registration.
  package let facts: [Row]
  package let isodoses: [(color: String, text: String)]
  package let checks: [Check]
  /// What the site has loosened.
  package let loosened: [String]
  package let slices: [Slice]
  package let columns: Int
  package let rows: Int

  package init(
    label: String, facts: [Row], isodoses: [(color: String, text: String)], checks: [Check],
    loosened: [String], slices: [Slice], columns: Int, rows: Int
  ) {
    self.label = label
    self.facts = facts
    self.isodoses = isodoses
    self.checks = checks
    self.loosened = loosened
    self.slices = slices
    self.columns = columns
    self.rows = rows
  }
}

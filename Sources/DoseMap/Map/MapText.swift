/// The words on a map, as plain values: whoever reads the files fills them in.
package struct MapText: Hashable, Sendable {
  /// The label, as `RT_18Gy_1Fx_04.23.2020`.
  package var title: String
  /// The unit of the dose: `Gy` or `Gy(RBE)`.
  package var unit: String
  /// Fractions delivered, said beside the prescription; 0 says nothing.
  package var fractions: Int
  /// What kind of dose it is, as `physical dose, not EQD2`.
  package var quantity: String
  /// What else is said of the dose, below that: how it was added up.
  package var remarks: [String]
  /// What must not be missed: the banner of a prior course, overridden checks.
  package var alerts: [String]
  /// What holds for every map, and whom to ask.
  package var notes: [String]

  package init(
    title: String, unit: String = "Gy", fractions: Int,
    quantity: String = "physical dose, not EQD2", remarks: [String] = [],
    alerts: [String] = [], notes: [String]? = nil, ended: String? = nil, contact: String? = nil
  ) {
    self.title = title
    self.unit = unit
    self.fractions = fractions
    self.quantity = quantity
    self.remarks = remarks
    self.alerts = alerts
    self.notes =
      (ended.map { [$0] } ?? []) + (notes ?? [Self.notForDiagnosis, Self.thisCourseOnly])
      + (contact.map { [$0] } ?? [])
  }

  package static let notForDiagnosis = "NOT FOR DIAGNOSIS OR PLANNING"
  package static let thisCourseOnly = "THIS COURSE ONLY: other radiation may exist"

  /// The same where it is known that there is other radiation.
  package static func thisCourseOnly(shown: Int, of treated: Int) -> String {
    "\(shown) OF \(treated) PLANS ONLY: other radiation was given"
  }

  package static let noDose = "NO DOSE CALCULATED HERE"

  /// The end of a course in a form that no country misreads: `ended 2020-04-23 (23 Apr 2020)`.
  package static func ended(year: Int, month: Int, day: Int) -> String {
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let iso = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    guard (1...12).contains(month) else { return "ended \(iso)" }
    return "ended \(iso) (\(day) \(months[month - 1]) \(year))"
  }
}

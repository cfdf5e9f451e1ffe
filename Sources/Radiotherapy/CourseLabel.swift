package import DICOM

/// The name of a map: `RT_18Gy_1Fx_04.23.2020`, computed from what was delivered, never typed.
package struct CourseLabel: Hashable, Sendable {
  package let doseGy: Double
  package let isRBE: Bool
  package let fractions: Int
  package let completed: CalendarDate
  package let isPrior: Bool
  /// `MM.dd.yyyy`, or what the site has configured.
  package let dateFormat: String
  /// What stands behind `PRIOR_`: text with the ``Field``s in braces.
  package let template: String

  /// The parts of a label that are computed; every template has each of them once.
  package enum Field: String, Sendable, CaseIterable {
    /// As `18`.
    case dose
    /// `Gy` or `GyRBE`.
    case unit
    /// As `1`.
    case fractions
    /// The day of the last fraction.
    case date

    package var inBraces: String { "{\(rawValue)}" }
  }

  package static let standardTemplate = "RT_{dose}{unit}_{fractions}Fx_{date}"

  /// How many characters of a series description people see in a worklist.
  package static let visibleCount = 28

  package init(
    doseGy: Double, isRBE: Bool = false, fractions: Int, completed: CalendarDate, isPrior: Bool,
    dateFormat: String = "MM.dd.yyyy", template: String = standardTemplate
  ) {
    self.doseGy = doseGy
    self.isRBE = isRBE
    self.fractions = fractions
    self.completed = completed
    self.isPrior = isPrior
    self.dateFormat = dateFormat
    self.template = template
  }

  package var text: String { filled(template) }

  /// The beginning of the label up to dose, unit and fractions: what has to be seen at a glance.
  package var essential: String {
    let ends = [Field.dose, .unit, .fractions].compactMap {
      template.firstRange(of: $0.inBraces)?.upperBound
    }
    return filled(String(template[..<(ends.max() ?? template.endIndex)]))
  }

  private func filled(_ template: String) -> String {
    var text = isPrior ? "PRIOR_" + template : template
    for field in Field.allCases {
      let value =
        switch field {
        case .dose: Self.dose(doseGy)
        case .unit: isRBE ? "GyRBE" : "Gy"
        case .fractions: String(fractions)
        case .date: date
        }
      text = text.replacing(field.inBraces, with: value)
    }
    return text
  }

  /// A dose as people write it: at most two decimals, rounded half up, no zeros behind, a point.
  package static func dose(_ gray: Double) -> String {
    // A hair above takes doses such as 1.005, which no double holds, up as people would.
    let hundredths = Int((max(0, min(gray, 1e9)) * 100 + 1e-6).rounded(.toNearestOrAwayFromZero))
    let whole = hundredths / 100
    let rest = hundredths % 100
    if rest == 0 { return "\(whole)" }
    if rest % 10 == 0 { return "\(whole).\(rest / 10)" }
    return "\(whole)." + (rest < 10 ? "0" : "") + "\(rest)"
  }

  private var date: String {
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return
      dateFormat
      .replacing("yyyy", with: padded(completed.year, 4))
      .replacing("MM", with: padded(completed.month, 2))
      .replacing("dd", with: padded(completed.day, 2))
  }
}

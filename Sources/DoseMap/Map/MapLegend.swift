/// What the legend says of each level.
package struct MapLegend: Hashable, Sendable {
  package struct Row: Hashable, Sendable {
    package var level: IsodoseLevel
    package var text: String
  }

  /// One for each level, highest dose first.
  package var rows: [Row]
  /// What follows the rows.
  package var remarks: [String]

  /// Words for the levels of a course.
  ///
  /// - Parameter maximum: the highest dose in Gy, so that a level it never reaches is said to be
  ///   so; `nil` where it is not known.
  package init(levels: [IsodoseLevel], text: MapText, maximum: Double?) {
    let highest = levels.filter(\.isPrescription).map(\.gray).max()
    let several = levels.count(where: \.isPrescription) > 1
    rows = levels.map { level in
      var words = "\(DoseText.gray(level.gray)) \(text.unit)"
      if let targets = level.targets {
        if level.gray == highest && text.fractions > 0 { words += " in \(text.fractions) fx" }
        words += " Rx"
        let named = targets.filter { !$0.isEmpty }
        if several && !named.isEmpty { words += ": " + named.joined(separator: ", ") }
      } else if let share = level.share {
        words += " (\(DoseText.percent(share)) % of Rx)"
      }
      if let maximum, maximum < level.gray { words += " not reached" }
      return Row(level: level, text: words)
    }
    remarks = []
    if let lowest = levels.last {
      let dose = "\(DoseText.gray(lowest.gray)) \(text.unit)"
      remarks.append("below \(dose) not drawn; no line is not no dose")
    }
    if !text.quantity.isEmpty { remarks.append(text.quantity) }
  }
}

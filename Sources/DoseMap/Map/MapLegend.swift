/// A short piece of a line, as the legend shows it.
package struct LineSample: Hashable, Sendable {
  package var color: RGBColor
  package var width: Double
  package var style: LineStyle
}

/// What the legend says of each level.
package struct MapLegend: Hashable, Sendable {
  package struct Row: Hashable, Sendable {
    package var text: String
    package var sample: LineSample
  }

  /// One for each level, highest dose first, then one for each structure.
  package var rows: [Row]
  /// What follows the rows.
  package var remarks: [String]

  /// Words for the levels of a course.
  package init(of design: MapDesign) {
    let (levels, text, maximum) = (design.levels, design.text, design.maximum)
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
      return Row(
        text: words,
        sample: LineSample(color: level.color, width: level.lineWidth, style: design.lineStyle))
    }
    rows += design.structures.map { structure in
      Row(
        text: structure.remark.isEmpty
          ? "\(structure.name) (outline)" : "\(structure.name): \(structure.remark)",
        sample: LineSample(
          color: structure.color, width: MapStructure.lineWidth, style: .solid))
    }
    remarks = []
    if design.wash > 0 { remarks.append("tint: at least the dose of the line in its colour") }
    if let lowest = levels.last {
      let dose = "\(DoseText.gray(lowest.gray)) \(text.unit)"
      remarks.append("below \(dose) not drawn; no line is not no dose")
    }
    if !text.quantity.isEmpty { remarks.append(text.quantity) }
    remarks += text.remarks
  }
}

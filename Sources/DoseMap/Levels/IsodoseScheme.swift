/// The colours that isodose levels take, and the levels that a course has when nobody chose any.
package struct IsodoseScheme: Hashable, Sendable {
  /// Colours for up to as many levels as there are, highest dose first.
  package var colors: [RGBColor]
  /// Colours for six levels, where those differ.
  package var sixColors: [RGBColor]

  package init(colors: [RGBColor], sixColors: [RGBColor]? = nil) {
    self.colors = colors
    self.sixColors = sixColors ?? colors
  }

  private static func hex(_ list: String) -> [RGBColor] {
    list.split(separator: " ").compactMap { RGBColor(hex: String($0)) }
  }

  /// How many levels can be told apart.
  package static let mostLevels = 6

  /// Red, yellow, cyan, green, violet: hot is high, and they stay apart under every kind of colour
  /// blindness (smallest CIEDE2000 distance 18.9, with six 16.3, under deuteranopia).
  package static let standard = IsodoseScheme(
    colors: hex("#dc3220 #f0e442 #00ffff #009e73 #965aff"),
    sixColors: hex("#dc3220 #e69f00 #ffff00 #009e73 #00ffff #965aff"))

  /// Red, green and blue as in the published practice; further levels take colours apart from these.
  package static let paper = IsodoseScheme(
    colors: hex("#ff0000 #00ff00 #0000ff #ffff00 #00ffff #ff00ff"))

  /// The scheme of a name, `standard` or `paper`.
  package static func named(_ name: String) -> IsodoseScheme? {
    switch name {
    case "standard": .standard
    case "paper": .paper
    default: nil
    }
  }

  /// The colours of so many levels, highest dose first.
  package func colors(count: Int) -> [RGBColor] {
    Array((count > colors.count || count == 6 ? sixColors : colors).prefix(count))
  }

  /// The levels that were asked for, or those of the course's kind; highest dose first.
  ///
  /// Every prescription of a target is among the levels, unless levels were asked for: then it is
  /// where it was asked for.
  package func levels(
    _ requests: [IsodoseRequest]?, for prescription: MapPrescription
  ) throws(DoseMapError) -> [IsodoseLevel] {
    let highest = prescription.highest
    var doses: [Double]
    if let requests {
      doses = []
      for request in requests { doses.append(try Self.gray(of: request, highest)) }
      for (index, dose) in doses.enumerated()
      where doses[..<index].contains(where: { Self.isSame($0, dose) }) { throw .sameLevel(dose) }
    } else {
      guard let highest else { throw .noPrescription }
      doses = Self.defaultDoses(prescription: highest, fractions: prescription.fractions)
      for target in prescription.targets
      where !doses.contains(where: { Self.isSame($0, target.gray) }) { doses.append(target.gray) }
      doses = Self.thinned(doses.sorted(by: >), prescription)
    }
    for dose in doses where !(dose.isFinite && dose > 0) { throw .level(dose) }
    guard (1...Self.mostLevels).contains(doses.count) else { throw .levelCount(doses.count) }
    doses.sort(by: >)
    let colors = colors(count: doses.count)
    guard colors.count == doses.count else { throw .levelCount(doses.count) }
    return zip(doses, colors).map { dose, color in
      let targets = prescription.targets.filter { Self.isSame($0.gray, dose) }
      return IsodoseLevel(
        gray: dose, color: color, targets: targets.isEmpty ? nil : targets.map(\.name),
        share: highest.map { dose / $0 })
    }
  }

  /// Whether two doses are the same on a chart, which has two decimals.
  static func isSame(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 0.005 }

  private static func gray(
    of request: IsodoseRequest, _ prescription: Double?
  ) throws(DoseMapError) -> Double {
    switch request {
    case .gray(let dose): return dose
    case .share(let share):
      guard let prescription else { throw .noPrescription }
      return share * prescription
    }
  }

  /// The levels of a course by its number of fractions, in Gy.
  static func defaultDoses(prescription: Double, fractions: Int) -> [Double] {
    if fractions > 5 { return [1, 0.95, 0.8, 0.5, 0.3].map { $0 * prescription } }
    if fractions > 1 { return [1, 0.5, 0.3].map { $0 * prescription } }
    var doses = [prescription] + [12.0, 8].filter { $0 < prescription - 0.005 }
    let half = prescription / 2
    if doses.count < 3, !doses.contains(where: { isSame($0, half) }) { doses.append(half) }
    return doses.sorted(by: >)
  }

  /// Leaves out the lesser levels, the lowest but one first, until six are left.
  private static func thinned(_ doses: [Double], _ prescription: MapPrescription) -> [Double] {
    var doses = doses
    while doses.count > mostLevels {
      let spare = doses.indices.dropLast().last { index in
        !prescription.targets.contains { isSame($0.gray, doses[index]) }
      }
      guard let spare else { break }
      doses.remove(at: spare)
    }
    return doses
  }
}

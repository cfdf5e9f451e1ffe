/// Doses to the same volume added up, over plans and over phases.
enum DoseSums {
  /// Given one after the other: totals and fractions add up.
  static func sequential(_ doses: [TreatmentSummary.Dose]) -> [TreatmentSummary.Dose] {
    grouped(doses) { sum, dose in
      if sum.perFraction != dose.perFraction { sum.perFraction = nil }
      sum.fractions = sum.fractions.flatMap { a in dose.fractions.map { a + $0 } }
    }
  }

  /// Given in the same sessions: totals add up, fractions do not.
  static func concurrent(_ doses: [TreatmentSummary.Dose]) -> [TreatmentSummary.Dose] {
    grouped(doses) { sum, dose in
      if sum.fractions == dose.fractions, let one = sum.perFraction, let other = dose.perFraction {
        sum.perFraction = one + other
      } else {
        sum.perFraction = nil
      }
      sum.fractions = [sum.fractions, dose.fractions].compactMap(\.self).max()
    }
  }

  private static func grouped(
    _ doses: [TreatmentSummary.Dose],
    adding: (inout TreatmentSummary.Dose, TreatmentSummary.Dose) -> Void
  ) -> [TreatmentSummary.Dose] {
    var sums: [TreatmentSummary.Dose] = []
    for dose in doses {
      guard let place = sums.firstIndex(where: { $0.volume == dose.volume }) else {
        sums.append(dose)
        continue
      }
      adding(&sums[place], dose)
      if let more = dose.total { sums[place].total = sums[place].total.map { $0 + more } ?? more }
      if dose.isPrimary != sums[place].isPrimary { sums[place].isPrimary = nil }
      if dose.isPoint == true { sums[place].isPoint = true }
    }
    for index in sums.indices { sums[index].perFraction = wholeShare(of: sums[index]) }
    return sums
  }

  /// What each fraction gives, where that times the fractions is the total.
  private static func wholeShare(of dose: TreatmentSummary.Dose) -> CentiGray? {
    guard let each = dose.perFraction, let total = dose.total, let fractions = dose.fractions,
      let product = CentiGray(centigray: each.centigray * Double(fractions)),
      product.isNear(total)
    else { return nil }
    return each
  }

  static func share(of total: CentiGray, _ fractions: Int) -> CentiGray? {
    guard fractions > 0 else { return nil }
    return CentiGray(centigray: total.centigray / Double(fractions))
  }

  /// Prescriptions know neither of a plan's primary dose nor of points.
  static func prescribed(_ dose: TreatmentSummary.Dose) -> TreatmentSummary.Dose {
    var dose = dose
    dose.isPrimary = nil
    dose.isPoint = nil
    return dose
  }

  /// What several radiations have in common: one for each modality.
  static func merged(
    _ radiations: [TreatmentSummary.Radiation]
  ) -> [TreatmentSummary.Radiation] {
    var merged: [TreatmentSummary.Radiation] = []
    for radiation in radiations {
      guard let place = merged.firstIndex(where: { $0.modality == radiation.modality }) else {
        merged.append(radiation)
        continue
      }
      for technique in radiation.techniques where !merged[place].techniques.contains(technique) {
        merged[place].techniques.append(technique)
      }
      for energy in radiation.energies where !merged[place].energies.contains(energy) {
        merged[place].energies.append(energy)
      }
      for isotope in radiation.isotopes where !merged[place].isotopes.contains(isotope) {
        merged[place].isotopes.append(isotope)
      }
    }
    for index in merged.indices { merged[index].energies.sort { $0.value < $1.value } }
    return merged
  }
}

/// What the targets of a course were prescribed, as far as a map shows it.
package struct MapPrescription: Hashable, Sendable {
  package struct Target: Hashable, Sendable {
    package var name: String
    package var gray: Double

    package init(name: String, gray: Double) {
      self.name = name
      self.gray = gray
    }
  }

  /// The targets; several with the same dose share a line.
  package var targets: [Target]
  /// Fractions delivered.
  package var fractions: Int

  package init(targets: [Target], fractions: Int) {
    self.targets = targets
    self.fractions = fractions
  }

  /// The highest dose that is prescribed to a target; `nil` without a target.
  package var highest: Double? { targets.map(\.gray).max() }
}

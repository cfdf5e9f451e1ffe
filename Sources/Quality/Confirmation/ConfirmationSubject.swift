package import DICOM

/// What a person confirms: what the dialogue shows, and what it compares answers with.
package struct ConfirmationSubject: Sendable {
  package let label: String
  package let isPrior: Bool
  /// Gy as delivered.
  package let doseGy: Double
  package let fractions: Int
  package let completed: CalendarDate
  /// Numbers of the slices in which the dose is highest, from 1.
  package let hottestSlices: [Int]
  package let warnings: [Check]
  package let overridable: [Check]
  /// Whether a second person with another name has to confirm as well.
  package let needsSecondPerson: Bool
  /// What is shown before the questions: patient, scan, plan, evidence, review page.
  ///
  /// No dose and no label stands in it.
  package let introduction: [String]

  package init(
    label: String, isPrior: Bool, doseGy: Double, fractions: Int, completed: CalendarDate,
    hottestSlices: [Int], warnings: [Check], overridable: [Check], needsSecondPerson: Bool,
    introduction: [String]
  ) {
    self.label = label
    self.isPrior = isPrior
    self.doseGy = doseGy
    self.fractions = fractions
    self.completed = completed
    self.hottestSlices = hottestSlices
    self.warnings = warnings
    self.overridable = overridable
    self.needsSecondPerson = needsSecondPerson
    self.introduction = introduction
  }
}

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
  /// Those of which one question asks, after the others.
  package let expected: Set<CheckID>
  /// What may be overridden and has no reason yet.
  package let overridable: [Check]
  /// What the site has loosened, shown before the warnings.
  package let siteNotes: [String]
  /// Whether a second person with another name has to confirm as well.
  package let needsSecondPerson: Bool
  /// What is shown before the questions: patient, scan, plan, evidence, review page.
  ///
  /// No dose and no label stands in it.
  package let introduction: [String]
  /// What goes out beside the map under the same word.
  package let companion: Companion?

  /// Something that is sent together with the map.
  package struct Companion: Sendable, Equatable {
    /// The whole of it, for the person who answers for it.
    package let lines: [String]
    package let question: String

    package init(lines: [String], question: String) {
      self.lines = lines
      self.question = question
    }
  }

  package init(
    label: String, isPrior: Bool, doseGy: Double, fractions: Int, completed: CalendarDate,
    hottestSlices: [Int], warnings: [Check], expected: Set<CheckID> = [], overridable: [Check],
    siteNotes: [String] = [], needsSecondPerson: Bool, introduction: [String],
    companion: Companion? = nil
  ) {
    self.label = label
    self.isPrior = isPrior
    self.doseGy = doseGy
    self.fractions = fractions
    self.completed = completed
    self.hottestSlices = hottestSlices
    self.warnings = warnings
    self.expected = expected
    self.overridable = overridable
    self.siteNotes = siteNotes
    self.needsSecondPerson = needsSecondPerson
    self.introduction = introduction
    self.companion = companion
  }
}

import DICOM
import DoseMap

/// The questions before a map may be sent, in their order and words.
///
/// The chart's figures are entered blind: nothing the dialogue shows before them names dose,
/// fractions or date.
package struct ConfirmationDialogue: Sendable {
  package struct Answer: Hashable, Sendable {
    package let question: String
    package let answer: String

    package init(question: String, answer: String) {
      self.question = question
      self.answer = answer
    }
  }

  package struct Outcome: Hashable, Sendable {
    package let name: String
    package let role: String
    package let answers: [Answer]
    /// Reasons for what was overridden, by check.
    package let reasons: [(check: String, reason: String)]

    package static func == (a: Outcome, b: Outcome) -> Bool {
      a.name == b.name && a.role == b.role && a.answers == b.answers
        && a.reasons.map(\.check) == b.reasons.map(\.check)
        && a.reasons.map(\.reason) == b.reasons.map(\.reason)
    }

    package func hash(into hasher: inout Hasher) {
      hasher.combine(name)
      hasher.combine(answers)
    }
  }

  package static let roles = ["dosimetrist", "physicist", "physician", "resident"]

  private let subject: ConfirmationSubject
  /// The people who have confirmed before.
  private let earlier: [String]
  private var answers: [Answer] = []
  private var reasons: [(check: String, reason: String)] = []

  package init(subject: ConfirmationSubject, earlier: [String]) {
    self.subject = subject
    self.earlier = earlier
  }

  /// Asks all questions.
  ///
  /// - Throws: at the first answer that does not go on.
  package mutating func run(
    with person: inout some Asking
  ) throws(ConfirmationRefusal) -> Outcome {
    for line in subject.introduction { person.show(line) }
    person.show("")
    try askChart(&person)
    try requireWord(
      "no", "Is any further plan or boost of this course still to come? [yes/no] ", &person,
      orElse: .furtherPlan)
    try askHottestSlice(&person)
    try requireWord(
      "yes", "Does the dose lie right on the anatomy, in all slices? [yes/no] ", &person,
      orElse: .notRight)
    for check in subject.warnings {
      person.show("\(check.id.rawValue): \(check.detail)")
      try requireWord(
        "yes", "Accept? [yes/no] ", &person, orElse: .warningNotAccepted(check.id.rawValue))
    }
    if !subject.overridable.isEmpty, !earlier.isEmpty {
      // The second person gives the reason; the first one has only seen it.
      for check in subject.overridable {
        person.show("\(check.id.rawValue): \(check.detail)")
        let reason = try ask("Reason: ", &person, hint: "a reason of at least 8 characters") {
          Self.isSubstantial($0, least: 8)
        }
        reasons.append((check.id.rawValue, reason))
      }
    } else {
      for check in subject.overridable {
        person.show("\(check.id.rawValue): \(check.detail)")
        person.show("  A second person has to override this with a reason.")
      }
    }
    let name = try ask(
      "Reviewer: ", &person, hint: "a name of 2 to 64 characters", where: Self.isName)
    if let same = earlier.first(where: { Self.folded($0) == Self.folded(name) }) {
      throw .samePerson(same)
    }
    let role = try ask(
      "Role (\(Self.roles.joined(separator: ", "))): ", &person,
      hint: "one of these four words"
    ) { Self.roles.contains($0.lowercased()) }
    try requireWord(
      "yes", "Confirm \(subject.label)? [yes/no] ", &person, orElse: .notConfirmed)
    return Outcome(
      name: name, role: role.lowercased(), answers: answers, reasons: reasons)
  }

  private mutating func askChart(
    _ person: inout some Asking
  ) throws(ConfirmationRefusal) {
    let dose = try ask(
      "Total dose from the chart (Gy): ", &person,
      hint: "a number alone, with a point where it needs one"
    ) { Self.decimal($0) != nil }
    let fractions = try ask(
      "Fractions delivered, from the chart: ", &person, hint: "a whole number"
    ) {
      Self.whole($0) != nil
    }
    let date = try ask(
      "Date of the last fraction, from the chart (YYYY-MM-DD): ", &person,
      hint: "year, month and day in the form YYYY-MM-DD"
    ) {
      CalendarDate(iso: $0) != nil
    }
    let computed = DoseText.gray(subject.doseGy)
    guard let entered = Self.decimal(dose), DoseText.gray(entered) == computed else {
      throw .chartDose(entered: dose, computed: computed)
    }
    guard Self.whole(fractions) == subject.fractions else {
      throw .chartFractions(entered: fractions, computed: String(subject.fractions))
    }
    guard CalendarDate(iso: date) == subject.completed else {
      throw .chartDate(entered: date, computed: subject.completed.iso)
    }
  }

  private mutating func askHottestSlice(
    _ person: inout some Asking
  ) throws(ConfirmationRefusal) {
    let entered = try ask(
      "Number of the slice with the highest dose, from the review page: ", &person,
      hint: "a whole number"
    ) { Self.whole($0) != nil }
    // A neighbour is accepted: the highest point may lie between two slices.
    guard let number = Self.whole(entered),
      subject.hottestSlices.contains(where: { abs($0 - number) <= 1 })
    else { throw .hottestSlice(entered: entered) }
  }

  /// Asks until the answer is `yes` or `no`, the whole word.
  private mutating func requireWord(
    _ word: String, _ question: String, _ person: inout some Asking,
    orElse refusal: ConfirmationRefusal
  ) throws(ConfirmationRefusal) {
    let answer = try ask(question, &person, hint: "the whole word: yes or no") {
      $0 == "yes" || $0 == "no"
    }
    guard answer == word else { throw refusal }
  }

  /// Asks until the answer has its form, and records it.
  private mutating func ask(
    _ question: String, _ person: inout some Asking, hint: String, where isLegal: (String) -> Bool
  ) throws(ConfirmationRefusal) -> String {
    while true {
      let answer: String
      do { answer = try person.ask(question) } catch { throw .ended }
      let text = answer.trimmed
      if isLegal(text) {
        answers.append(Answer(question: question.trimmed, answer: text))
        return text
      }
      person.show("Please answer with \(hint).")
    }
  }

  /// 2 to 64 characters, two letters at least, no control characters.
  package static func isName(_ text: String) -> Bool { isSubstantial(text, least: 2) }

  private static func isSubstantial(_ text: String, least: Int) -> Bool {
    let scalars = text.unicodeScalars
    return (least...256).contains(scalars.count) && (least > 2 || scalars.count <= 64)
      && scalars.filter(\.properties.isAlphabetic).count >= 2
      && scalars.allSatisfy { $0.properties.generalCategory != .control }
  }

  /// How names are compared: without case, spaces and width.
  package static func folded(_ name: String) -> String {
    var text = ""
    for scalar in name.unicodeScalars where !scalar.properties.isWhitespace {
      // Full-width Latin letters are the same letters. Unicode block FF01-FF5E.
      let narrow =
        (0xFF01...0xFF5E).contains(scalar.value)
        ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar
      text += narrow.properties.lowercaseMapping
    }
    return text
  }

  static func decimal(_ text: String) -> Double? {
    guard !text.isEmpty, text.utf8.count <= 12,
      text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E })
    else { return nil }
    return Double(text)
  }

  static func whole(_ text: String) -> Int? {
    guard !text.isEmpty, text.utf8.count <= 6,
      text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return Int(text)
  }
}

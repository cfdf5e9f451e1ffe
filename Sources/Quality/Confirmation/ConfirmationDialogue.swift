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

  private let subject: ConfirmationSubject
  private let reviewer: ReviewerQuestion
  /// Whether somebody has confirmed before: then this is the second person.
  private let isSecond: Bool
  private var answers: [Answer] = []
  private var reasons: [(check: String, reason: String)] = []

  /// - Parameters:
  ///   - earlier: the names of those who have confirmed before.
  ///   - account: the account that the answers are typed under.
  package init(
    subject: ConfirmationSubject, earlier: [String],
    rules: ConfirmationRules = ConfirmationRules(), account: String = ""
  ) {
    self.subject = subject
    isSecond = !earlier.isEmpty
    reviewer = ReviewerQuestion(rules: rules, account: account, earlier: earlier)
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
    try askWarnings(&person)
    try askReasons(&person)
    try askCompanion(&person)
    let reply = try reviewer.ask(&person)
    answers += reply.answers
    try requireWord(
      "yes", "Confirm \(subject.label)? [yes/no] ", &person, orElse: .notConfirmed)
    return Outcome(
      name: reply.name, role: reply.role, answers: answers, reasons: reasons)
  }

  /// Each warning by itself, and those that the site expects together.
  private mutating func askWarnings(
    _ person: inout some Asking
  ) throws(ConfirmationRefusal) {
    for line in subject.siteNotes { person.show(line) }
    let usual = subject.warnings.filter { subject.expected.contains($0.id) }
    let others = subject.warnings.filter { !subject.expected.contains($0.id) }
    for checks in others.map({ [$0] }) + (usual.isEmpty ? [] : [usual]) {
      for check in checks { person.show("\(check.id.rawValue): \(check.detail)") }
      let ids = checks.map(\.id.rawValue).joined(separator: ", ")
      try requireWord(
        "yes", "Accept? [yes/no] ", &person, about: ids, orElse: .warningNotAccepted(ids))
    }
  }

  /// What is overridden: the second person gives the reason, the first one has only seen it.
  private mutating func askReasons(
    _ person: inout some Asking
  ) throws(ConfirmationRefusal) {
    for check in subject.overridable {
      person.show("\(check.id.rawValue): \(check.detail)")
      guard isSecond else {
        person.show("  A second person has to override this with a reason.")
        continue
      }
      let reason = try ask(
        "Reason: ", &person, about: check.id.rawValue, hint: "a reason of at least 8 characters",
        where: ReviewerQuestion.isReason)
      reasons.append((check.id.rawValue, reason))
    }
  }

  /// What goes with the map is shown whole, after the chart's figures, and has a yes of its own.
  private mutating func askCompanion(
    _ person: inout some Asking
  ) throws(ConfirmationRefusal) {
    guard let companion = subject.companion else { return }
    for line in companion.lines { person.show(line) }
    try requireWord("yes", companion.question, &person, orElse: .companion)
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
  ///
  /// - Parameter subject: what the question is about, where it does not say so itself.
  private mutating func requireWord(
    _ word: String, _ question: String, _ person: inout some Asking, about subject: String? = nil,
    orElse refusal: ConfirmationRefusal
  ) throws(ConfirmationRefusal) {
    let answer = try ask(
      question, &person, about: subject, hint: "the whole word: yes or no"
    ) {
      $0 == "yes" || $0 == "no"
    }
    guard answer == word else { throw refusal }
  }

  /// Asks until the answer has its form, and records it.
  private mutating func ask(
    _ question: String, _ person: inout some Asking, about subject: String? = nil, hint: String,
    where isLegal: (String) -> Bool
  ) throws(ConfirmationRefusal) -> String {
    let text = try person.answer(to: question, hint: hint, where: isLegal)
    answers.append(
      Answer(question: (subject.map { $0 + ": " } ?? "") + question.trimmed, answer: text))
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

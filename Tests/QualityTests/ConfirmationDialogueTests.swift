import DICOM
import Quality
import Testing

/// A person who gives prepared answers and remembers what was asked and shown.
struct ScriptedPerson: Asking {
  var answers: [String]
  private(set) var asked: [String] = []
  private(set) var shown: [String] = []

  init(_ answers: [String]) { self.answers = answers }

  mutating func show(_ line: String) { shown.append(line) }

  mutating func ask(_ question: String) throws(AskingEnded) -> String {
    asked.append(question)
    guard !answers.isEmpty else { throw AskingEnded() }
    return answers.removeFirst()
  }
}

@Suite("Confirmation dialogue") struct ConfirmationDialogueTests {
  static func subject(
    warnings: [Check] = [], overridable: [Check] = [], second: Bool = false
  ) throws -> ConfirmationSubject {
    ConfirmationSubject(
      label: "RT_18Gy_1Fx_04.23.2020", isPrior: false, doseGy: 18, fractions: 1,
      completed: try #require(CalendarDate(iso: "2020-04-23")), hottestSlices: [21],
      warnings: warnings, overridable: overridable, needsSecondPerson: second,
      introduction: ["Patient  P2P-0001", "Review   review/index.html"])
  }

  static let right = [
    "18", "1", "2020-04-23", "no", "21", "yes", "A. Reviewer", "physicist", "yes",
  ]

  private func run(
    _ answers: [String], _ subject: ConfirmationSubject, earlier: [String] = []
  ) throws -> (ConfirmationDialogue.Outcome, ScriptedPerson) {
    var person = ScriptedPerson(answers)
    var dialogue = ConfirmationDialogue(subject: subject, earlier: earlier)
    let outcome = try dialogue.run(with: &person)
    return (outcome, person)
  }

  @Test("the questions, in their order and words")
  func questions() throws {
    let (outcome, person) = try run(Self.right, Self.subject())
    #expect(
      person.asked == [
        "Total dose from the chart (Gy): ",
        "Fractions delivered, from the chart: ",
        "Date of the last fraction, from the chart (YYYY-MM-DD): ",
        "Is any further plan or boost of this course still to come? [yes/no] ",
        "Number of the slice with the highest dose, from the review page: ",
        "Does the dose lie right on the anatomy, in all slices? [yes/no] ",
        "Reviewer: ",
        "Role (dosimetrist, physicist, physician, resident): ",
        "Confirm RT_18Gy_1Fx_04.23.2020? [yes/no] ",
      ])
    #expect(outcome.name == "A. Reviewer")
    #expect(outcome.role == "physicist")
    #expect(outcome.answers.count == 9)
  }

  @Test("what goes with the map is shown after the chart's figures and has a yes of its own")
  func companion() throws {
    let plain = try Self.subject()
    let subject = ConfirmationSubject(
      label: plain.label, isPrior: false, doseGy: 18, fractions: 1, completed: plain.completed,
      hottestSlices: [21], warnings: [], overridable: [], needsSecondPerson: false,
      introduction: plain.introduction,
      companion: .init(lines: ["1800 cGy to GTV_A"], question: "May it go? [yes/no] "))
    let answers = Self.right.prefix(6) + ["yes"] + Self.right.suffix(3)
    let (outcome, person) = try run(Array(answers), subject)
    #expect(person.asked[6] == "May it go? [yes/no] ")
    #expect(person.shown.contains("1800 cGy to GTV_A"))
    #expect(outcome.answers.contains(.init(question: "May it go? [yes/no]", answer: "yes")))
    #expect(throws: ConfirmationRefusal.companion) {
      _ = try run(Array(Self.right.prefix(6) + ["no"]), subject)
    }
  }

  @Test("nothing names dose or label before the chart's figures are entered")
  func blind() throws {
    let (_, person) = try run(Self.right, Self.subject())
    #expect(!person.shown.joined().contains("18"))
    #expect(!person.shown.joined().contains("RT_"))
  }

  /// Each wrong answer in turn, and the refusal that it must bring.
  @Test(
    "any other answer ends it",
    arguments: [
      (0, "20", ConfirmationRefusal.chartDose(entered: "20", computed: "18")),
      (1, "2", .chartFractions(entered: "2", computed: "1")),
      (2, "2020-04-24", .chartDate(entered: "2020-04-24", computed: "2020-04-23")),
      (3, "yes", .furtherPlan),
      (4, "23", .hottestSlice(entered: "23")),
      (5, "no", .notRight),
      (8, "no", .notConfirmed),
    ])
  func refused(index: Int, answer: String, refusal: ConfirmationRefusal) throws {
    var answers = Self.right
    answers[index] = answer
    let subject = try Self.subject()
    #expect(throws: refusal) { _ = try run(answers, subject) }
  }

  @Test("a neighbour of the hottest slice is accepted", arguments: ["20", "22"])
  func neighbour(number: String) throws {
    var answers = Self.right
    answers[4] = number
    _ = try run(answers, Self.subject())
  }

  @Test("half words, wrong forms and empty lines are asked again")
  func askedAgain() throws {
    let answers = [
      "", "eighteen", "18.0", "one", "1", "23.04.2020", "2020-02-30", "2020-04-23", "y", "NO", "no",
      "21st", "21", "", "yes", "X", "A\u{7}B", "A. Reviewer", "boss", "Physicist", "ja", "yes",
    ]
    let (outcome, person) = try run(answers, Self.subject())
    #expect(person.answers.isEmpty)
    #expect(outcome.role == "physicist")
  }

  @Test("a person who leaves has confirmed nothing", arguments: 0..<9)
  func left(after count: Int) throws {
    let subject = try Self.subject()
    #expect(throws: ConfirmationRefusal.ended) {
      _ = try run(Array(Self.right.prefix(count)), subject)
    }
  }

  @Test("each warning is accepted one by one")
  func warnings() throws {
    let subject = try Self.subject(
      warnings: [.warning(.planApproved, "no approval"), .warning(.geometrySlices, "a gap")])
    var answers = Self.right
    answers.insert(contentsOf: ["yes", "yes"], at: 6)
    let (_, person) = try run(answers, subject)
    #expect(person.asked.filter { $0 == "Accept? [yes/no] " }.count == 2)
    answers[7] = "no"
    #expect(throws: ConfirmationRefusal.warningNotAccepted("geometry.slices")) {
      _ = try run(answers, subject)
    }
  }

  @Test("warnings that the site expects are accepted together, after the others")
  func expectedWarnings() throws {
    let subject = ConfirmationSubject(
      label: "RT_18Gy_1Fx_04.23.2020", isPrior: false, doseGy: 18, fractions: 1,
      completed: try #require(CalendarDate(iso: "2020-04-23")), hottestSlices: [21],
      warnings: [
        .warning(.planApproved, "no approval"), .warning(.geometrySlices, "a gap"),
        .warning(.treatmentDates, "dated later"),
      ], expected: [.planApproved, .treatmentDates], overridable: [], needsSecondPerson: false,
      introduction: [])
    var answers = Self.right
    answers.insert(contentsOf: ["yes", "yes"], at: 6)
    let (outcome, person) = try run(answers, subject)
    #expect(person.asked.filter { $0 == "Accept? [yes/no] " }.count == 2)
    #expect(
      outcome.answers.map(\.question)[6...7] == [
        "geometry.slices: Accept? [yes/no]",
        "plan.approved, treatment.dates: Accept? [yes/no]",
      ])
    answers[7] = "no"
    #expect(throws: ConfirmationRefusal.warningNotAccepted("plan.approved, treatment.dates")) {
      _ = try run(answers, subject)
    }
  }

  @Test("an override is the second person's, with a reason")
  func overrides() throws {
    let subject = try Self.subject(
      overridable: [.overridable(.dosePlausible, "maximum 3.2 times the prescription")],
      second: true)
    let (first, person) = try run(Self.right, subject)
    #expect(first.reasons.isEmpty)
    #expect(!person.asked.contains("Reason: "))
    var answers = Self.right
    answers.insert("checked against the plan report", at: 6)
    answers[7] = "B. Physicist"
    let (second, _) = try run(answers, subject, earlier: ["A. Reviewer"])
    #expect(second.reasons.map(\.check) == ["dose.plausible"])
  }

  @Test("the same person is no second one, however the name is written")
  func samePerson() throws {
    let subject = try Self.subject(second: true)
    var answers = Self.right
    answers[6] = "a.  REVIEWER"
    #expect(throws: ConfirmationRefusal.samePerson("A. Reviewer")) {
      _ = try run(answers, subject, earlier: ["A. Reviewer"])
    }
  }
}

import DICOM

/// Who confirms: name and role, typed, or picked by number where the site lists people.
package struct ReviewerQuestion: Sendable {
  package static let roles = ["dosimetrist", "physicist", "physician", "resident"]

  private let reviewers: [ConfirmationRules.Reviewer]
  /// The account that the answers are typed under.
  private let account: String
  /// The names of those whose word cannot count again.
  private let earlier: [String]

  package init(rules: ConfirmationRules, account: String, earlier: [String]) {
    reviewers = rules.reviewers
    self.account = account
    self.earlier = earlier
  }

  package struct Reply: Sendable {
    package let name: String
    package let role: String
    package let answers: [ConfirmationDialogue.Answer]
  }

  package func ask(_ person: inout some Asking) throws(ConfirmationRefusal) -> Reply {
    reviewers.isEmpty ? try typed(&person) : try picked(&person)
  }

  private func typed(_ person: inout some Asking) throws(ConfirmationRefusal) -> Reply {
    let name = try person.answer(
      to: "Reviewer: ", hint: "a name of 2 to 64 characters", where: Self.isName)
    if let same = earlier.first(where: { Self.folded($0) == Self.folded(name) }) {
      throw .samePerson(same)
    }
    let question = "Role (\(Self.roles.joined(separator: ", "))): "
    let role = try person.answer(to: question, hint: "one of these four words") {
      Self.roles.contains($0.lowercased())
    }
    return Reply(
      name: name, role: role.lowercased(),
      answers: [
        .init(question: "Reviewer:", answer: name),
        .init(question: question.trimmed, answer: role),
      ])
  }

  private func picked(_ person: inout some Asking) throws(ConfirmationRefusal) -> Reply {
    let choices = reviewers.filter { reviewer in
      (reviewer.account == nil || reviewer.account == account)
        && !earlier.contains { Self.folded($0) == Self.folded(reviewer.name) }
    }
    guard !choices.isEmpty else { throw .nobodyOnList(account: account) }
    for (index, choice) in choices.enumerated() {
      person.show("  \(index + 1)  \(choice.name), \(choice.role)")
    }
    let number = try person.answer(
      to: "Reviewer: ", hint: "the number in front of your name, 1 to \(choices.count)"
    ) { text in
      ConfirmationDialogue.whole(text).map { (1...choices.count).contains($0) } ?? false
    }
    let choice = choices[(ConfirmationDialogue.whole(number) ?? 1) - 1]
    return Reply(
      name: choice.name, role: choice.role,
      answers: [
        .init(question: "Reviewer:", answer: "\(number) (\(choice.name), \(choice.role))")
      ])
  }

  /// 2 to 64 characters, two letters at least, no control characters.
  package static func isName(_ text: String) -> Bool { isSubstantial(text, in: 2...64) }

  /// A reason that says something: 8 to 256 characters, two letters at least.
  package static func isReason(_ text: String) -> Bool { isSubstantial(text, in: 8...256) }

  private static func isSubstantial(_ text: String, in lengths: ClosedRange<Int>) -> Bool {
    let scalars = text.unicodeScalars
    return lengths.contains(scalars.count)
      && scalars.filter(\.properties.isAlphabetic).count >= 2
      && scalars.allSatisfy { $0.properties.generalCategory != .control }
  }

  /// How names are compared: without case, spaces, width and what cannot be seen.
  package static func folded(_ name: String) -> String {
    var text = ""
    for scalar in name.unicodeScalars
    where !scalar.properties.isWhitespace && !scalar.properties.isDefaultIgnorableCodePoint {
      // Full-width Latin letters are the same letters. Unicode block FF01-FF5E.
      let narrow =
        (0xFF01...0xFF5E).contains(scalar.value)
        ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar
      text += narrow.properties.lowercaseMapping
    }
    return text
  }
}

extension Asking {
  /// Asks until the answer has its form.
  package mutating func answer(
    to question: String, hint: String, where isLegal: (String) -> Bool
  ) throws(ConfirmationRefusal) -> String {
    while true {
      let answer: String
      do { answer = try ask(question) } catch { throw .ended }
      let text = answer.trimmed
      if isLegal(text) { return text }
      show("Please answer with \(hint).")
    }
  }
}

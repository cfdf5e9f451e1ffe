/// What a site asks of confirmations beyond what is always asked.
///
/// Nothing in it answers for a person.
package struct ConfirmationRules: Sendable, Equatable {
  /// Somebody who may confirm.
  package struct Reviewer: Sendable, Equatable {
    package let name: String
    package let role: String
    /// The account that is theirs alone; `nil`: any.
    package let account: String?

    package init(name: String, role: String, account: String?) {
      self.name = name
      self.role = role
      self.account = account
    }
  }

  /// Who may confirm; empty: whoever types a name.
  package let reviewers: [Reviewer]
  /// Whether the second person needs another account than the first.
  package let needsDifferentAccounts: Bool
  /// Checks whose warnings are acknowledged together.
  package let expected: Set<CheckID>
  /// How old a word may be; 0: any age.
  package let expiresHours: Double

  package init(
    reviewers: [Reviewer] = [], needsDifferentAccounts: Bool = false,
    expected: Set<CheckID> = [], expiresHours: Double = 0
  ) {
    self.reviewers = reviewers
    self.needsDifferentAccounts = needsDifferentAccounts
    self.expected = expected
    self.expiresHours = expiresHours
  }

  /// Whether somebody's word counts here: where the site lists people, that of those alone.
  func permits(_ person: Confirmation.Person) -> Bool {
    reviewers.isEmpty
      || reviewers.contains {
        ReviewerQuestion.folded($0.name) == ReviewerQuestion.folded(person.name)
          && $0.role == person.role && ($0.account == nil || $0.account == person.account)
      }
  }

  /// Whether two words are those of two people.
  func areDifferent(_ a: Confirmation.Person, _ b: Confirmation.Person) -> Bool {
    ReviewerQuestion.folded(a.name) != ReviewerQuestion.folded(b.name)
      && (!needsDifferentAccounts || a.account != b.account)
  }

  /// Who has to confirm a map beside those who have; `nil` where nobody has to.
  ///
  /// A fused map needs a physicist and a physician, a `PRIOR_`, deformed or overridden one two people.
  package func missing(
    beside people: [Confirmation.Person], for manifest: Manifest
  ) -> String? {
    let counted = people.filter { permits($0) && $0.hasReviewed }
    guard let first = counted.first else {
      return people.first.map {
        "\($0.name), \($0.role), is not on this site's list of people who confirm: somebody on it has to"
      } ?? "nobody has confirmed"
    }
    guard manifest.needsSecondPerson else { return nil }
    let pairs = counted.indices.flatMap { i in
      counted.indices.dropFirst(i + 1).map { (counted[i], counted[$0]) }
    }.filter { areDifferent($0, $1) }
    let others = counted.map { "\($0.name) (\($0.role))" }.joined(separator: ", ")
    let account = needsDifferentAccounts ? " and under another account" : ""
    guard manifest.isFused else {
      return pairs.isEmpty
        ? "a second person has to confirm, with another name than \(first.name)\(account)" : nil
    }
    let wanted = ["physicist", "physician"]
    if pairs.contains(where: { Set([$0.role, $1.role]) == Set(wanted) }) { return nil }
    let open = wanted.filter { role in !counted.contains { $0.role == role } }
    let roles =
      switch open.count {
      case 1: "a \(open[0])"
      case 2: "a physicist and a physician"
      // Both are there, but they are one person, or sat at one account.
      default: "a physicist or a physician"
      }
    return
      "\(open.count == 2 ? "two more people have" : "a second person has") to confirm, with another name\(account) than \(others): \(roles)"
  }
}

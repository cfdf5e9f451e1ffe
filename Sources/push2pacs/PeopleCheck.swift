import Configuration
import Console
import Quality

/// What a configuration says of confirmations, looked at when it is read.
enum PeopleCheck {
  /// Why it cannot be used, with the key that it stands under.
  struct Failure: Error, CustomStringConvertible {
    let key: String
    let reason: String

    var description: String { "confirmation.\(key): \(reason)" }
  }

  static func check(_ confirmation: Site.Confirmation) throws(Failure) {
    var seen: Set<String> = []
    for (index, person) in confirmation.people.enumerated() {
      let key = "people[\(index)]"
      guard ReviewerQuestion.isName(person.name) else {
        throw Failure(
          key: "\(key).name", reason: "'\(person.name.printable)' is no name of 2 to 64 characters")
      }
      guard ReviewerQuestion.roles.contains(person.role) else {
        throw Failure(
          key: "\(key).role",
          reason:
            "'\(person.role.printable)' is none of \(ReviewerQuestion.roles.joined(separator: ", "))"
        )
      }
      guard seen.insert(ReviewerQuestion.folded(person.name)).inserted else {
        throw Failure(key: "\(key).name", reason: "'\(person.name)' stands there twice")
      }
      guard person.account?.isEmpty != true else {
        throw Failure(key: "\(key).account", reason: "the name of an account expected")
      }
    }
    for (index, id) in confirmation.expected.enumerated() where CheckID(rawValue: id) == nil {
      throw Failure(
        key: "expected[\(index)]", reason: "there is no check '\(id.printable)'; inspect shows them"
      )
    }
  }
}

extension ConfirmationRules {
  /// What the site has written down.
  init(_ site: Site) {
    self.init(
      reviewers: site.confirmation.people.map {
        Reviewer(name: $0.name, role: $0.role, account: $0.account)
      },
      needsDifferentAccounts: site.confirmation.needsDifferentAccounts,
      expected: Set(site.confirmation.expected.compactMap(CheckID.init(rawValue:))),
      expiresHours: site.confirmation.expiresHours)
  }
}

import Digest
import DoseMap
package import Files
import JSON

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Who confirmed a stage, with what answers: `confirmation.json`.
///
/// Bound to the manifest by its digest, and by that to every slice; sealed with the site's key.
package struct Confirmation: Sendable, Equatable {
  package static let format = "push2pacs-confirmation/1"

  package struct Person: Sendable, Equatable {
    package let name: String
    package let role: String
    /// The account and machine that the answers were typed on.
    package let account: String
    package let host: String
    /// ISO 8601.
    package let at: String
    /// How long the review took, from when it was shown to the last answer.
    package let seconds: Int
    package let answers: [ConfirmationDialogue.Answer]

    package init(
      name: String, role: String, account: String, host: String, at: String, seconds: Int,
      answers: [ConfirmationDialogue.Answer]
    ) {
      self.name = name
      self.role = role
      self.account = account
      self.host = host
      self.at = at
      self.seconds = seconds
      self.answers = answers
    }

    /// Whether they have looked at the map and confirmed it; who has only answered what the archive
    /// said has not.
    var hasReviewed: Bool {
      answers.contains { $0.question.hasPrefix("Confirm ") && $0.answer == "yes" }
    }
  }

  package struct Override: Sendable, Equatable {
    package let check: String
    package let reason: String
    package let person: String

    package init(check: String, reason: String, person: String) {
      self.check = check
      self.reason = reason
      self.person = person
    }
  }

  package var manifestSHA256: String
  package var people: [Person]
  package var overrides: [Override]
  /// Whether the end of the course rests on the reviewer's word.
  package var isAttested: Bool

  package init(
    manifestSHA256: String, people: [Person], overrides: [Override], isAttested: Bool
  ) {
    self.manifestSHA256 = manifestSHA256
    self.people = people
    self.overrides = overrides
    self.isAttested = isAttested
  }

  private var body: JSONObject {
    [
      "format": .string(Self.format),
      "manifestSHA256": .string(manifestSHA256),
      "people": .array(
        people.map { person in
          [
            "name": .string(person.name), "role": .string(person.role),
            "account": .string(person.account), "host": .string(person.host),
            "at": .string(person.at), "seconds": .integer(person.seconds),
            "answers": .array(
              person.answers.map {
                ["question": .string($0.question), "answer": .string($0.answer)]
              }),
          ]
        }),
      "overrides": .array(
        overrides.map {
          [
            "check": .string($0.check), "reason": .string($0.reason),
            "person": .string($0.person),
          ]
        }),
      "attested": .bool(isAttested),
    ]
  }

  /// The file's bytes, sealed.
  package func sealed(with key: SiteKey) -> [UInt8] {
    var object = body
    object["mac"] = .string(key.code(JSON.object(body).sortedByKey.bytes()))
    return JSON.object(object).bytes(pretty: true) + [UInt8(ascii: "\n")]
  }

  /// Reads a confirmation and breaks it open: `nil` where there is none.
  ///
  /// - Throws: where it is void: not sealed with this site's key, of other bytes, or damaged.
  package static func read(
    of stage: Stage, key: SiteKey
  ) throws(ConfirmationError) -> Confirmation? {
    let path = stage.file(Stage.confirmationName)
    guard FolderListing.exists(path) else { return nil }
    let bytes: [UInt8]
    do { bytes = try PrivateFile.read(path, atMost: 8 << 20) } catch { throw .file(error) }
    guard let document = try? JSON(parsing: bytes), let confirmation = Confirmation(document),
      let mac = document["mac"]?.stringValue.flatMap(Hex.bytes)
    else { throw .damaged }
    let sealed = JSON.object(confirmation.body).sortedByKey.bytes()
    // Nothing may stand in it that the seal does not cover.
    guard var object = document.objectValue else { throw .damaged }
    object["mac"] = nil
    guard JSON.object(object).sortedByKey.bytes() == sealed else { throw .damaged }
    let expected = key.code(sealed)
    guard let expectedBytes = Hex.bytes(expected), HMACSHA256.areEqual(mac, expectedBytes) else {
      throw .notSealed
    }
    guard confirmation.manifestSHA256 == stage.manifestSHA256 else {
      throw .otherManifest
    }
    return confirmation
  }

  private init?(_ document: JSON) {
    guard document["format"]?.stringValue == Self.format,
      let manifest = document["manifestSHA256"]?.stringValue,
      let people = document["people"]?.arrayValue,
      let overrides = document["overrides"]?.arrayValue,
      let attested = document["attested"]?.boolValue
    else { return nil }
    var found: [Person] = []
    for person in people {
      guard let name = person["name"]?.stringValue, let role = person["role"]?.stringValue,
        let account = person["account"]?.stringValue, let host = person["host"]?.stringValue,
        let at = person["at"]?.stringValue, let seconds = person["seconds"]?.integerValue,
        let answers = person["answers"]?.arrayValue
      else { return nil }
      var given: [ConfirmationDialogue.Answer] = []
      for answer in answers {
        guard let question = answer["question"]?.stringValue,
          let text = answer["answer"]?.stringValue
        else { return nil }
        given.append(.init(question: question, answer: text))
      }
      found.append(
        Person(
          name: name, role: role, account: account, host: host, at: at, seconds: seconds,
          answers: given))
    }
    var reasons: [Override] = []
    for override in overrides {
      guard let check = override["check"]?.stringValue,
        let reason = override["reason"]?.stringValue, let person = override["person"]?.stringValue
      else { return nil }
      reasons.append(Override(check: check, reason: reason, person: person))
    }
    self.init(
      manifestSHA256: manifest, people: found, overrides: reasons, isAttested: attested)
  }

  /// How far clocks of two machines may differ, in seconds.
  private static let clockTolerance = 300.0

  /// Why its age voids it; `nil` where nothing does.
  ///
  /// It is as old as the oldest word in it.
  ///
  /// - Parameters:
  ///   - now: seconds since 1970.
  ///   - expiresHours: how old a word may be; 0: any age.
  package func voidity(at now: Double, expiresHours: Double) -> String? {
    for person in people {
      guard let date = try? Date(person.at, strategy: .iso8601) else {
        return "\"\(person.at)\" in confirmation.json is no time, and it is void"
      }
      let age = now - date.timeIntervalSince1970
      if age < -Self.clockTolerance {
        return "confirmation.json is of a time that lies ahead, and void: see to the clocks"
      }
      if expiresHours > 0, age > expiresHours * 3600 {
        return "confirmation.json is older than \(DoseText.gray(expiresHours)) hours, and void"
      }
    }
    return nil
  }

  /// What is still wanting before the stage may be sent; `nil` where nothing is.
  package func wanting(for manifest: Manifest, by rules: ConfirmationRules) -> String? {
    if manifest.checks.isBlocked { return "a check blocks" }
    if let missing = rules.missing(beside: people, for: manifest) { return missing }
    if let open = unreasoned(in: manifest, by: rules).first {
      return "a second person has to give a reason for overriding \(open.id.rawValue)"
    }
    return nil
  }

  /// What may be overridden and is not yet, by anybody whose word counts.
  package func unreasoned(in manifest: Manifest, by rules: ConfirmationRules) -> [Check] {
    // The first person has only seen it.
    let names = people.dropFirst().filter(rules.permits).map(\.name)
    return manifest.checks.overridable.filter { check in
      !overrides.contains { $0.check == check.id.rawValue && names.contains($0.person) }
    }
  }

  /// Adds a person's word to what stands in a stage by now.
  ///
  /// - Throws: where they have confirmed before, or the stage cannot be written.
  package static func record(
    _ person: Person, _ reasons: [Override], isAttested: Bool, in stage: Stage, key: SiteKey,
    isVoid: (Confirmation) -> Bool
  ) throws -> Confirmation {
    // Another person may have confirmed since this one was asked: both count.
    let hold = FolderHold(stage.path, waits: true)
    defer { hold?.release() }
    let empty = Confirmation(
      manifestSHA256: stage.manifestSHA256, people: [], overrides: [], isAttested: isAttested)
    var confirmation = (try? read(of: stage, key: key)) ?? empty
    if isVoid(confirmation) { confirmation = empty }
    let name = ReviewerQuestion.folded(person.name)
    if let same = confirmation.people.first(where: { ReviewerQuestion.folded($0.name) == name }) {
      throw ConfirmationRefusal.samePerson(same.name)
    }
    confirmation.people.append(person)
    confirmation.overrides += reasons
    try confirmation.write(to: stage, key: key)
    return confirmation
  }

  /// Seals it and puts it into its stage, whole or not at all.
  package func write(to stage: Stage, key: SiteKey) throws(FileTrouble) {
    try PrivateFile.write(
      sealed(with: key), named: Stage.confirmationName, in: stage.path, for: stage.group)
  }
}

/// Why a confirmation does not count.
package enum ConfirmationError: Error, Equatable {
  case file(FileTrouble)
  case damaged
  case notSealed
  case otherManifest
}

extension ConfirmationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .file(let trouble): "\(trouble)"
    case .damaged: "confirmation.json is damaged and void; confirm again"
    case .notSealed:
      "confirmation.json is not sealed with this site's key and void; confirm again (accounts that confirm together need one confirmation.keyFile)"
    case .otherManifest:
      "confirmation.json belongs to another manifest.json and is void; confirm again"
    }
  }
}

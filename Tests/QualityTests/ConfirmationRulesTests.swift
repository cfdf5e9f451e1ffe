import JSON
import Quality
import Testing

@Suite("Confirmation rules") struct ConfirmationRulesTests {
  /// A manifest with nothing in it but what the rules look at.
  static func manifest(prior: Bool = false, registration: String? = nil) throws -> Manifest {
    let series: JSON = ["instanceUID": "1.2", "number": 9000, "description": "RT"]
    return try Manifest(document: [
      "format": "push2pacs-stage/1", "label": "RT_18Gy_1Fx_04.23.2020", "isPrior": .bool(prior),
      "patient": ["id": "P2P-0001"], "study": ["instanceUID": "1.1"], "series": series,
      "registration": registration.map { ["kind": .string($0)] } ?? .null,
      "prescription": ["deliveredGy": 18, "fractionsDelivered": 1, "completed": "2020-04-23"],
    ])
  }

  static func person(
    _ name: String, _ role: String, account: String = "one",
    question: String = "Confirm RT? [yes/no]"
  ) -> Quality.Confirmation.Person {
    Quality.Confirmation.Person(
      name: name, role: role, account: account, host: "here", at: "2020-05-01T00:00:00Z",
      seconds: 60, answers: [.init(question: question, answer: "yes")])
  }

  private func missing(
    _ people: [Quality.Confirmation.Person], _ manifest: Manifest,
    _ rules: ConfirmationRules = ConfirmationRules()
  ) -> String? {
    rules.missing(beside: people, for: manifest)
  }

  @Test("a map on its own scan needs one person, of any role, registered or not")
  func one() throws {
    for registration in [nil, "rigid"] {
      let manifest = try Self.manifest(registration: registration)
      #expect(missing([], manifest) == "nobody has confirmed")
      #expect(missing([Self.person("Ada", "resident")], manifest) == nil)
    }
  }

  @Test(
    "a fused map needs a physicist and a physician",
    arguments: [
      (true, nil), (true, "rigid"), (false, "deformable"),
    ] as [(Bool, String?)])
  func fused(prior: Bool, registration: String?) throws {
    let manifest = try Self.manifest(prior: prior, registration: registration)
    let (ada, max) = (Self.person("Ada", "physicist"), Self.person("Max", "physicist"))
    let (grace, dora) = (Self.person("Grace", "physician"), Self.person("Dora", "dosimetrist"))
    #expect(missing([ada, grace], manifest) == nil)
    #expect(missing([dora, grace, ada], manifest) == nil)
    #expect(
      missing([ada, max], manifest)
        == "a second person has to confirm, with another name than Ada (physicist), Max (physicist): a physician"
    )
    #expect(
      missing([dora], manifest)
        == "two more people have to confirm, with another name than Dora (dosimetrist): a physicist and a physician"
    )
  }

  /// Composed and decomposed letters, width, case, spaces and what cannot be seen.
  @Test(
    "one person is no second one, however the name is written",
    arguments: [
      "JOS\u{C9} REYES", "Jose\u{301} Reyes", "\u{FF2A}os\u{E9}Reyes", "Jos\u{E9}\u{200B} Reyes",
    ])
  func samePerson(name: String) throws {
    let manifest = try Self.manifest(prior: true)
    let people = [Self.person("Jos\u{E9} Reyes", "physicist"), Self.person(name, "physician")]
    #expect(missing(people, manifest) != nil)
  }

  @Test("one account is no second one where the site says so")
  func accounts() throws {
    let manifest = try Self.manifest(prior: true)
    let rules = ConfirmationRules(needsDifferentAccounts: true)
    let ada = Self.person("Ada", "physicist")
    #expect(missing([ada, Self.person("Grace", "physician")], manifest, rules) != nil)
    #expect(
      missing([ada, Self.person("Grace", "physician", account: "two")], manifest, rules) == nil)
  }

  @Test("where people are listed only their word counts, in their role and under their account")
  func listed() throws {
    let manifest = try Self.manifest()
    let rules = ConfirmationRules(reviewers: [
      .init(name: "Ada Reviewer", role: "physicist", account: "ada")
    ])
    #expect(
      missing([Self.person("ada reviewer", "physicist", account: "ada")], manifest, rules) == nil)
    for other in [
      Self.person("Eve", "physicist", account: "ada"),
      Self.person("Ada Reviewer", "physician", account: "ada"),
      Self.person("Ada Reviewer", "physicist", account: "eve"),
    ] {
      #expect(missing([other], manifest, rules)?.contains("list") == true)
    }
  }

  @Test("who has only answered what the archive said has confirmed no map")
  func settled() throws {
    let ada = Self.person("Ada", "physicist", question: "identity.pacs: Accept? [yes/no]")
    #expect(missing([ada], try Self.manifest()) != nil)
  }
}

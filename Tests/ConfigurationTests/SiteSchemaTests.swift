import Configuration
import JSON
import Testing

@Suite("Schema of the configuration") struct SiteSchemaTests {
  /// An object of the configuration with what it needs around it, and its name in the table.
  struct Place: CustomTestStringConvertible {
    let table: String
    let document: @Sendable (String) -> String
    var testDescription: String { table.isEmpty ? "the document" : table }
  }

  static let places: [Place] = [
    Place(table: "") { "{\($0)}" },
    Place(table: "pacs.NAME") { #"{"pacs":{"a":{"host":"h","port":1,"aeTitle":"A",\#($0)}}}"# },
    Place(table: "pacs.NAME.timeouts") {
      #"{"pacs":{"a":{"host":"h","port":1,"aeTitle":"A","timeouts":{\#($0)}}}}"#
    },
    Place(table: "fhir.NAME") { #"{"fhir":{"a":{"url":"https://h",\#($0)}}}"# },
    Place(table: "isodoses.NAME") { #"{"isodoses":{"a":{\#($0)}}}"# },
    Place(table: "label") { #"{"label":{\#($0)}}"# },
    Place(table: "limits.CHECK") { #"{"limits":{"dose.plausible":{\#($0)}}}"# },
    Place(table: "confirmation") { #"{"confirmation":{\#($0)}}"# },
    Place(table: "confirmation.people[]") {
      #"{"confirmation":{"people":[{"name":"A B","role":"physicist",\#($0)}]}}"#
    },
    Place(table: "stage") { #"{"stage":{\#($0)}}"# },
  ]

  @Test("an unknown key is refused by name everywhere", arguments: places)
  func unknownKey(place: Place) throws {
    let document = try JSON(parsing: place.document(#""nonsense":1"#))
    let error = try #require(throws: ConfigurationError.self) {
      try Site(written: document, in: "f.json")
    }
    #expect(error.description.contains("unknown key"))
    #expect(error.description.contains("nonsense"))
  }

  @Test("a mistyped key is answered with the nearest right one", arguments: places)
  func nearestKey(place: Place) throws {
    let key = try #require(SiteSchema.keys(of: place.table).max { $0.count < $1.count })
    let mistyped = key + "z"
    let document = try JSON(parsing: place.document(#""\#(mistyped)":1"#))
    let error = try #require(throws: ConfigurationError.self) {
      try Site(written: document, in: "f.json")
    }
    #expect(error.description.contains("did you mean '\(key)'?"))
  }

  @Test("every key of the table is read, and one of another kind is refused")
  func everyKeyIsRead() throws {
    for key in SiteSchema.table {
      let object = key.path.split(separator: ".").dropLast().joined(separator: ".")
      let name = String(key.path.split(separator: ".").last ?? "")
      guard let place = Self.places.first(where: { $0.table == object }) else {
        Issue.record("no place for \(key.path)")
        continue
      }
      // An object is no value of any kind in the table.
      let wrong = place.document(#""\#(name)":{"x":[]}"#)
      guard let document = try? JSON(parsing: wrong) else { continue }  // stands there already
      #expect(throws: ConfigurationError.self, "\(key.path)") {
        try Site(written: document, in: "f.json")
      }
    }
  }

  @Test("a configuration of a later version is refused")
  func laterVersion() throws {
    #expect(throws: Never.self) { try Site(written: ["version": 1], in: "f.json") }
    let error = try #require(throws: ConfigurationError.self) {
      try Site(written: ["version": 2], in: "f.json")
    }
    #expect(error.description == "f.json: version: 2 is not between 1 and 1")
  }

  @Test("what holds without a file has the defaults that the schema states")
  func defaults() throws {
    for setting in Site().settings(writtenIn: nil) {
      // The entries of a list stand in the table, the list itself does not.
      let entries = "\(setting.path)[]."
      let isList = SiteSchema.table.contains { $0.path.hasPrefix(entries) }
      if isList, setting.value.arrayValue?.isEmpty == true { continue }
      let key = try #require(
        SiteSchema.table.first { $0.path == setting.path }, "\(setting.path)")
      #expect(!setting.isWritten)
      switch setting.value {
      case .null: break
      case .array(let values): #expect(values.isEmpty)
      case .string(let text): #expect(key.standard == text)
      case .number(let value): #expect(key.standard.flatMap(Double.init) == value)
      default: #expect(key.standard == setting.value.serialized())
      }
    }
  }

  @Test("each value is said to come from the file only where it stands there")
  func origin() throws {
    let text =
      #"{"port":11104,"pacs":{"m":{"host":"h","port":104,"aeTitle":"A","timeouts":{"write":9}}}}"#
    let document = try JSON(parsing: text)
    let settings = try Site(written: document, in: "f").settings(writtenIn: document)
    let written = Set(settings.filter(\.isWritten).map(\.path))
    #expect(
      written == ["port", "pacs.m.host", "pacs.m.port", "pacs.m.aeTitle", "pacs.m.timeouts.write"])
    #expect(settings.contains { $0.path == "pacs.m.timeouts.connect" && !$0.isWritten })
  }
}

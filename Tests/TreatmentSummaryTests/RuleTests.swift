import JSON
import Testing
import TreatmentSummary

@Suite("Rules of a treatment summary") struct RuleTests {
  /// A change of the example that breaks one rule.
  struct Violation: CustomTestStringConvertible, Sendable {
    let rule: Int
    let severity: Finding.Severity
    let why: String
    let changes: [(path: [String], value: JSON?)]

    var testDescription: String { "\(rule): \(why)" }
  }

  static let violations: [Violation] =
    (try? Fixture.json("violations"))?.arrayValue?.compactMap {
      item in
      guard let rule = item["rule"]?.integerValue,
        let severity = item["severity"]?.stringValue.flatMap(Finding.Severity.init(rawValue:)),
        let why = item["why"]?.stringValue, let changes = item["changes"]?.arrayValue
      else { return nil }
      return Violation(
        rule: rule, severity: severity, why: why,
        changes: changes.map { change in
          (
            (change["path"]?.stringValue ?? "").split(separator: "/").map(String.init),
            change["value"]
          )
        })
    } ?? []

  /// The worked example: taken by `fhir.resources`, `fhirkit` and a running server.
  @Test("the example breaks none") func example() throws {
    #expect(SummaryCheck.findings(in: try Fixture.json("example")) == [])
  }

  @Test("each rule has an example that breaks it", arguments: 1...SummaryCheck.ruleCount)
  func complete(rule: Int) throws {
    #expect(SummaryCheck.ruleNames.count == SummaryCheck.ruleCount)
    let own = Self.violations.filter { $0.rule == rule }
    #expect(!own.isEmpty, "\(rule): \(SummaryCheck.ruleNames[rule - 1])")
    // What the example breaks it says of this rule, and the example unbroken says nothing of it.
    for violation in own { #expect(!violation.changes.isEmpty && !violation.why.isEmpty) }
  }

  /// A reference that leads out of what a server has sent is no error, and is told.
  @Test("read back, a reference that is not here is a warning") func outside() throws {
    var document = try Fixture.json("example")
    document["type"] = "searchset"
    document = document.changed(
      at: ["entry", "2", "resource", "basedOn"][...],
      to: [["reference": "ServiceRequest/elsewhere"]])
    let findings = SummaryCheck.findings(in: document)
    #expect(findings.contains { $0.rule == 7 && $0.severity == .warning }, "\(findings)")
    #expect(!findings.contains { $0.rule == 7 && $0.severity == .error })
  }

  /// The profiles leave open what a course is a part of, and what its prescription is based on.
  @Test("what the profiles leave open is left open") func open() throws {
    let patient = try Fixture.json("example")["entry"]?[0]?["fullUrl"]?.stringValue ?? ""
    for path in ["entry/8/resource/partOf", "entry/2/resource/basedOn"] {
      let document = try Fixture.json("example").changed(
        at: path.split(separator: "/").map(String.init)[...],
        to: [["reference": .string(patient)]])
      #expect(!SummaryCheck.findings(in: document).contains { $0.rule == 19 })
    }
  }

  /// Of what a server has sent, part may be missing, and identifiers are as others write them.
  @Test("others' data are judged as such") func answers() throws {
    var document = try Fixture.json("example")
    document["type"] = "searchset"
    document["entry"] = .array([0, 1, 8].compactMap { document["entry"]?[$0] })
    #expect(!SummaryCheck.findings(in: document).contains { [43, 45].contains($0.rule) })
    document = document.changed(
      at: ["entry", "2", "resource", "identifier", "1", "value"][...], to: "urn:oid:2.999.01")
    let found = SummaryCheck.findings(in: document).filter { $0.rule == 15 }
    #expect(found.map(\.severity) == [.warning])
  }

  /// The bundles that were looked at value by value break no rule.
  @Test("the golden bundles keep every rule", arguments: ["golden-brain-srs", "golden-head-neck"])
  func golden(name: String) throws {
    let findings = SummaryCheck.findings(in: try Fixture.json(name))
    #expect(findings.filter { $0.severity == .error } == [])
  }

  @Test("a summary that breaks it is found", arguments: violations)
  func violation(_ violation: Violation) throws {
    var document = try Fixture.json("example")
    for change in violation.changes {
      document = document.changed(at: change.path[...], to: change.value)
    }
    let findings = SummaryCheck.findings(in: document)
    #expect(
      findings.contains { $0.rule == violation.rule && $0.severity == violation.severity },
      "\(findings)")
  }

  @Test("what no Bundle is breaks the first rule", arguments: ["{}", "[]", "3", "null"])
  func noBundle(text: String) throws {
    #expect(SummaryCheck.findings(in: try JSON(parsing: text)).map(\.rule) == [1])
  }

  /// Whatever is put in the place of any value, the rules answer.
  @Test("hostile values are answered", arguments: ["null", "[]", "{}", "\"\"", "-1e300", "[[[]]]"])
  func hostile(text: String) throws {
    let example = try Fixture.json("example")
    let value = try JSON(parsing: text)
    // Every eleventh place, each time others: all of them take too long.
    for (place, path) in example.paths.enumerated() where place % 11 == text.utf8.count {
      let document = example.changed(at: path[...], to: value)
      _ = SummaryCheck.findings(in: document)
      let index = ResourceIndex(document)
      _ = try? BundleReading.summary(in: index)
    }
  }
}

extension JSON {
  /// With another value at a place; `nil` takes it away, an index past the end appends.
  func changed(at path: ArraySlice<String>, to value: JSON?) -> JSON {
    guard let key = path.first else { return value ?? .null }
    let rest = path.dropFirst()
    switch self {
    case .array(var values):
      guard let index = Int(key) else { return self }
      if values.indices.contains(index) {
        if rest.isEmpty, value == nil {
          values.remove(at: index)
        } else {
          values[index] = values[index].changed(at: rest, to: value)
        }
      } else if let value {
        values.append(value)
      }
      return .array(values)
    case .object(var object):
      if rest.isEmpty {
        object[key] = value
      } else if let inner = object[key] {
        object[key] = inner.changed(at: rest, to: value)
      }
      return .object(object)
    default: return self
    }
  }

  /// The way to every value inside.
  var paths: [[String]] {
    switch self {
    case .array(let values):
      values.enumerated().flatMap { index, value in
        [["\(index)"]] + value.paths.map { ["\(index)"] + $0 }
      }
    case .object(let object):
      object.entries.flatMap { entry in
        [[entry.key]] + entry.value.paths.map { [entry.key] + $0 }
      }
    default: []
    }
  }
}

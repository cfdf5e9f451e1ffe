import DICOM
import Testing

import DIMSE

@Suite("Matching of query keys") struct KeyMatchingTests {
  struct Case: CustomTestStringConvertible {
    var key: String
    var value: String
    var vr: VR
    var matches: Bool

    init(_ key: String, _ value: String, _ vr: VR, _ matches: Bool) {
      (self.key, self.value, self.vr, self.matches) = (key, value, vr, matches)
    }

    var testDescription: String { "\(vr) '\(key)' \(matches ? "takes" : "leaves") '\(value)'" }
  }

  /// PS3.4 C.2.2.2, by hand.
  static let cases: [Case] = [
    Case("", "anything", .LO, true), Case("*", "", .LO, true),
    Case("ABC", "ABC", .LO, true), Case("abc", "ABC", .LO, false),
    Case("A*", "ABC", .LO, true), Case("*C", "ABC", .LO, true), Case("A?C", "ABC", .LO, true),
    Case("A?", "ABC", .LO, false), Case("*B*", "ABC", .LO, true), Case("*D*", "ABC", .LO, false),
    Case("A**C", "AC", .LO, true),
    Case("doe^jane", "Doe^Jane", .PN, true), Case("Doe^Jane^^", "DOE^JANE", .PN, true),
    Case("doe*", "Doe^Jane", .PN, true), Case("Müller", "MULLER", .PN, true),
    Case("Doe", "Doe^Jane", .PN, false),
    Case("1.2.3", "1.2.3", .UI, true), Case("1.2.*", "1.2.3", .UI, false),
    Case("20200423", "20200423", .DA, true), Case("20200423", "20200424", .DA, false),
    Case("20200401-20200430", "20200423", .DA, true),
    Case("20200401-20200422", "20200423", .DA, false), Case("-20200423", "20200423", .DA, true),
    Case("20200424-", "20200423", .DA, false), Case("20200423-", "20200423", .DA, true),
    Case("20200423", "2020.04.23", .DA, true), Case("20200401-", "", .DA, false),
    Case("1000-1030", "103059", .TM, true), Case("1000-1029", "103000", .TM, false),
    Case("101500", "101500.000", .TM, true), Case("-0959", "1015", .TM, false),
    Case("7", "007", .IS, true), Case("7", "8", .IS, false),
  ]

  @Test("keys match as the standard says", arguments: cases)
  func matches(item: Case) {
    let matches = KeyMatching.matches(key: [item.key], values: [item.value], vr: item.vr)
    #expect(matches == item.matches)
  }

  @Test("a list takes any of its values")
  func list() {
    #expect(KeyMatching.matches(key: ["1.2", "1.3"], values: ["1.3"], vr: .UI))
    #expect(!KeyMatching.matches(key: ["1.2", "1.3"], values: ["1.4"], vr: .UI))
    #expect(KeyMatching.matches(key: ["CT"], values: ["MR", "CT"], vr: .CS))
  }

  @Test("a pattern of many stars against a long text ends soon")
  func stars() {
    let pattern = Array(String(repeating: "*a", count: 200) + "b")
    #expect(!KeyMatching.wildcard(pattern, Array(String(repeating: "a", count: 5000))))
  }

  @Test("a key longer than any that makes sense takes nothing")
  func long() {
    let key = String(repeating: "*", count: 5000) + "a"
    #expect(!KeyMatching.matches(key: [key], values: ["a"], vr: .LO))
    #expect(KeyMatching.matches(key: [String(key.suffix(4000))], values: ["a"], vr: .LO))
  }
}

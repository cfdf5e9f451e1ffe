import JSON
import Testing

/// A text and what it means, or why it means nothing.
struct ParsingCase: CustomTestStringConvertible, Sendable {
  let text: String
  let expected: Result<JSON, JSONError>

  static func reads(_ text: String, _ value: JSON) -> Self { Self(text, .success(value)) }

  static func fails(
    _ text: String, _ reason: JSONError.Reason, _ column: Int, line: Int = 1
  ) -> Self {
    Self(text, .failure(JSONError(reason, line: line, column: column)))
  }

  private init(_ text: String, _ expected: Result<JSON, JSONError>) {
    self.text = text
    self.expected = expected
  }

  var testDescription: String { String(text.prefix(40)) }
}

@Suite("Reading JSON") struct ParsingTests {
  /// By the grammar of RFC 8259; numbers as Python's `json.loads` reads them.
  static let cases: [ParsingCase] = [
    .reads("null", .null),
    .reads(" \t\r\n true \n", .bool(true)),
    .reads("\u{FEFF}false", .bool(false)),
    .reads("0", .integer(0)),
    .reads("-0", .integer(0)),
    .reads("-12", .integer(-12)),
    .reads("9223372036854775807", .integer(.max)),
    .reads("-9223372036854775808", .integer(.min)),
    .reads("9223372036854775808", .number(9.223372036854776e18)),
    .reads("18.0", .number(18)),
    .reads("1e2", .number(100)),
    .reads("1E-2", .number(0.01)),
    .reads("-2.5e+3", .number(-2500)),
    .reads("4.9e-324", .number(.leastNonzeroMagnitude)),
    .reads("1e-400", .number(0)),
    .reads("\"\"", .string("")),
    .reads(#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{C}\n\r\t")),
    .reads(#""\u00e9\u20AC\uD83D\uDE00""#, .string("é€😀")),
    .reads(#""é€😀""#, .string("é€😀")),
    .reads(#""\u0000""#, .string("\0")),
    .reads("[]", .array([])),
    .reads("[ 1 , [ ] , {} ]", [1, [], [:]]),
    .reads(#"{"b": 1, "a": {"c": null}}"#, ["b": 1, "a": ["c": nil]]),
    .fails("", .endsTooEarly, 1),
    .fails("  ", .endsTooEarly, 3),
    .fails("tru", .endsTooEarly, 4),
    .fails("trux", .expected("'true'", found: "'x'"), 4),
    .fails("nul!", .expected("'null'", found: "'!'"), 4),
    .fails("True", .expected("a value", found: "'T'"), 1),
    .fails("NaN", .expected("a value", found: "'N'"), 1),
    .fails("Infinity", .expected("a value", found: "'I'"), 1),
    .fails("-Infinity", .expected("a digit", found: "'I'"), 2),
    .fails("+1", .expected("a value", found: "'+'"), 1),
    .fails(".5", .expected("a value", found: "'.'"), 1),
    .fails("5.", .endsTooEarly, 3),
    .fails("5.e1", .expected("a digit", found: "'e'"), 3),
    .fails("1e", .endsTooEarly, 3),
    .fails("1e+", .endsTooEarly, 4),
    .fails("-", .endsTooEarly, 2),
    .fails("01", .leadingZero, 1),
    .fails("-01", .leadingZero, 1),
    .fails("0x10", .moreAfterTheEnd, 2),
    .fails("1e400", .numberOutOfRange("1e400"), 1),
    .fails("-1e400", .numberOutOfRange("-1e400"), 1),
    .fails("1 2", .moreAfterTheEnd, 3),
    .fails("[1,]", .expected("a value", found: "']'"), 4),
    .fails("[1", .endsTooEarly, 3),
    .fails("[1 2]", .expected("',' or ']'", found: "'2'"), 4),
    .fails("[", .endsTooEarly, 2),
    .fails("]", .expected("a value", found: "']'"), 1),
    .fails("{", .endsTooEarly, 2),
    .fails("{a: 1}", .expected("a key in double quotes", found: "'a'"), 2),
    .fails("{'a': 1}", .expected("a key in double quotes", found: "'''"), 2),
    .fails(#"{"a" 1}"#, .expected("':'", found: "'1'"), 6),
    .fails(#"{"a": 1,}"#, .expected("a key in double quotes", found: "'}'"), 9),
    .fails("{\n  \"é\": 1,\n  \"é\": 2\n}", .duplicateKey("é"), 3, line: 3),
    .fails("{\n \"é\" 1}", .expected("':'", found: "'1'"), 6, line: 2),
    .fails("// comment\n1", .expected("a value", found: "'/'"), 1),
    .fails(#""abc"#, .endsTooEarly, 5),
    .fails("\"a\tb\"", .controlCharacter(9), 3),
    .fails("\"a\0b\"", .controlCharacter(0), 3),
    .fails(#""\x41""#, .unknownEscape("\\x"), 2),
    .fails(#""\"#, .endsTooEarly, 3),
    .fails(#""\u12"#, .endsTooEarly, 6),
    .fails(#""\u12G4""#, .expected("a hexadecimal digit", found: "'G'"), 6),
    .fails(#""\uD800""#, .loneSurrogate, 2),
    .fails(#""\uDC00""#, .loneSurrogate, 2),
    .fails(#""\uD800\u0041""#, .loneSurrogate, 2),
    .fails(#""\uD800\n""#, .loneSurrogate, 2),
  ]

  @Test("a text is read, or refused with line and column", arguments: cases)
  func reads(_ example: ParsingCase) throws {
    switch example.expected {
    case .success(let value): #expect(try JSON(parsing: example.text) == value)
    case .failure(let wanted):
      let error = try #require(throws: JSONError.self) { try JSON(parsing: example.text) }
      #expect(error == wanted)
    }
  }

  /// Byte sequences that UTF-8 forbids: overlong, surrogate, past U+10FFFF, cut, stray.
  static let notUTF8: [[UInt8]] = [
    [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80], [0xFF],
  ]

  @Test("a string that is not UTF-8 is refused where it stops being so", arguments: notUTF8)
  func refusesOtherEncodings(_ bytes: [UInt8]) throws {
    let error = try #require(throws: JSONError.self) {
      try JSON(parsing: Array("[\"ab".utf8) + bytes + Array("\"]".utf8))
    }
    #expect(error == JSONError(.notUTF8, line: 1, column: 5))
  }

  @Test("nesting is bounded", arguments: ["[", #"{"a":"#])
  func boundsDepth(_ opening: String) throws {
    let error = try #require(throws: JSONError.self) {
      try JSON(parsing: String(repeating: opening, count: 100_000))
    }
    #expect(error.reason == .tooDeep(limit: 64))
    let closing = opening == "[" ? "]" : "}"
    let allowed =
      String(repeating: opening, count: 63) + "[]" + String(repeating: closing, count: 63)
    #expect(throws: Never.self) { try JSON(parsing: allowed) }
    #expect(throws: JSONError.self) { try JSON(parsing: allowed, depthLimit: 63) }
  }

  @Test("an object of very many keys is read fast and in order, and finds its twins")
  func readsManyKeys() throws {
    let keys = (0..<50_000).map { "key\($0 &* 7919 % 50_000)" }
    let text = "{" + keys.map { "\"\($0)\":1" }.joined(separator: ",")
    #expect(try JSON(parsing: text + "}").objectValue?.keys == keys)
    let error = try #require(throws: JSONError.self) {
      try JSON(parsing: text + ",\"\(keys[17])\":2}")
    }
    #expect(error.reason == .duplicateKey(keys[17]))
  }

  @Test("ten thousand digits are a number, or out of range")
  func readsLongNumbers() throws {
    let digits = String(repeating: "3", count: 10_000)
    #expect(try JSON(parsing: "0." + digits) == .number(1.0 / 3))
    let error = try #require(throws: JSONError.self) { try JSON(parsing: digits) }
    #expect(error.reason == .numberOutOfRange(String(repeating: "3", count: 40)))
  }

  @Test("an error is one line with the place in it")
  func describesErrors() throws {
    let error = try #require(throws: JSONError.self) { try JSON(parsing: "{\"a\": tru }") }
    #expect(
      error.description
        == "line 1, column 10: 'true' expected, a character that has no place here found")
    let twin = JSONError(.duplicateKey("a\u{1B}b"), line: 2, column: 3)
    #expect(twin.description == #"line 2, column 3: the key "a\u001bb" is there twice"#)
  }
}

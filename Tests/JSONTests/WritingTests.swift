import JSON
import Testing

@Suite("Writing JSON") struct WritingTests {
  static let document: JSON = [
    "format": "push2pacs-stage/1",
    "position": [1.5, -2, 1e20],
    "targets": [["name": "GTV \"A\"", "doseGy": 18.0], [:]],
    "registration": nil,
    "empty": [],
    "sent": true,
    "uids": ["1.2.826.0.1.3680043.8.498.1"],
  ]

  @Test("pretty: two spaces a level, keys in their order, a row of plain values on one line")
  func writesPretty() {
    #expect(
      Self.document.serialized(pretty: true) == """
        {
          "format": "push2pacs-stage/1",
          "position": [1.5, -2, 1e+20],
          "targets": [
            {
              "name": "GTV \\"A\\"",
              "doseGy": 18.0
            },
            {}
          ],
          "registration": null,
          "empty": [],
          "sent": true,
          "uids": [
            "1.2.826.0.1.3680043.8.498.1"
          ]
        }
        """)
  }

  @Test("compact: one line without spaces")
  func writesCompact() {
    #expect(
      Self.document.serialized() == #"{"format":"push2pacs-stage/1","position":[1.5,-2,1e+20],"#
        + #""targets":[{"name":"GTV \"A\"","doseGy":18.0},{}],"registration":null,"empty":[],"#
        + #""sent":true,"uids":["1.2.826.0.1.3680043.8.498.1"]}"#)
  }

  @Test("control characters and line separators are escaped, other characters are not")
  func escapes() {
    let text = "\u{0}\u{1F}\"\\/\n\u{7F}\u{9B}\u{2028}é😀"
    #expect(
      JSON.string(text).serialized()
        == #""\u0000\u001f\"\\/\n\u007f\u009b\u2028é😀""#)
  }

  @Test(
    "numbers are written as short as they can be read back",
    arguments: [
      (0.1, "0.1"), (1.0 / 3, "0.3333333333333333"), (18, "18.0"), (-0.0, "-0.0"),
      (.leastNonzeroMagnitude, "5e-324"), (1.7976931348623157e308, "1.7976931348623157e+308"),
      (.nan, "null"), (.infinity, "null"),
    ])
  func writesNumbers(_ number: Double, _ text: String) {
    #expect(JSON.number(number).serialized() == text)
  }

  @Test("the canonical form sorts keys at every level by their bytes")
  func sortsKeys() {
    let value: JSON = ["é": 1, "b": ["z": [["y": 1, "x": 2]], "a": 0], "B": nil]
    #expect(
      value.sortedByKey.serialized() == #"{"B":null,"b":{"a":0,"z":[{"x":2,"y":1}]},"é":1}"#)
  }
}

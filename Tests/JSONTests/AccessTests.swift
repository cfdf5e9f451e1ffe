import JSON
import Testing

@Suite("Looking into JSON") struct AccessTests {
  @Test("a value of another kind is nil, never a default")
  func answersNil() {
    let value: JSON = ["a": [1, 2.5, 3.0], "b": "text", "c": nil]
    #expect(value["a"]?[0]?.integerValue == 1)
    #expect(value["a"]?[1]?.integerValue == nil)
    #expect(value["a"]?[2]?.integerValue == 3)
    #expect(value["a"]?[0]?.doubleValue == 1)
    #expect(value["a"]?[3] == nil)
    #expect(value["a"]?[-1] == nil)
    #expect(value["a"]?.stringValue == nil)
    #expect(value["b"]?.stringValue == "text")
    #expect(value["b"]?.doubleValue == nil)
    #expect(value["c"]?.isNull == true)
    #expect(value["d"] == nil)
    #expect(value["b"]?["x"] == nil)
  }

  @Test("a key set again keeps its place; nil takes it away", arguments: [3, 8, 9, 20])
  func setsKeys(count: Int) {
    var object = JSONObject((0..<count).map { .init(key: "k\($0)", value: .integer($0)) })
    object["k1"] = "new"
    object["k0"] = nil
    object["last"] = true
    #expect(object.keys == (1..<count).map { "k\($0)" } + ["last"])
    #expect(object["k1"] == "new")
    #expect(object["k0"] == nil)
    #expect(object["k2"] == 2)
    let isNew = object.append("k1", 5)
    #expect(!isNew && object["k1"] == "new")
    for key in object.keys { object[key] = nil }
    #expect(object.isEmpty)
  }

  @Test("a path leads to every complaint")
  func namesPaths() throws {
    let reader = JSONReader([
      "pacs": ["main": ["port": "104", "rate": 3, "retrieve": "got", "list": [1, "x"]]]
    ])
    let main = try reader.required("pacs").required("main")
    #expect(try main.required("rate").integer(in: 1...5) == 3)
    #expect(try main.optional("absent") == nil)
    func complaint(_ read: (JSONReader) throws -> Void) throws -> String {
      try #require(throws: JSONShapeError.self) { try read(main) }.description
    }
    #expect(
      try complaint { _ = try $0.required("port").integer() }
        == "pacs.main.port: a whole number expected, a string found")
    #expect(
      try complaint { _ = try $0.required("rate").integer(in: 4...9) }
        == "pacs.main.rate: 3 is not between 4 and 9")
    #expect(
      try complaint { _ = try $0.required("retrieve").string(oneOf: ["get", "move"]) }
        == "pacs.main.retrieve: \"get\" or \"move\" expected, \"got\" found")
    #expect(
      try complaint { _ = try $0.required("list").array()[1].double() }
        == "pacs.main.list[1]: a number expected, a string found")
    #expect(try complaint { _ = try $0.required("host") } == "'pacs.main.host' is missing")
    #expect(
      try complaint { try $0.allowOnly(["port", "rate", "retrieve"]) }
        == "unknown key 'pacs.main.list'; allowed here: port, rate, retrieve")
  }
}

import DICOMweb
import TestSupport
import Testing

@Suite("Multipart") struct MultipartTests {
  private func parts(_ text: String, boundary: String = "B") throws -> [(String?, String)] {
    let body = Array(text.utf8)
    return try Multipart.parts(of: body, boundary: boundary).map {
      ($0.headers["content-type"], String(decoding: body[$0.range], as: UTF8.self))
    }
  }

  /// Bodies that RFC 2046 5.1.1 allows, or that servers send all the same, and their parts.
  struct Good: CustomTestStringConvertible {
    let testDescription: String
    let body: String
    let parts: [String]
  }

  static let good = [
    Good(
      testDescription: "as the standard writes it",
      body: "--B\r\nContent-Type: a/b\r\n\r\none\r\n--B\r\n\r\ntwo\r\n--B--\r\n",
      parts: ["one", "two"]),
    Good(
      testDescription: "text around the parts",
      body: "before --B not a line\r\n--B\r\n\r\none\r\n--B--\r\nafter\r\n--B\r\n\r\nno\r\n--B--",
      parts: ["one"]),
    Good(
      testDescription: "line feeds alone", body: "--B\nContent-Type: a/b\n\none\n--B\n\ntwo\n--B--",
      parts: ["one", "two"]),
    Good(
      testDescription: "blanks behind the delimiter",
      body: "--B \t\r\n\r\none\r\n--B-- \r\n", parts: ["one"]),
    Good(
      testDescription: "the boundary within a value",
      body: "--B\r\n\r\nx--B\r\n--Bx\r\n --B\r\n--B", parts: []),
    Good(testDescription: "an empty part", body: "--B\r\n\r\n\r\n--B--", parts: [""]),
    Good(
      testDescription: "an empty part without its line end", body: "--B\r\n\r\n--B--", parts: [""]),
    Good(testDescription: "no part", body: "--B--\r\n", parts: []),
    Good(
      testDescription: "line ends at the end of a value stay",
      body: "--B\r\n\r\none\r\n\r\n\r\n--B--", parts: ["one\r\n\r\n"]),
    Good(
      testDescription: "two dashes within a value",
      body: "--B\r\n\r\n--\r\n--B--x\r\n--\r\n--B--", parts: ["--\r\n--B--x\r\n--"]),
  ]

  @Test(
    "parts are found",
    arguments: good.filter { $0.testDescription != "the boundary within a value" })
  func finds(_ good: Good) throws {
    #expect(try parts(good.body).map(\.1) == good.parts)
  }

  @Test("headers are read whatever the case of their names")
  func headers() throws {
    let body = Array(
      "--B\r\ncontent-TYPE:  application/dicom; transfer-syntax=1.2 \r\nX: y\r\n\r\none\r\n--B--"
        .utf8)
    let part = try #require(try Multipart.parts(of: body, boundary: "B").first)
    #expect(
      part.headers == ["content-type": "application/dicom; transfer-syntax=1.2", "x": "y"])
  }

  @Test("a boundary that begins a longer line is part of the value")
  func prefix() throws {
    let found = try parts("--B\r\n\r\nx\r\n--Bx\r\n--B\r\n\r\ny\r\n--B--")
    #expect(found.map(\.1) == ["x\r\n--Bx", "y"])
  }

  @Test(
    "a body that is none is an error",
    arguments: [
      ("", "B", .noDelimiter), ("hello", "B", .noDelimiter), ("x--B--", "B", .noDelimiter),
      ("--B\r\n\r\none\r\n", "B", .notEnded(part: 1)),
      ("--B\r\n\r\none\r\n--B", "B", .notEnded(part: 1)),
      ("--B\r\n\r\none--B--", "B", .notEnded(part: 1)),
      ("--B\r\nno header\r\n\r\none\r\n--B--", "B", .headers(part: 1)),
      ("--B\r\n: x\r\n\r\none\r\n--B--", "B", .headers(part: 1)),
      ("--B\r\nA: b\r\n--B--", "B", .headers(part: 1)), ("--B\r\nA: b", "B", .headers(part: 1)),
      ("--B\r\n", "B", .headers(part: 1)), ("x", "", .boundary), ("x", "a\r\nb", .boundary),
      (
        "--B\r\n" + String(repeating: "A: b\r\n", count: 5000) + "\r\nx\r\n--B--", "B",
        .headers(part: 1)
      ),
      (
        String(repeating: "--B\r\n\r\n\r\n", count: 10_001) + "--B--", "B",
        .tooManyParts(limit: 10_000)
      ),
    ] as [(String, String, MultipartError)])
  func refuses(body: String, boundary: String, error: MultipartError) {
    #expect(throws: error) { try Multipart.parts(of: Array(body.utf8), boundary: boundary) }
  }

  @Test("every beginning of a body is an error, whatever it ends in")
  func truncated() throws {
    let whole = Array("--B\r\nContent-Type: a/b\r\n\r\none\r\n--B\r\n\r\ntwo\r\n--B--".utf8)
    for count in 0..<whole.count {
      #expect(throws: MultipartError.self, "\(count) bytes") {
        try Multipart.parts(of: Array(whole.prefix(count)), boundary: "B")
      }
    }
  }

  @Test("what is written is found again, binary and all")
  func writes() throws {
    var generator = SeededGenerator(seed: 7)
    let files =
      (0..<20).map { _ in
        (0..<Int(generator.next() % 3000)).map { _ in
          UInt8(truncatingIfNeeded: generator.next() >> 30)
        }
      } + [[], [0x0D], [0x0A], Array("\r\n--".utf8), Array("--".utf8)]
    let writer = MultipartWriter()
    let body = writer.body(files)
    let type = try #require(MediaType(writer.contentType))
    #expect(type.name == "multipart/related" && type.parameters["type"] == "application/dicom")
    let parts = try Multipart.parts(of: body, boundary: try #require(type.parameters["boundary"]))
    #expect(parts.map { Array(body[$0.range]) } == files)
    #expect(parts.allSatisfy { $0.headers == ["content-type": "application/dicom"] })
    #expect(MultipartWriter().boundary != writer.boundary)
  }

  @Test("bytes changed at random never lead out of the body", arguments: 0..<40)
  func fuzz(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let alphabet = Array("--B\r\n\r\n:- ax".utf8)
    for _ in 0..<200 {
      let body = (0..<Int(generator.next() % 60)).map { _ in
        alphabet[Int(generator.next() % UInt64(alphabet.count))]
      }
      guard let parts = try? Multipart.parts(of: body, boundary: "B") else { continue }
      var end = 0
      for part in parts {
        #expect(part.range.lowerBound >= end && part.range.upperBound <= body.count, "seed \(seed)")
        end = part.range.upperBound
      }
    }
  }

  @Test("a media type is taken apart")
  func mediaTypes() throws {
    let type = try #require(
      MediaType("Multipart/Related ; Type=\"application/dicom\";boundary=\"a;b=\\\"c\"; boundary=x")
    )
    #expect(type.name == "multipart/related")
    #expect(type.parameters == ["type": "application/dicom", "boundary": "a;b=\"c"])
    #expect(MediaType("application/dicom+json")?.parameters == [:])
    #expect(MediaType("a/b; boundary=\"x")?.parameters["boundary"] == "\"x")
    for bad in ["", "text", "/", "a/", ";", String(repeating: "a/b;", count: 2000)] {
      #expect(MediaType(bad) == nil, "\(bad.prefix(20))")
    }
  }
}

import PixelCodecs
import Testing

@Suite("JPEG 2000") struct JPEG2000Tests {
  static let fixtures = CodecFixture.table("jpeg2000")
  static let recognised = CodecFixture.table("recognised")

  @Test("the tables are there") func complete() {
    #expect(Self.fixtures.count == 151)
    #expect(Self.recognised.count == 3)
  }

  @Test("compressed by OpenJPEG", arguments: fixtures)
  func decodes(fixture: CodecFixture) throws {
    let image = try PixelCodec.decode(fixture.stream.span.bytes, expecting: fixture.shape)
    fixture.expect(image)
    #expect(PixelCodec.recognise(fixture.stream.span.bytes) == .jpeg2000)
  }

  @Test("what is not decoded is named")
  func named() throws {
    let expected: [String: CodecError] = [
      "htj2k": .unsupported(.htj2k, "its block coder is not known"),
      "jpeg-xl": .unsupported(.jpegXL, "this kind of code stream is not decoded here"),
      "jpeg-progressive": .unsupported(
        .jpeg, "the progressive process, which DICOM retired,"),
    ]
    for fixture in Self.recognised {
      let error = try #require(throws: CodecError.self) {
        try PixelCodec.decode(fixture.stream.span.bytes, expecting: fixture.shape)
      }
      #expect(error == expected[fixture.name])
    }
  }

  @Test("a stream that ends before its last packet is an error", arguments: fixtures)
  func truncated(fixture: CodecFixture) {
    for length in stride(from: 0, to: fixture.stream.count - 3, by: 13) {
      let bytes = Array(fixture.stream.prefix(length))
      #expect(throws: CodecError.self, "\(length) bytes") {
        try JPEG2000.decode(bytes.span.bytes, expecting: fixture.shape)
      }
    }
  }

  @Test("damaged streams never trap", arguments: fixtures)
  func damaged(fixture: CodecFixture) {
    fixture.mutate(300) { (bytes) throws(CodecError) in
      try JPEG2000.decode(bytes.span.bytes, expecting: fixture.shape)
    }
  }
}

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

  @Test("a stream cut after its headers costs nothing, whatever size it claims")
  func bomb() throws {
    let fixture = try #require(Self.fixtures.first { $0.name == "8-9x7" })
    let start = try #require(
      fixture.stream.indices.dropLast().first {
        fixture.stream[$0] == 0xFF && fixture.stream[$0 + 1] == 0x93
      })
    var stream = Array(fixture.stream.prefix(start + 2))
    // Image and tile of 65535 x 65535, one tile-part that ends with the bytes.
    for offset in [8, 12, 24, 28] {
      stream.replaceSubrange(offset..<offset + 4, with: [0, 0, 0xFF, 0xFF])
    }
    let length = try #require(
      stream.indices.dropLast().first { stream[$0] == 0xFF && stream[$0 + 1] == 0x90 })
    stream.replaceSubrange(length + 6..<length + 10, with: [0, 0, 0, 0])
    let shape = try #require(
      ImageShape(rows: 65535, columns: 65535, components: 1, bitsAllocated: 8))
    #expect(throws: CodecError.truncated(.jpeg2000, at: stream.count)) {
      try JPEG2000.decode(stream.span.bytes, expecting: shape)
    }
  }

  @Test("damaged streams never trap", arguments: fixtures)
  func damaged(fixture: CodecFixture) {
    fixture.mutate(300) { (bytes) throws(CodecError) in
      try JPEG2000.decode(bytes.span.bytes, expecting: fixture.shape)
    }
  }
}

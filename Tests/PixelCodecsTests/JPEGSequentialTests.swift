import PixelCodecs
import Testing

@Suite("JPEG sequential") struct JPEGSequentialTests {
  static let fixtures = CodecFixture.table("jpeg")

  @Test("the table is there") func complete() {
    #expect(Self.fixtures.count == 102)
  }

  @Test("compressed by libjpeg-turbo and dcmtk", arguments: fixtures)
  func decodes(fixture: CodecFixture) throws {
    let image = try PixelCodec.decode(fixture.stream.span.bytes, expecting: fixture.shape)
    if image.components == 3 {
      #expect(image.color == (fixture.name == "rgb" ? .rgb : .ybrFull))
    }
    fixture.expect(image.color == .ybrFull ? image.convertedToRGB() : image)
    #expect(image.isLossy)
  }

  @Test(
    "retired processes are named",
    arguments: [
      (UInt8(0xC2), "the progressive process"), (0xC5, "a hierarchical process"),
      (0xC9, "arithmetic coding"),
    ])
  func retired(marker: UInt8, name: String) throws {
    let fixture = try #require(Self.fixtures.first)
    var stream = fixture.stream
    let header = try #require(
      stream.indices.dropLast().first { stream[$0] == 0xFF && stream[$0 + 1] == 0xC0 })
    stream[header + 1] = marker
    let error = try #require(throws: CodecError.self) {
      try PixelCodec.decode(stream.span.bytes, expecting: fixture.shape)
    }
    #expect(error == .unsupported(.jpeg, name + ", which DICOM retired,"))
  }

  @Test("a stream that ends before its last block is an error", arguments: fixtures)
  func truncated(fixture: CodecFixture) {
    // The end-of-image marker may be missing, and bits of the last byte only fill it up.
    for length in stride(from: 0, to: fixture.stream.count - 3, by: 7) {
      let bytes = Array(fixture.stream.prefix(length))
      #expect(throws: CodecError.self) {
        try JPEGSequential.decode(bytes.span.bytes, expecting: fixture.shape)
      }
    }
  }

  @Test("damaged streams never trap", arguments: fixtures)
  func damaged(fixture: CodecFixture) {
    fixture.mutate(600) { (bytes) throws(CodecError) in
      try JPEGSequential.decode(bytes.span.bytes, expecting: fixture.shape)
    }
  }
}

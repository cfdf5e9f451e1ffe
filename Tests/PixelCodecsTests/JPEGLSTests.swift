import PixelCodecs
import Testing

@Suite("JPEG-LS") struct JPEGLSTests {
  static let fixtures = CodecFixture.table("jpeg-ls")

  @Test("the table is there") func complete() {
    #expect(Self.fixtures.count == 175)
  }

  @Test("compressed by CharLS", arguments: fixtures)
  func decodes(fixture: CodecFixture) throws {
    let image = try JPEGLS.decode(fixture.stream.span.bytes, expecting: fixture.shape)
    fixture.expect(image)
    #expect(image.isLossy == (fixture.name.contains("near") && !fixture.name.contains("near0")))
    #expect(PixelCodec.recognise(fixture.stream.span.bytes) == .jpegLS)
  }

  @Test("damaged streams never trap", arguments: fixtures)
  func damaged(fixture: CodecFixture) {
    fixture.mutate(600) { (bytes) throws(CodecError) in
      try JPEGLS.decode(bytes.span.bytes, expecting: fixture.shape)
    }
  }

  @Test("another shape than expected is named") func otherImage() throws {
    let fixture = try #require(Self.fixtures.first { $0.precision == 12 })
    let shape = try #require(ImageShape(rows: 17, columns: 29, components: 1, bitsAllocated: 8))
    #expect(
      throws: CodecError.otherImage(
        .jpegLS, found: "17 rows x 29 columns x 1 of 12 bits", expected: shape)
    ) {
      try JPEGLS.decode(fixture.stream.span.bytes, expecting: shape)
    }
  }
}

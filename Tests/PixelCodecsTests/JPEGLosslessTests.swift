import PixelCodecs
import Testing

@Suite("JPEG lossless") struct JPEGLosslessTests {
  static let fixtures = CodecFixture.table("jpeg-lossless")

  @Test("the table is there") func complete() {
    #expect(Self.fixtures.count == 178)
  }

  @Test("compressed by libjpeg-turbo and dcmtk", arguments: fixtures)
  func decodes(fixture: CodecFixture) throws {
    let image = try JPEGLossless.decode(fixture.stream.span.bytes, expecting: fixture.shape)
    fixture.expect(image)
    #expect(image.isLossy == fixture.name.contains("pt2"))
    #expect(PixelCodec.recognise(fixture.stream.span.bytes) == .jpegLossless)
  }

  @Test("another shape than expected is named") func otherImage() throws {
    let fixture = try #require(Self.fixtures.first)
    let shape = try #require(ImageShape(rows: 12, columns: 13, components: 1, bitsAllocated: 8))
    #expect(
      throws: CodecError.otherImage(
        .jpegLossless, found: "11 rows x 13 columns x 1 of 2 bits", expected: shape)
    ) {
      try JPEGLossless.decode(fixture.stream.span.bytes, expecting: shape)
    }
  }

  @Test("a height that the frame header leaves open is the expected one") func openHeight() throws {
    let fixture = try #require(Self.fixtures.first { $0.shape.rows == 33 })
    var stream = fixture.stream
    let header = try #require(
      stream.indices.dropLast().first { stream[$0] == 0xFF && stream[$0 + 1] == 0xC3 })
    stream[header + 5] = 0
    stream[header + 6] = 0
    fixture.expect(try JPEGLossless.decode(stream.span.bytes, expecting: fixture.shape))
  }

  /// Three samples of 16 bits, the first 32768 away from its prediction, as an early encoder wrote
  /// them: 16 bits follow category 16, made by hand from T.81 H.1.2.2.
  @Test("16 bits after category 16 are forgiven") func category16() throws {
    let shape = try #require(ImageShape(rows: 1, columns: 3, components: 1, bitsAllocated: 16))
    let header: [UInt8] = [
      0xFF, 0xD8, 0xFF, 0xC3, 0x00, 0x0B, 0x10, 0x00, 0x01, 0x00, 0x03, 0x01, 0x01, 0x11, 0x00,
      0xFF, 0xC4, 0x00, 0x15, 0x00, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0x01,
      0xFF, 0xDA, 0x00, 0x08, 0x01, 0x01, 0x00, 0x01, 0x00, 0x00,
    ]
    // 00 = category 16, 01 = category 1 and one bit.
    let early: [UInt8] = [0b0011_1111, 0xFF, 0x00, 0b1101_1011, 0xFF, 0xD9]
    let right: [UInt8] = [0b0001_1010, 0xFF, 0xD9]
    for (data, samples) in [(right, [0, 1, 0] as [UInt16]), (early, [0, 1, 2])] {
      let stream = header + data
      let image = try JPEGLossless.decode(stream.span.bytes, expecting: shape)
      #expect(image.samples == .words(samples))
    }
  }

  @Test("a small stream that claims a huge image costs nothing") func bomb() throws {
    let fixture = try #require(Self.fixtures.first)
    var stream = fixture.stream
    let header = try #require(
      stream.indices.dropLast().first { stream[$0] == 0xFF && stream[$0 + 1] == 0xC3 })
    for offset in 5...8 { stream[header + offset] = 0xFF }
    let shape = try #require(
      ImageShape(rows: 65535, columns: 65535, components: 1, bitsAllocated: 8))
    #expect(throws: CodecError.truncated(.jpegLossless, at: stream.count)) {
      try JPEGLossless.decode(stream.span.bytes, expecting: shape)
    }
  }

  @Test("damaged streams never trap", arguments: fixtures)
  func damaged(fixture: CodecFixture) {
    fixture.mutate(1000) { (bytes) throws(CodecError) in
      try JPEGLossless.decode(bytes.span.bytes, expecting: fixture.shape)
    }
  }
}

import PixelCodecs
import Testing

@Suite("RLE") struct RLETests {
  static let fixtures = CodecFixture.table("rle")

  @Test("the table is there") func complete() {
    #expect(Self.fixtures.count == 66)
  }

  @Test("packed by pylibjpeg and pydicom", arguments: fixtures)
  func decodes(fixture: CodecFixture) throws {
    fixture.expect(try RLE.decode(fixture.stream.span.bytes, expecting: fixture.shape))
  }

  @Test("what is packed here unpacks to the same", arguments: fixtures)
  func packs(fixture: CodecFixture) throws {
    let image = try RLE.decode(fixture.stream.span.bytes, expecting: fixture.shape)
    let native = image.samples.littleEndianBytes
    let packed = try RLE.encode(native.span.bytes, shape: fixture.shape)
    #expect(packed.count % 2 == 0)
    #expect(try RLE.decode(packed.span.bytes, expecting: fixture.shape) == image)
  }

  /// PS3.5 G.3.1 and G.4: one row of 4 pixels of 16 bits, 0x0102 0x0102 0x0102 0x0305.
  @Test("an encoded fragment, byte by byte") func layout() throws {
    let native: [UInt8] = [0x02, 0x01, 0x02, 0x01, 0x02, 0x01, 0x05, 0x03]
    let shape = try #require(ImageShape(rows: 1, columns: 4, components: 1, bitsAllocated: 16))
    let fragment = try RLE.encode(native.span.bytes, shape: shape)
    #expect(fragment.count == 72)
    #expect(Array(fragment[0..<16]) == [2, 0, 0, 0, 64, 0, 0, 0, 68, 0, 0, 0, 0, 0, 0, 0])
    #expect(Array(fragment[64..<68]) == [0xFE, 0x01, 0x00, 0x03])  // 3 times 01, one 03
    #expect(Array(fragment[68..<72]) == [0xFE, 0x02, 0x00, 0x05])
  }

  @Test("runs do not cross rows") func rows() throws {
    let native = [UInt8](repeating: 7, count: 300)
    let shape = try #require(ImageShape(rows: 100, columns: 3, components: 1, bitsAllocated: 8))
    let fragment = try RLE.encode(native.span.bytes, shape: shape)
    #expect(fragment.count == 64 + 200)
    #expect(fragment[64...].enumerated().allSatisfy { $1 == ($0 % 2 == 0 ? 0xFE : 7) })
  }

  @Test("a wrong count of segments is named") func segmentCount() throws {
    let fixture = try #require(Self.fixtures.first { $0.shape.bitsAllocated == 16 })
    let shape = try #require(
      ImageShape(
        rows: fixture.shape.rows, columns: fixture.shape.columns, components: 1, bitsAllocated: 8))
    let error = try #require(throws: CodecError.self) {
      try RLE.decode(fixture.stream.span.bytes, expecting: shape)
    }
    #expect(
      error == .malformed(.rle, "2 segments where the image has 1 byte planes", at: 0))
  }

  @Test("a small fragment that claims a huge image costs nothing") func bomb() throws {
    var fragment = [UInt8](repeating: 0, count: 200)
    fragment[0] = 1
    fragment[4] = 64
    let shape = try #require(
      ImageShape(rows: 65535, columns: 65535, components: 1, bitsAllocated: 8))
    #expect(throws: CodecError.truncated(.rle, at: 200)) {
      try RLE.decode(fragment.span.bytes, expecting: shape)
    }
  }

  @Test("damaged fragments never trap", arguments: fixtures)
  func damaged(fixture: CodecFixture) {
    fixture.mutate(1000) { (bytes) throws(CodecError) in
      try RLE.decode(bytes.span.bytes, expecting: fixture.shape)
    }
  }
}

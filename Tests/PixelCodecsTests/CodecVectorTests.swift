import Foundation
import PixelCodecs
import Testing

/// Small images compressed by GDCM, pylibjpeg and CharLS, with their samples.
///
/// Sizes 7 x 9.
struct CodecVector: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let codec: String
  let shape: ImageShape
  let precision: Int
  let decoded: [UInt8]
  let encoded: [UInt8]

  static let all: [CodecVector] = {
    let url = CodecFixture.folder.appendingPathComponent("codec-vectors.tsv")
    guard let text = try? String(contentsOf: url, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").dropFirst().compactMap { CodecVector(line: $0) }
  }()

  private init?(line: Substring) {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
    guard fields.count == 9, let rows = Int(fields[2]), let columns = Int(fields[3]),
      let components = Int(fields[4]), let precision = Int(fields[5]),
      let shape = ImageShape(
        rows: rows, columns: columns, components: components,
        bitsAllocated: precision <= 8 ? 8 : 16)
    else { return nil }
    testDescription = String(fields[0])
    codec = String(fields[1])
    self.shape = shape
    self.precision = precision
    decoded = Self.bytes(fields[7])
    encoded = Self.bytes(fields[8])
  }

  private static func bytes(_ hexadecimal: Substring) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = hexadecimal.utf8[...]
    while let high = rest.popFirst(), let low = rest.popFirst() {
      let digits = [high, low].map { Int($0) - ($0 < 0x41 ? 0x30 : 0x57) }
      bytes.append(UInt8(digits[0] * 16 + digits[1]))
    }
    return bytes
  }
}

@Suite("Codec vectors") struct CodecVectorTests {
  @Test("the table is there") func complete() {
    #expect(CodecVector.all.count == 72)
  }

  @Test("every vector decodes to its samples", arguments: CodecVector.all)
  func decodes(vector: CodecVector) throws {
    let bytes = vector.encoded.span.bytes
    let image =
      vector.codec == "RLE"
      ? try RLE.decode(bytes, expecting: vector.shape)
      : try PixelCodec.decode(bytes, expecting: vector.shape)
    #expect(image.samples.littleEndianBytes == vector.decoded)
    #expect(image.bitsPerSample == vector.precision)
  }

  @Test("every shorter piece of a vector is an error", arguments: CodecVector.all)
  func truncated(vector: CodecVector) {
    // Padding and the end-of-image marker may be missing, nothing else.
    for length in 0..<vector.encoded.count - 3 {
      let bytes = Array(vector.encoded.prefix(length))
      #expect(throws: CodecError.self, "\(length) bytes") {
        vector.codec == "RLE"
          ? try RLE.decode(bytes.span.bytes, expecting: vector.shape)
          : try PixelCodec.decode(bytes.span.bytes, expecting: vector.shape)
      }
    }
  }
}

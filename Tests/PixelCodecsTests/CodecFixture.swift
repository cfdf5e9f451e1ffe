import Foundation
import PixelCodecs
import TestSupport
import Testing

/// An image that an independent encoder compressed, and what it must decode to.
struct CodecFixture: Sendable, CustomTestStringConvertible {
  let name: String
  let shape: ImageShape
  let precision: Int
  let isSigned: Bool
  /// How far a lossy image may lie from what another decoder made of it.
  let tolerance: Int
  let checksum: UInt32
  let expected: [UInt8]
  let stream: [UInt8]

  var testDescription: String { name }

  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/codecs")

  /// The images of one table; none where it cannot be read, which a test of its own finds.
  static func table(_ name: String) -> [CodecFixture] {
    guard
      let text = try? String(
        contentsOf: folder.appendingPathComponent(name + ".tsv"), encoding: .utf8)
    else { return [] }
    return text.split(separator: "\n").dropFirst().compactMap { CodecFixture(line: $0) }
  }

  private init?(line: Substring) {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
    guard fields.count == 11, let rows = Int(fields[1]), let columns = Int(fields[2]),
      let components = Int(fields[3]), let precision = Int(fields[4]),
      let allocated = Int(fields[5]), let tolerance = Int(fields[7]),
      let checksum = UInt32(fields[8], radix: 16),
      let shape = ImageShape(
        rows: rows, columns: columns, components: components, bitsAllocated: allocated),
      let stream = Data(base64Encoded: String(fields[10]))
    else { return nil }
    name = String(fields[0])
    self.shape = shape
    self.precision = precision
    isSigned = fields[6] == "1"
    self.tolerance = tolerance
    self.checksum = checksum
    expected = Data(base64Encoded: String(fields[9])).map { [UInt8]($0) } ?? []
    self.stream = [UInt8](stream)
  }

  /// Fails unless the image is the expected one.
  func expect(_ image: DecodedImage) {
    #expect(image.rows == shape.rows)
    #expect(image.columns == shape.columns)
    #expect(image.components == shape.components)
    #expect(image.bitsPerSample == precision)
    #expect(image.isSigned == isSigned)
    let bytes = image.samples.littleEndianBytes
    if tolerance == 0 {
      #expect(crc32(bytes) == checksum)
      return
    }
    let width = max(1, bytes.count / max(1, shape.sampleCount))
    guard expected.count == bytes.count else {
      Issue.record("\(bytes.count) bytes, \(expected.count) expected")
      return
    }
    var worst = 0
    for index in 0..<shape.sampleCount {
      var value = 0
      for byte in (0..<width).reversed() {
        value = value << 8 | Int(expected[index * width + byte])
      }
      if isSigned, value >= 1 << (8 * width - 1) { value -= 1 << (8 * width) }
      worst = max(worst, abs(value - image.value(at: index)))
    }
    #expect(worst <= tolerance)
  }
}

/// CRC-32 as zlib computes it.
func crc32(_ bytes: [UInt8]) -> UInt32 {
  var crc: UInt32 = 0xFFFF_FFFF
  for byte in bytes {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
  }
  return ~crc
}

extension CodecFixture {
  /// Damages the code stream `count` times: changed bytes, cuts, moved pieces.
  ///
  /// None may trap.
  func mutate(
    _ count: Int, _ decode: ([UInt8]) throws(CodecError) -> DecodedImage
  ) {
    var random = SeededGenerator(seed: UInt64(checksum) &+ 1)
    for _ in 0..<count {
      var bytes = stream
      switch Int.random(in: 0..<8, using: &random) {
      case 0: bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
      case 1:
        let start = Int.random(in: 0..<bytes.count, using: &random)
        let end = Int.random(in: start...bytes.count, using: &random)
        bytes.removeSubrange(start..<end)
      case 2:
        let start = Int.random(in: 0..<bytes.count, using: &random)
        let end = min(bytes.count, start + Int.random(in: 1...40, using: &random))
        bytes.insert(contentsOf: bytes[start..<end], at: start)
      default:
        for _ in 0..<Int.random(in: 1...6, using: &random) {
          // Headers decide most: half of the damage goes there.
          let reach = Bool.random(using: &random) ? min(bytes.count, 120) : bytes.count
          let index = Int.random(in: 0..<reach, using: &random)
          bytes[index] =
            [
              0x00, 0xFF, bytes[index] ^ (1 << UInt8.random(in: 0..<8, using: &random)),
              UInt8.random(in: 0...255, using: &random),
            ].randomElement(using: &random) ?? 0
        }
      }
      do throws(CodecError) {
        let image = try decode(bytes)
        #expect(image.samples.count == shape.sampleCount)
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
  }
}

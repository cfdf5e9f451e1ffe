import Foundation
import PixelCodecs
import Testing

/// Real images beside their uncompressed twins, where the shared data are present.
@Suite("Real images", .enabled(if: RealFrame.exists("nema-wg04"))) struct RealImageTests {
  static func decode(_ frame: RealFrame, isRLE: Bool = false) throws -> DecodedImage {
    let shape = try #require(frame.shape)
    return isRLE
      ? try RLE.decode(frame.bytes.span.bytes, expecting: shape)
      : try PixelCodec.decode(frame.bytes.span.bytes, expecting: shape)
  }

  /// Stored values, as the data set says how to read them.
  static func values(_ image: DecodedImage, of frame: RealFrame) -> [Int] {
    (0..<image.samples.count).map {
      RealFrame.storedValue(image.value(at: $0), frame.bitsStored, frame.isSigned)
    }
  }

  @Test(
    "CT1 is the same in every lossless form",
    arguments: ["CT1_RLE", "CT1_JPLL", "CT1_JLSL", "CT1_J2KR"])
  func ct1(name: String) throws {
    let frame = try RealFrame("nema-wg04/" + name)
    let image = try Self.decode(frame, isRLE: name.hasSuffix("RLE"))
    let twin = try RealFrame("nema-wg04/CT1_UNC").storedValues
    #expect(Self.values(image, of: frame) == twin)
  }

  /// Paths and checksums of real images as GDCM and pylibjpeg decode them.
  static let checksums: [(path: String, crc: UInt32)] = {
    let url = CodecFixture.folder.appendingPathComponent("real-images.tsv")
    guard let text = try? String(contentsOf: url, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").dropFirst().compactMap { line in
      let fields = line.split(separator: "\t")
      return UInt32(fields[1], radix: 16).map { (String(fields[0]), $0) }
    }
  }()

  @Test("the same as other toolkits", arguments: checksums)
  func real(path: String, crc: UInt32) throws {
    let frame = try RealFrame(path)
    let image = try Self.decode(frame, isRLE: path.contains("RLE") || path.contains("_rle"))
    let width = (frame.shape?.bitsAllocated ?? 8) / 8
    var bytes: [UInt8] = []
    for value in Self.values(image, of: frame) {
      for byte in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
    }
    #expect(crc32(bytes) == crc)
  }

  /// OpenJPEG's greatest difference to the original is 352.
  @Test("CT1 in lossy JPEG 2000 is near its original") func lossyJPEG2000() throws {
    let frame = try RealFrame("nema-wg04/CT1_J2KI")
    let image = try Self.decode(frame)
    #expect(image.isLossy)
    let twin = try RealFrame("nema-wg04/CT1_UNC").storedValues
    let worst = zip(Self.values(image, of: frame), twin).map { abs($0 - $1) }.max()
    #expect(try #require(worst) <= 353)
  }

  @Test("MR1 near-lossless is as near as its code stream promises") func nearLossless() throws {
    let frame = try RealFrame("nema-wg04/MR1_JLSN")
    let values = Self.values(try Self.decode(frame), of: frame)
    let twin = try RealFrame("nema-wg04/MR1_UNC").storedValues
    #expect(values.count == twin.count)
    #expect(zip(values, twin).allSatisfy { abs($0 - $1) <= 10 })
    #expect(values != twin)
  }

  @Test(
    "how long a frame takes",
    .enabled(if: ProcessInfo.processInfo.environment["PUSH2PACS_BENCH"] != nil),
    arguments: ["CT1_RLE", "CT1_JPLL", "CT1_JLSL", "CT1_J2KR", "CT1_J2KI", "MR1_JPLY"])
  func speed(name: String) throws {
    let frame = try RealFrame("nema-wg04/" + name)
    var best = Duration.seconds(1000)
    for _ in 0..<20 {
      let clock = ContinuousClock()
      let time = try clock.measure { _ = try Self.decode(frame, isRLE: name.hasSuffix("RLE")) }
      best = min(best, time)
    }
    print("\(name): \(best)")
  }
}

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

  @Test("CT1 is the same in every lossless form", arguments: ["CT1_RLE", "CT1_JPLL", "CT1_JLSL"])
  func ct1(name: String) throws {
    let frame = try RealFrame("nema-wg04/" + name)
    let image = try Self.decode(frame, isRLE: name.hasSuffix("RLE"))
    let twin = try RealFrame("nema-wg04/CT1_UNC").storedValues
    #expect(Self.values(image, of: frame) == twin)
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
    arguments: ["CT1_RLE", "CT1_JPLL", "CT1_JLSL"])
  func speed(name: String) throws {
    let frame = try RealFrame("nema-wg04/" + name)
    var best = Duration.seconds(1000)
    for _ in 0..<60 {
      let clock = ContinuousClock()
      let time = try clock.measure { _ = try Self.decode(frame, isRLE: name.hasSuffix("RLE")) }
      best = min(best, time)
    }
    print("\(name): \(best)")
  }
}

import Foundation
import Pictures
import Testing

@Suite("PNG pictures") struct PNGTests {
  /// 2 x 2 RGB, written by Pillow 13 (`Image.fromarray(...).save(..., optimize=True)`), base 64.
  static let pillow =
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR42mNgZGL+9fsPA0PDf04OdgAh"
    + "eQSPMtDVswAAAABJRU5ErkJggg=="
  /// 3 x 2 grey, written by Pillow 13.
  static let pillowGrey =
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAAEElEQVR42mNgqP/PyMXFBQAIPQGeCnUD"
    + "1QAAAABJRU5ErkJggg=="
  /// 2 x 2 RGBA, written by Pillow 13.
  static let pillowAlpha =
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAGklEQVR42mNkZGJmYWFhYWHh4ODgYGFh"
    + "YQEAAo4AUAqusPoAAAAASUVORK5CYII="
  /// 2 x 2 of 16-bit grey, written by Pillow 13.
  static let pillowDeep =
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACEAAAAAAHTY67AAAAEklEQVR42mNgYGB+wfD/PwMXAAySAvS6"
    + "kOzmAAAAAElFTkSuQmCC"

  static func bytes(_ base64: String) throws -> [UInt8] {
    [UInt8](try #require(Data(base64Encoded: base64)))
  }

  @Test("reads what Pillow wrote")
  func pillow() throws {
    #expect(
      try PNGImage(parsing: Self.bytes(Self.pillow))
        == PNGImage(
          rows: 2, columns: 2, color: .rgb, samples: [1, 2, 3, 250, 251, 252, 0, 128, 255, 9, 8, 7])
    )
    #expect(
      try PNGImage(parsing: Self.bytes(Self.pillowGrey))
        == PNGImage(rows: 2, columns: 3, color: .grey, samples: [0, 127, 255, 10, 20, 30]))
    #expect(
      try PNGImage(parsing: Self.bytes(Self.pillowAlpha))
        == PNGImage(
          rows: 2, columns: 2, color: .rgba,
          samples: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]))
    let error = #expect(throws: PNGError.self) {
      _ = try PNGImage(parsing: Self.bytes(Self.pillowDeep))
    }
    #expect(error == .unsupported(bitDepth: 16, colorType: 0, interlace: 0))
  }

  @Test("what is written is read again", arguments: [PNGImage.Color.grey, .rgb, .rgba])
  func roundTrip(color: PNGImage.Color) throws {
    for (rows, columns) in [(1, 1), (1, 300), (300, 1), (37, 53), (256, 256)] {
      // Smooth, noisy and flat parts, so that every filter is chosen somewhere.
      var state: UInt32 = 1
      let samples = (0..<rows * columns * color.channels).map { index -> UInt8 in
        state = state &* 1_664_525 &+ 1_013_904_223
        let row = index / (columns * color.channels)
        return row % 3 == 0
          ? UInt8(truncatingIfNeeded: state >> 24)
          : row % 3 == 1 ? UInt8(truncatingIfNeeded: index / 2 + row) : 200
      }
      let image = PNGImage(rows: rows, columns: columns, color: color, samples: samples)
      #expect(try PNGImage(parsing: image.serialized) == image)
      #expect(try PNGImage(parsing: image.serializedFast) == image)
    }
  }

  @Test("a run of any length is read again by zlib")
  func runs() throws {
    // One row a run: a run of zeros across the difference to the row above, then another byte.
    for columns in 1...600 {
      for byte in [UInt8(0), 143, 144, 255] {
        var samples = [UInt8](repeating: byte, count: columns)
        samples += [UInt8](repeating: byte, count: columns - 1) + [byte ^ 0x55]
        let image = PNGImage(rows: 2, columns: columns, color: .grey, samples: samples)
        #expect(try PNGImage(parsing: image.serializedFast) == image, "\(columns) of \(byte)")
      }
    }
  }

  @Test("every truncation and every flipped bit is an error or harmless")
  func damaged() throws {
    let whole = try Self.bytes(Self.pillow)
    for count in 0..<whole.count {
      #expect(throws: PNGError.self) { _ = try PNGImage(parsing: Array(whole.prefix(count))) }
    }
    for index in whole.indices {
      for bit in 0..<8 {
        var copy = whole
        copy[index] ^= 1 << UInt8(bit)
        #expect(throws: PNGError.self, "byte \(index), bit \(bit)") {
          _ = try PNGImage(parsing: copy)
        }
      }
    }
  }

  @Test("a header that promises a huge picture costs no memory")
  func huge() throws {
    for (rows, columns) in [(65_535, 65_535), (60_000, 5_000), (0, 5), (70_000, 1)] {
      var file = try Self.bytes(Self.pillow)
      Self.put(UInt32(columns), at: 16, in: &file)
      Self.put(UInt32(rows), at: 20, in: &file)
      Self.put(Self.crc(file[12..<29]), at: 29, in: &file)
      let error = #expect(throws: PNGError.self) { _ = try PNGImage(parsing: file) }
      switch error {
      case .tooLarge, .sampleCount: break
      default: Issue.record("\(String(describing: error))")
      }
    }
  }

  private static func put(_ value: UInt32, at offset: Int, in file: inout [UInt8]) {
    for index in 0..<4 { file[offset + index] = UInt8(value >> (24 - 8 * UInt32(index)) & 255) }
  }

  /// CRC-32 bit by bit, as ISO/IEC 15948 Annex D defines it.
  private static func crc(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }
}

import Foundation
import PixelCodecs

/// The first frame of a real DICOM file in the shared data: just enough of Part 10 to find it.
///
/// Explicit VR little endian, as all encapsulated files and their twins here are. PS3.5 7.1.2, A.4.
struct RealFrame {
  var shape: ImageShape?
  /// The native bytes, or the code stream of a single frame.
  var bytes: [UInt8] = []
  var isEncapsulated = false
  var bitsStored = 0
  var isSigned = false

  static let folder: URL = {
    if let path = ProcessInfo.processInfo.environment["PUSH2PACS_SHARED_DATA"] {
      return URL(fileURLWithPath: path)
    }
    return CodecFixture.folder.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("shared/data")
  }()

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path)
  }

  init(_ path: String) throws {
    let file = [UInt8](try Data(contentsOf: Self.folder.appendingPathComponent(path)))
    func number(_ offset: Int, _ count: Int) -> Int {
      (0..<count).reduce(0) { $0 | Int(file[offset + $1]) << (8 * $1) }
    }
    var values: [Int: Int] = [:]
    var offset = 132
    while offset + 8 <= file.count {
      let tag = number(offset, 2) << 16 | number(offset + 2, 2)
      let representation = String(decoding: file[offset + 4..<offset + 6], as: UTF8.self)
      let isLong = ["OB", "OW", "OF", "SQ", "UT", "UN"].contains(representation)
      let length = isLong ? number(offset + 8, 4) : number(offset + 6, 2)
      let start = offset + (isLong ? 12 : 8)
      if tag == 0x7FE0_0010 {
        isEncapsulated = length == 0xFFFF_FFFF
        bytes =
          isEncapsulated ? Self.fragments(file, from: start) : Array(file[start..<start + length])
        break
      }
      if representation == "US" { values[tag] = number(start, 2) }
      if length == 0xFFFF_FFFF {
        offset = Self.endOfSequence(file, from: start)
      } else {
        offset = start + length
      }
    }
    bitsStored = values[0x0028_0101] ?? 0
    isSigned = values[0x0028_0103] == 1
    shape = ImageShape(
      rows: values[0x0028_0010] ?? 0, columns: values[0x0028_0011] ?? 0,
      components: values[0x0028_0002] ?? 1, bitsAllocated: values[0x0028_0100] ?? 0)
  }

  /// All fragments after the offset table, one after the other.
  private static func fragments(_ file: [UInt8], from start: Int) -> [UInt8] {
    var offset = start
    var bytes: [UInt8] = []
    var isTable = true
    while offset + 8 <= file.count, file[offset + 2] == 0x00 {
      let length = (0..<4).reduce(0) { $0 | Int(file[offset + 4 + $1]) << (8 * $1) }
      if !isTable { bytes += file[offset + 8..<offset + 8 + length] }
      isTable = false
      offset += 8 + length
    }
    return bytes
  }

  private static func endOfSequence(_ file: [UInt8], from start: Int) -> Int {
    var offset = start
    let delimiter: [UInt8] = [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]
    while offset + 8 < file.count, !file[offset..<offset + 8].elementsEqual(delimiter) {
      offset += 2
    }
    return offset + 8
  }

  /// The samples of a native image as stored values, sign-extended.
  var storedValues: [Int] {
    let width = (shape?.bitsAllocated ?? 8) / 8
    return stride(from: 0, to: bytes.count - bytes.count % width, by: width).map { offset in
      Self.storedValue(
        (0..<width).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }, bitsStored, isSigned)
    }
  }

  /// What `bitsStored` low bits of a sample mean.
  ///
  /// PS3.5 8.1.1.
  static func storedValue(_ sample: Int, _ bitsStored: Int, _ isSigned: Bool) -> Int {
    let value = sample & (1 << bitsStored - 1)
    return isSigned && value >> (bitsStored - 1) == 1 ? value - (1 << bitsStored) : value
  }
}

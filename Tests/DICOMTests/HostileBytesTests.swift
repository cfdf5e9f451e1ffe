import DICOM
import Foundation
import TestSupport
import Testing

/// Bytes that mean harm, or were damaged: an error or a data set, never a crash, soon.
@Suite("Hostile bytes") struct HostileBytesTests {
  /// Reads everything that can be asked of a file.
  static func exercise(_ bytes: [UInt8]) throws {
    guard let file = try? DICOMFile.read(bytes: bytes) else { return }
    _ = try? DICOMFile.read(bytes: bytes, extent: .pixelData)
    walk(file.dataSet)
    _ = file.dataSet.irregularValues
    if let description = try? PixelDescription(of: file.dataSet),
      let reader = try? FrameReader(file, description: description)
    {
      for index in 0..<min(2, description.frames) {
        guard let frame = try? reader.frame(index) else { continue }
        let stored = (try? StoredValues.signed(frame.bytes, of: frame.description)) ?? []
        let windows = (try? GrayscaleTransform.windows(of: file.dataSet)) ?? []
        let transform = try? GrayscaleTransform(
          description: description, dataSet: file.dataSet, window: windows.first)
        _ = transform?.display(stored)
      }
    }
    // What was read can be written, and says the same when it is read again.
    guard file.damage == nil else { return }
    let syntax = TransferSyntax.explicitVRLittleEndian
    guard let written = try? DataSetEncoder.encode(file.dataSet, transferSyntax: syntax)
    else { return }
    let again = try DataSetDecoder.decode(written, from: 0, transferSyntax: syntax)
    #expect(again.damage == nil)
    #expect(again.dataSet.elements.count == file.dataSet.elements.count)
    #expect(try DataSetEncoder.encode(again.dataSet, transferSyntax: syntax) == written)
  }

  static func walk(_ dataSet: DataSet) {
    for element in dataSet.elements {
      _ = dataSet.strings(element.tag)
      _ = try? dataSet.numbers(element.tag)
      _ = try? dataSet.integers(element.tag)
      _ = try? dataSet.date(element.tag)
      _ = dataSet.tags(element.tag)
      if case .items(let items) = element.value { items.forEach(walk) }
    }
  }

  static let seeds: [String] =
    ["implicit.dcm", "explicit.dcm", "deflated.dcm", "big-endian.dcm"]
    + FrameTests.names.map { "frames/\($0)" }
    + GrayscaleTests.expected.keys.sorted().map { "grayscale/\($0).dcm" }

  static func mutated(_ original: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = original
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      // Most of what matters stands behind the preamble.
      guard bytes.count > 140 else { return bytes }
      let at = Int.random(in: 128..<bytes.count, using: &random)
      switch Int.random(in: 0..<7, using: &random) {
      case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes[at] = UInt8.random(in: 0...255, using: &random)
      case 2:
        let end = min(bytes.count, at + Int.random(in: 1...9, using: &random))
        bytes.removeSubrange(at..<end)
      case 3: bytes.removeSubrange(at...)
      case 4:
        let extremes: [[UInt8]] = [
          [0xFF, 0xFF, 0xFF, 0xFF], [0xFE, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F],
          [0, 0, 0, 0x80], [0xFE, 0xFF, 0x00, 0xE0], [0xFE, 0xFF, 0xDD, 0xE0], [0, 0, 0, 0],
        ]
        for (offset, byte) in extremes[Int.random(in: 0..<7, using: &random)].enumerated()
        where at + offset < bytes.count { bytes[at + offset] = byte }
      case 5:
        let end = min(bytes.count, at + Int.random(in: 1...40, using: &random))
        bytes.insert(contentsOf: Array(bytes[at..<end]), at: at)
      default:
        bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
      }
    }
    return bytes
  }

  @Test("damaged files are read, refused or shown as damaged", arguments: seeds)
  func mutations(name: String) throws {
    let original = try Fixture.bytes(name)
    for seed in 0..<UInt64(100) {
      var random = SeededGenerator(seed: seed)
      let bytes = Self.mutated(original, &random)
      do {
        try Self.exercise(bytes)
      } catch {
        Issue.record("seed \(seed): \(error)")
      }
    }
  }

  @Test("every truncation of a file is said", arguments: ["implicit.dcm", "explicit.dcm"])
  func truncations(name: String) throws {
    let bytes = try Fixture.bytes(name)
    for count in 0..<bytes.count { try Self.exercise(Array(bytes.prefix(count))) }
  }

  /// Kilobytes that this process ever held.
  static var peakMemory: Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") } ?? ""
    return Int(line.filter(\.isNumber)) ?? .max
  }

  static func claims() -> [[UInt8]] {
    let head = Bytes.head
    let open = Bytes.tag(0xFFFE_E000) + Bytes.u32(0x7FFF_FFFF)
    return [
      Bytes.file(head + Bytes.long(0x7FE0_0010, "OW", [0, 0], length: 0xFFFF_FFFE)),
      Bytes.file(head + Bytes.long(0x0011_1001, "OB", [0, 0], length: 0xFFFF_FFFE)),
      Bytes.file(head + Bytes.long(0x0040_0275, "SQ", [], length: 0xFFFF_FFF0)),
      Bytes.file(head + Bytes.long(0x0040_0275, "SQ", open, length: 0xFFFF_FFFF)),
    ]
  }

  @Test("200 bytes that claim 4 GB are too short")
  func hugeLengths() throws {
    for bytes in Self.claims() {
      #expect(bytes.count < 240)
      let file = try DICOMFile.read(bytes: bytes)
      guard case .truncated? = file.damage else {
        Issue.record("\(String(describing: file.damage))")
        continue
      }
    }
  }

  @Test("what claims gigabytes costs no memory")
  func memory() async {
    await #expect(processExitsWith: .success) {
      // 64 kB that unpack to 64 MB.
      let packed = try Deflate.deflate([UInt8](repeating: 0, count: 64 << 20))
      let before = HostileBytesTests.peakMemory
      let bomb = Bytes.file(packed, syntax: "1.2.840.10008.1.2.1.99")
      for bytes in HostileBytesTests.claims() + [bomb] { _ = try? DICOMFile.read(bytes: bytes) }
      let grown = HostileBytesTests.peakMemory - before
      precondition(grown < 32 << 10, "grew by \(grown) kB")
    }
  }

  @Test("ten thousand nested sequences end at once", arguments: [true, false])
  func nesting(isPrivate: Bool) throws {
    let tag = isPrivate ? 0x0009_1001 : 0x0040_0275
    var bytes: [UInt8] = []
    for _ in 0..<10_000 {
      bytes += Bytes.long(
        tag, "SQ", Bytes.tag(0xFFFE_E000) + Bytes.u32(Bytes.undefined), length: Bytes.undefined)
    }
    let file = try DICOMFile.read(bytes: Bytes.file(Bytes.head + bytes))
    guard case .nestedTooDeep? = file.damage else {
      Issue.record("\(String(describing: file.damage))")
      return
    }
  }

  @Test("nested sequences with lengths end at once as well")
  func nestingWithLengths() throws {
    var bytes: [UInt8] = []
    for _ in 0..<2_000 { bytes = Bytes.long(0x0009_1001, "SQ", Bytes.item(bytes)) }
    let file = try DICOMFile.read(bytes: Bytes.file(bytes))
    guard case .nestedTooDeep? = file.damage else {
      Issue.record("\(String(describing: file.damage))")
      return
    }
  }

  @Test("zeros behind the prefix, the meta information or an item's head are no elements")
  func zeros() throws {
    let zeros = [UInt8](repeating: 0, count: 4 << 20)
    #expect(throws: FileError.damaged(path: "", .noDataSet(offset: 132))) {
      try DICOMFile.read(bytes: Array(Bytes.file([]).prefix(132)) + zeros)
    }
    let behindMeta = try DICOMFile.read(bytes: Bytes.file(zeros))
    #expect(behindMeta.dataSet.isEmpty)
    #expect(behindMeta.forgiven.contains(.trailingBytes(zeros.count)))
    let item = Bytes.tag(0xFFFE_E000) + Bytes.u32(Bytes.undefined) + zeros
    let inItem = try DICOMFile.read(
      bytes: Bytes.file(
        Bytes.head + Bytes.long(0x0040_0275, "SQ", item, length: Bytes.undefined)))
    guard case .noItem? = inItem.damage else {
      Issue.record("\(String(describing: inItem.damage))")
      return
    }
  }

  @Test("a deflate bomb is refused")
  func bomb() throws {
    let packed = try Deflate.deflate([UInt8](repeating: 0, count: 64 << 20))
    let bytes = Bytes.file(packed, syntax: "1.2.840.10008.1.2.1.99")
    let error = #expect(throws: FileError.self) { try DICOMFile.read(bytes: bytes) }
    #expect(
      error
        == .damaged(path: "", .deflate(reason: "unpacks to more than 200 times its size")))
  }

  @Test("a million elements in descending order take no longer than in ascending order")
  func descending() throws {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(9 << 20)
    for index in stride(from: 1_000_000, to: 0, by: -1) {
      bytes += Bytes.implicit(0x0100_0000 + index << 1, [])
    }
    let clock = ContinuousClock()
    let time = try clock.measure {
      let dataSet = try DataSetDecoder.decode(bytes, transferSyntax: .implicitVRLittleEndian)
      #expect(dataSet.elements.count > 900_000)
    }
    #expect(time < .seconds(10))
  }
}

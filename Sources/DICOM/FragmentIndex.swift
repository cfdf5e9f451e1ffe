/// Which fragments make up which frame of encapsulated pixel data.
///
/// PS3.5 A.4: the first item is the Basic Offset Table, which may be empty; the rest are fragments.
/// Offsets count from the first fragment's item tag.
struct FragmentIndex: Sendable {
  struct Part: Hashable, Sendable {
    /// Which fragment, from 0.
    let number: Int
    /// Where its bytes begin in the file.
    let start: Int
    /// How many of its bytes belong to the frame.
    var byteCount: Int
    /// Where its item tag stands, from the first fragment's item tag.
    let offset: Int
    /// Whether it begins as a code stream of the JPEG family does.
    let beginsCodeStream: Bool
  }

  /// Extended Offset Table (7FE0,0001) and its lengths (7FE0,0002).
  struct ExtendedOffsets: Hashable, Sendable {
    let offsets: [UInt64]
    let lengths: [UInt64]
  }

  /// Whether a delimiter stands behind the last fragment.
  private(set) var isClosed = false
  private var parts: [Part] = []
  private var offsetTable: [Int] = []

  /// Walks over the items of a file, reading their heads alone.
  init(
    in storage: PixelStorage, from start: Int, path: String
  ) throws(FileError) {
    var window: [UInt8] = []
    var windowStart = 0
    var position = start
    var firstFragment: Int?
    let total = storage.byteCount
    while total - position >= 8 {
      if position < windowStart || position + 12 > windowStart + window.count {
        window = try storage.read(at: position, count: 4096)
        windowStart = position
      }
      let at = position - windowStart
      guard window.count - at >= 8 else { break }
      let head = Self.u32(window[...], at: at)
      let count = Self.u32(window[...], at: at + 4)
      if head == 0xE0DD_FFFE {
        isClosed = true
        return
      }
      guard head == 0xE000_FFFE, count != 0xFFFF_FFFF else {
        throw .damaged(
          path: path,
          .noItem(found: Tag(UInt16(head & 0xFFFF), UInt16(head >> 16)), offset: position))
      }
      guard count <= total - position - 8 else {
        throw .damaged(
          path: path,
          .truncated(
            tag: .pixelData, offset: position + 8, wanted: count, left: total - position - 8))
      }
      if let firstFragment {
        parts.append(
          Part(
            number: parts.count, start: position + 8, byteCount: count,
            offset: position - firstFragment,
            beginsCodeStream: Self.beginsCodeStream(window[(at + 8)...])))
      } else {
        offsetTable = Self.offsets(try storage.read(at: position + 8, count: count)[...])
        firstFragment = position + 8 + count
      }
      position += 8 + count
    }
  }

  init(of fragments: [ArraySlice<UInt8>], offsetTable: ArraySlice<UInt8>) {
    self.offsetTable = Self.offsets(offsetTable)
    // Who read them has looked.
    isClosed = true
    var offset = 0
    for (number, fragment) in fragments.enumerated() {
      parts.append(
        Part(
          number: number, start: fragment.startIndex, byteCount: fragment.count, offset: offset,
          beginsCodeStream: Self.beginsCodeStream(fragment)))
      offset += 8 + fragment.count
    }
  }

  /// The fragments of a frame.
  ///
  /// One fragment a frame needs no table, whatever a table says; a table that does not point at
  /// fragments is passed over; without any, code streams show where frames begin.
  func parts(
    ofFrame index: Int, of frames: Int, extended: ExtendedOffsets?
  ) throws(PixelError) -> [Part] {
    guard !parts.isEmpty else { throw .missing }
    if frames == 1 { return parts }
    if parts.count == frames { return [parts[index]] }
    if let extended, extended.offsets.count == frames, extended.lengths.count == frames,
      let starts = fragments(at: extended.offsets.map { Int(clamping: $0) })
    {
      var wanted = slice(starts, index)
      // The table's lengths leave the padding out.
      let length = Int(clamping: extended.lengths[index])
      if wanted.count == 1, length > 0, length <= wanted[0].byteCount {
        wanted[0].byteCount = length
      }
      return wanted
    }
    if offsetTable.count == frames, let starts = fragments(at: offsetTable) {
      return slice(starts, index)
    }
    let starts = parts.indices.filter { parts[$0].beginsCodeStream }
    guard starts.count == frames, starts.first == 0 else {
      throw .format(
        "\(Tag.pixelData) has \(parts.count) fragments for \(frames) frames and no table that tells them apart; export the object again"
      )
    }
    return slice(starts, index)
  }

  /// The fragments that offsets point at; `nil` where one points elsewhere, or they do not ascend.
  private func fragments(at offsets: [Int]) -> [Int]? {
    guard offsets.first == 0 else { return nil }
    var starts: [Int] = []
    var number = 0
    for offset in offsets {
      while number < parts.count, parts[number].offset < offset { number += 1 }
      guard number < parts.count, parts[number].offset == offset, starts.last ?? -1 < number
      else { return nil }
      starts.append(number)
    }
    return starts
  }

  private func slice(_ starts: [Int], _ index: Int) -> [Part] {
    let end = index + 1 < starts.count ? starts[index + 1] : parts.count
    return Array(parts[starts[index]..<end])
  }

  private static func offsets(_ bytes: ArraySlice<UInt8>) -> [Int] {
    stride(from: bytes.startIndex, to: bytes.endIndex - 3, by: 4).map { u32(bytes, at: $0) }
  }

  private static func u32(_ bytes: ArraySlice<UInt8>, at index: Int) -> Int {
    let low = Int(bytes[index]) | Int(bytes[index + 1]) << 8
    let high = Int(bytes[index + 2]) | Int(bytes[index + 3]) << 8
    return low | high << 16
  }

  /// SOI and a marker, or SOC and SIZ.
  private static func beginsCodeStream(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.starts(with: [0xFF, 0xD8, 0xFF]) || bytes.starts(with: [0xFF, 0x4F, 0xFF, 0x51])
  }
}

extension DataSet {
  /// The Extended Offset Table, where there is one.
  ///
  /// PS3.3 C.7.6.3.1.8.
  var extendedOffsets: FragmentIndex.ExtendedOffsets? {
    guard let offsets = longs(.extendedOffsetTable),
      let lengths = longs(.extendedOffsetTableLengths)
    else { return nil }
    return FragmentIndex.ExtendedOffsets(offsets: offsets, lengths: lengths)
  }

  private func longs(_ tag: Tag) -> [UInt64]? {
    guard let bytes = self[tag]?.bytes, !bytes.isEmpty else { return nil }
    return stride(from: bytes.startIndex, to: bytes.endIndex - 7, by: 8).map { start in
      bytes[start..<start + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
  }
}

/// Reads the frames of one file, which stays open meanwhile.
///
/// Native frames are where their size says; compressed ones are found through the offset tables, or
/// without them (``FragmentIndex``). PS3.5 8.2 and A.4.
package struct FrameReader: Sendable {
  private enum Source: Sendable {
    case native(offset: Int, byteCount: Int)
    case fragments(FragmentIndex)
  }

  package let description: PixelDescription
  private let path: String
  private let transferSyntax: TransferSyntax
  private let vr: VR
  private let source: Source
  private let storage: PixelStorage

  /// Finds the frames; reads none yet.
  ///
  /// - Throws: where pixel data are missing, shorter than the header says, or in pieces that cannot
  ///   be told apart.
  package init(_ file: DICOMFile, description: PixelDescription) throws(FileError) {
    self.description = description
    path = file.path
    transferSyntax = file.transferSyntax
    guard let element = file.dataSet[.pixelData] else {
      throw .pixels(path: file.path, .missing)
    }
    vr = element.vr
    switch element.value {
    case .inFile(let offset, let count):
      storage = .file(try SharedFile(path: file.path))
      if let count {
        source = .native(offset: offset, byteCount: count)
      } else {
        let fragments = try FragmentIndex(in: storage, from: offset, path: file.path)
        guard fragments.isClosed || file.dataSet.isImage else {
          throw .damaged(path: file.path, .unclosed(.pixelData))
        }
        source = .fragments(fragments)
      }
    case .bytes(let bytes):
      storage = .memory(bytes)
      source = .native(offset: 0, byteCount: bytes.count)
    case .fragments(let offsetTable, let fragments):
      storage = .parts(fragments)
      source = .fragments(FragmentIndex(of: fragments, offsetTable: offsetTable))
    case .items:
      throw .pixels(path: file.path, .format("\(Tag.pixelData) is a sequence"))
    }
    extendedOffsets = file.dataSet.extendedOffsets
  }

  private let extendedOffsets: FragmentIndex.ExtendedOffsets?

  /// Reads and decompresses a frame.
  ///
  /// - Parameter index: from 0.
  package func frame(_ index: Int) throws(FileError) -> DecodedFrame {
    try frame(index, keepsColors: false)
  }

  /// A frame as native pixel data hold it: little endian, colours in the space they are in.
  ///
  /// What was native keeps the order of its samples as well; what was compressed comes pixel by
  /// pixel, and the transforms of JPEG 2000 end with it: the description says what it is now.
  package func storedFrame(_ index: Int) throws(FileError) -> DecodedFrame {
    try frame(index, keepsColors: true)
  }

  /// Bytes of a stored frame; `nil` where frames do not end with a byte.
  package var storedFrameByteCount: Int? {
    guard case .native = source, transferSyntax.isNative else { return description.bytesPerFrame }
    guard let bits = description.bitRange(ofFrame: 0)?.count,
      description.frames == 1 || bits % 8 == 0
    else { return nil }
    return (bits + 7) / 8
  }

  private func frame(_ index: Int, keepsColors: Bool) throws(FileError) -> DecodedFrame {
    guard index >= 0, index < description.frames else {
      throw .pixels(path: path, .frame(index: index, count: description.frames))
    }
    switch source {
    case .native(let offset, let count):
      // A compressed frame with a length of its own, as some write it.
      if !transferSyntax.isNative, count != description.paddedByteCount {
        guard description.frames == 1, let length = Int(exactly: count) else {
          throw .pixels(path: path, .unsupported(transferSyntax: transferSyntax))
        }
        return try decoded(
          try bytes(at: offset, count: length), index: index, keepsColors: keepsColors)
      }
      return try native(index, offset: offset, byteCount: count, keepsColors: keepsColors)
    case .fragments(let fragments):
      guard !transferSyntax.isVideo else {
        throw .pixels(path: path, .unsupported(transferSyntax: transferSyntax))
      }
      let parts: [FragmentIndex.Part]
      do throws(PixelError) {
        parts = try fragments.parts(
          ofFrame: index, of: description.frames, extended: extendedOffsets)
      } catch { throw .pixels(path: path, error) }
      return try decoded(try joined(parts), index: index, keepsColors: keepsColors)
    }
  }

  private func native(
    _ index: Int, offset: Int, byteCount: Int, keepsColors: Bool
  ) throws(FileError) -> DecodedFrame {
    guard byteCount > 0 else { throw .pixels(path: path, .missing) }
    guard let range = description.bitRange(ofFrame: index), range.upperBound <= byteCount * 8 else {
      throw .pixels(path: path, .truncated(wanted: description.paddedByteCount, found: byteCount))
    }
    let size = (range.count + 7) / 8
    if range.lowerBound % 8 == 0 {
      let bytes = try ordered(from: offset, range.lowerBound / 8, count: size, of: byteCount)
      return keepsColors
        ? DecodedFrame(bytes: bytes, description: description, isLossy: false)
        : description.arranged(bytes)
    }
    // Single bits are packed across frames: PS3.5 8.1.1.
    let first = range.lowerBound / 8
    let source = try bytes(at: offset + first, count: (range.upperBound + 7) / 8 - first)
    let shift = UInt8(range.lowerBound % 8)
    var result = [UInt8](repeating: 0, count: size)
    for index in 0..<size {
      let high = index + 1 < source.count ? source[index + 1] << (8 - shift) : 0
      result[index] = source[index] >> shift | high
    }
    return DecodedFrame(bytes: result, description: description, isLossy: false)
  }

  private func decoded(
    _ bytes: [UInt8], index: Int, keepsColors: Bool
  ) throws(FileError) -> DecodedFrame {
    do {
      return try FrameDecompression.decode(
        bytes, as: description, transferSyntax: transferSyntax, frame: index,
        keepsColors: keepsColors)
    } catch { throw .pixels(path: path, error) }
  }

  private func joined(_ parts: [FragmentIndex.Part]) throws(FileError) -> [UInt8] {
    if let only = parts.first, parts.count == 1 { return try bytes(of: only) }
    var result: [UInt8] = []
    for part in parts { result.append(contentsOf: try bytes(of: part)) }
    return result
  }

  private func bytes(of part: FragmentIndex.Part) throws(FileError) -> [UInt8] {
    if case .parts(let fragments) = storage {
      guard fragments.indices.contains(part.number) else { throw .pixels(path: path, .missing) }
      return Array(fragments[part.number].prefix(part.byteCount))
    }
    return try bytes(at: part.start, count: part.byteCount)
  }

  private func bytes(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    let bytes = try storage.read(at: offset, count: count)
    guard bytes.count == count else {
      throw .damaged(
        path: path,
        .truncated(tag: .pixelData, offset: offset, wanted: count, left: bytes.count))
    }
    return bytes
  }

  /// Bytes of native pixel data, big-endian words in little-endian order.
  ///
  /// PS3.5 7.3: 8-bit samples in OW are swapped in pairs, which may lie across two frames.
  private func ordered(
    from offset: Int, _ start: Int, count: Int, of byteCount: Int
  ) throws(FileError) -> [UInt8] {
    let word = description.bitsAllocated > 8 ? description.bitsAllocated / 8 : vr == .OW ? 2 : 1
    guard transferSyntax.isBigEndian, word > 1 else {
      return try bytes(at: offset + start, count: count)
    }
    let first = start / word * word
    let end = min((start + count + word - 1) / word * word, byteCount)
    var result = try bytes(at: offset + first, count: end - first)
    var at = 0
    while at + word <= result.count {
      result[at..<at + word].reverse()
      at += word
    }
    return Array(result.dropFirst(start - first).prefix(count))
  }
}

/// An open file that several values may hold; the last one closes it.
final class SharedFile: Sendable {
  let file: RegularFile

  init(path: String) throws(FileError) { file = try RegularFile(path: path) }
}

/// Where the bytes of pixel data are: in a file, in memory, or in fragments in memory.
enum PixelStorage: Sendable {
  case file(SharedFile)
  case memory(ArraySlice<UInt8>)
  case parts([ArraySlice<UInt8>])

  /// Bytes from an offset: as many as there are, at most `count`.
  func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    switch self {
    case .file(let file): return try file.file.read(at: offset, count: count)
    case .memory(let bytes): return Array(bytes.dropFirst(offset).prefix(count))
    case .parts: return []
    }
  }

  /// Bytes behind which there is nothing.
  var byteCount: Int {
    switch self {
    case .file(let file): file.file.byteCount
    case .memory(let bytes): bytes.count
    case .parts: 0
    }
  }
}

extension PixelDescription {
  /// Bits of a frame as native pixel data have them.
  var bitsPerFrame: Int { rows * columns * samplesPerPixel * bitsAllocated }

  /// Whether native pixel data hold the colours of two pixels once.
  var isHalved: Bool { photometricInterpretation == "YBR_FULL_422" && samplesPerPixel == 3 }

  /// The bits of a frame in native pixel data; `nil` beyond any memory.
  func bitRange(ofFrame index: Int) -> Range<Int>? {
    // 422 holds two pixels' colours once: PS3.3 C.7.6.3.1.2.
    let bits = isHalved ? bitsPerFrame / 3 * 2 : bitsPerFrame
    let (start, overflow) = bits.multipliedReportingOverflow(by: index)
    guard !overflow, start < Int.max / 2 else { return nil }
    return start..<start + bits
  }

  /// Bytes that native pixel data of all frames have, the padding byte included.
  var paddedByteCount: Int {
    guard let end = bitRange(ofFrame: frames - 1)?.upperBound else { return .max }
    let bytes = (end + 7) / 8
    return bytes + bytes & 1
  }
}

/// The headers of a JPEG 2000 code stream, and where the data of its tiles lie.
///
/// T.800 Annex A.
struct CodeStream {
  /// A tile: its parameters and the bytes of its tile-parts, in order.
  struct Tile {
    var parameters: TileParameters
    /// Where packets lie.
    var data: [Range<Int>] = []
    /// Where packet headers lie, when they are packed apart from the packets.
    var packedHeaders: [Range<Int>] = []
    var hasOwnProgression = false
    /// Packed headers of this tile by the index of their segment.
    ///
    /// T.800 A.7.5.
    var headerSegments: [(index: Int, range: Range<Int>)] = []
  }

  let bytes: UnsafeRawBufferPointer
  let size: ImageAndTileSize
  private(set) var tiles: [Int: Tile] = [:]
  private var main: TileParameters
  /// Packed headers of all tile-parts.
  ///
  /// T.800 A.7.4.
  private var mainHeaderSegments: [(index: Int, range: Range<Int>)] = []
  private var tileParts: [Int] = []

  /// Reads all headers.
  init(_ bytes: UnsafeRawBufferPointer, expecting shape: ImageShape) throws(CodecError) {
    self.bytes = bytes
    var offset = try Self.start(of: bytes)
    guard try Self.word(bytes, offset) == 0xFF4F, try Self.word(bytes, offset + 2) == 0xFF51 else {
      throw .malformed(.jpeg2000, "no start of a code stream", at: offset)
    }
    offset += 2
    var segment = try Self.segment(bytes, at: offset)
    size = try ImageAndTileSize(&segment, expecting: shape)
    offset = segment.end
    main = TileParameters(componentCount: size.componentCount)
    guard size.capabilities & 0x4000 == 0 else {
      throw .unsupported(.htj2k, "its block coder is not known")
    }
    guard size.precision <= 32 else {
      throw .unsupported(.jpeg2000, "samples of \(size.precision) bits")
    }
    // Each tile has a header of 14 bytes at least: what the bytes cannot hold is not counted.
    guard size.tileColumns * size.tileRows <= bytes.count / 14 else {
      throw .truncated(.jpeg2000, at: bytes.count)
    }
    try readMainHeader(&offset)
    try readTileParts(offset)
    try sortPackedHeaders()
  }

  /// Skips the boxes of a JP2 file, which DICOM forbids and some writers keep.
  ///
  /// T.800 I.4.
  private static func start(of bytes: UnsafeRawBufferPointer) throws(CodecError) -> Int {
    var offset = 0
    guard try word(bytes, 0) != 0xFF4F else { return 0 }
    while true {
      var box = SegmentReader(bytes: bytes, offset: offset, end: bytes.count)
      guard box.left >= 8 else { throw .truncated(.jpeg2000, at: bytes.count) }
      var length = try box.read(4)
      let kind = try box.read(4)
      if length == 1 {
        guard box.left >= 8 else { throw .truncated(.jpeg2000, at: bytes.count) }
        guard try box.read(4) == 0 else { throw .truncated(.jpeg2000, at: bytes.count) }
        length = try box.read(4)
      }
      if kind == 0x6A70_3263 { return box.offset }
      guard length >= box.offset - offset else {
        throw .malformed(.jpeg2000, "no code stream in the boxes of the file", at: offset)
      }
      offset += length
    }
  }

  private static func word(
    _ bytes: UnsafeRawBufferPointer, _ offset: Int
  ) throws(CodecError) -> Int {
    guard offset + 2 <= bytes.count else { throw .truncated(.jpeg2000, at: bytes.count) }
    return Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
  }

  /// The parameters after a marker that has some.
  private static func segment(
    _ bytes: UnsafeRawBufferPointer, at offset: Int
  ) throws(CodecError) -> SegmentReader {
    let length = try word(bytes, offset + 2)
    guard length >= 2 else {
      throw .malformed(.jpeg2000, "a marker segment of \(length) bytes", at: offset)
    }
    guard offset + 2 + length <= bytes.count else { throw .truncated(.jpeg2000, at: bytes.count) }
    return SegmentReader(bytes: bytes, offset: offset + 4, end: offset + 2 + length)
  }

  private mutating func readMainHeader(_ offset: inout Int) throws(CodecError) {
    var seen: Set<Int> = []
    while true {
      let marker = try Self.word(bytes, offset)
      if marker == 0xFF90 { break }
      guard marker >= 0xFF50 else {
        throw .malformed(.jpeg2000, "no marker in the main header", at: offset)
      }
      var segment = try Self.segment(bytes, at: offset)
      if marker == 0xFF50 { throw .unsupported(.htj2k, "its block coder is not known") }
      if marker == 0xFF60 {
        mainHeaderSegments.append((try segment.read(1), segment.offset..<segment.end))
      }
      try main.read(marker, &segment)
      seen.insert(marker)
      offset = segment.end
    }
    guard seen.contains(0xFF52), seen.contains(0xFF5C) else {
      throw .malformed(.jpeg2000, "a main header without coding style or quantisation", at: offset)
    }
    // A tile's defaults count more than the components' own of the main header.
    main.hasOwnCoding = []
    main.hasOwnQuantisation = []
  }

  /// Reads tile-parts to the end of the code stream.
  ///
  /// T.800 A.4.2.
  private mutating func readTileParts(_ start: Int) throws(CodecError) {
    var offset = start
    while offset + 2 <= bytes.count, try Self.word(bytes, offset) == 0xFF90 {
      var segment = try Self.segment(bytes, at: offset)
      let index = try segment.read(2)
      let length = try segment.read(4)
      guard index < size.tileColumns * size.tileRows else {
        throw .malformed(.jpeg2000, "tile \(index), which is not there", at: offset)
      }
      let end = length == 0 ? endOfLastPart() : offset + length
      guard end <= bytes.count else { throw .truncated(.jpeg2000, at: bytes.count) }
      offset = segment.end
      var tile = tiles[index] ?? Tile(parameters: main)
      while try Self.word(bytes, offset) != 0xFF93 {
        let marker = try Self.word(bytes, offset)
        var segment = try Self.segment(bytes, at: offset)
        switch marker {
        case 0xFF5F where !tile.hasOwnProgression:
          tile.hasOwnProgression = true
          tile.parameters.progressionChanges = []
        case 0xFF61:
          let index = try segment.read(1)
          tile.headerSegments.append((index, segment.offset..<segment.end))
        default: break
        }
        try tile.parameters.read(marker, &segment)
        offset = segment.end
      }
      offset += 2
      guard offset <= end else {
        throw .malformed(.jpeg2000, "a tile-part shorter than its header", at: offset)
      }
      tile.data.append(offset..<end)
      tiles[index] = tile
      tileParts.append(index)
      offset = end
    }
    guard tiles.count == size.tileColumns * size.tileRows else {
      throw .truncated(.jpeg2000, at: offset)
    }
  }

  /// A last tile-part may leave its length open: it ends with the end marker, if there is one.
  private func endOfLastPart() -> Int {
    var end = bytes.count
    while end >= 2, bytes[end - 1] == 0 { end -= 1 }
    return end >= 2 && bytes[end - 2] == 0xFF && bytes[end - 1] == 0xD9 ? end - 2 : bytes.count
  }

  /// Puts packed headers into the order of their tile-parts.
  private mutating func sortPackedHeaders() throws(CodecError) {
    for index in tiles.keys {
      let segments = tiles[index]?.headerSegments ?? []
      tiles[index]?.packedHeaders = segments.sorted { $0.index < $1.index }.map(\.range)
    }
    guard !mainHeaderSegments.isEmpty else { return }
    // Headers of a tile-part may go on in the next segment: a list of pieces, taken from in turn.
    var pieces = mainHeaderSegments.sorted { $0.index < $1.index }.map(\.range)[...]
    func take(_ count: Int) throws(CodecError) -> [Range<Int>] {
      var left = count
      var taken: [Range<Int>] = []
      while left > 0 {
        guard let piece = pieces.popFirst() else { throw .truncated(.jpeg2000, at: bytes.count) }
        let length = min(left, piece.count)
        taken.append(piece.lowerBound..<piece.lowerBound + length)
        if length < piece.count {
          pieces = [piece.lowerBound + length..<piece.upperBound] + pieces
        }
        left -= length
      }
      return taken
    }
    for part in tileParts {
      var length = 0
      for range in try take(4) {
        for offset in range { length = length << 8 | Int(bytes[offset]) }
      }
      tiles[part]?.packedHeaders += try take(length)
    }
  }
}

/// Takes the packets of a tile apart: which code-blocks get how many passes and which bytes.
///
/// T.800 B.9, B.10.
struct PacketReader {
  /// The tile's data, one tile-part after the other.
  let data: UnsafeRawBufferPointer
  /// Packet headers that are packed apart from the packets.
  let headers: UnsafeRawBufferPointer?
  private var dataOffset = 0
  private var headerOffset = 0

  init(data: UnsafeRawBufferPointer, headers: UnsafeRawBufferPointer?) {
    self.data = data
    self.headers = headers
  }

  /// Where a packet brings bytes to: a segment of a block of a band.
  private struct Contribution {
    let band: Int
    let block: Int
    let segment: Int
    let length: Int
  }

  /// Reads the next packet, which is of this precinct and layer.
  mutating func read(
    _ precinct: inout Precinct, layer: Int, style: CodingStyle.PassStyle
  ) throws(CodecError) {
    skipMarker(0x91, byteCount: 6, of: data, &dataOffset)
    var bits = PacketHeaderBits(headers ?? data, from: headers == nil ? dataOffset : headerOffset)
    var contributions: [Contribution] = []
    if bits.next() == 1 {
      for band in precinct.bands.indices {
        try readHeader(&precinct.bands[band], band, layer, style, &bits, &contributions)
      }
    }
    bits.finish()
    guard !bits.isOverrun else { throw .truncated(.jpeg2000, at: bits.offset) }
    if let headers {
      headerOffset = bits.offset
      skipMarker(0x92, byteCount: 2, of: headers, &headerOffset)
    } else {
      dataOffset = bits.offset
      skipMarker(0x92, byteCount: 2, of: data, &dataOffset)
    }
    for part in contributions {
      guard part.length <= data.count - dataOffset else {
        throw .truncated(.jpeg2000, at: dataOffset)
      }
      precinct.bands[part.band].blocks[part.block].segments[part.segment].pieces.append(
        dataOffset..<dataOffset + part.length)
      dataOffset += part.length
    }
  }

  /// Skips the marker that may stand before a packet or after its header.
  ///
  /// T.800 A.8.
  private func skipMarker(
    _ marker: UInt8, byteCount: Int, of bytes: UnsafeRawBufferPointer, _ offset: inout Int
  ) {
    if offset + byteCount <= bytes.count, bytes[offset] == 0xFF, bytes[offset + 1] == marker {
      offset += byteCount
    }
  }

  /// Reads what a packet header says about one sub-band.
  private func readHeader(
    _ band: inout PrecinctBand, _ bandIndex: Int, _ layer: Int, _ style: CodingStyle.PassStyle,
    _ bits: inout PacketHeaderBits, _ contributions: inout [Contribution]
  ) throws(CodecError) {
    for index in band.blocks.indices {
      guard !bits.isOverrun else { throw .truncated(.jpeg2000, at: bits.offset) }
      if band.blocks[index].isIncluded {
        if bits.next() == 0 { continue }
      } else {
        guard band.inclusion.isBelow(layer + 1, leaf: index, &bits) else { continue }
        band.blocks[index].isIncluded = true
        var planes = 0
        while !band.emptyPlanes.isBelow(planes + 1, leaf: index, &bits) {
          planes += 1
          guard planes <= 80, !bits.isOverrun else {
            throw .malformed(.jpeg2000, "a code-block without bit-planes", at: bits.offset)
          }
        }
        band.blocks[index].emptyPlanes = planes
      }
      var left = bits.passCount()
      band.blocks[index].passCount += left
      band.blocks[index].lengthBits += bits.ones(limit: 33)
      guard band.blocks[index].lengthBits <= 32, band.blocks[index].passCount <= 300 else {
        throw .malformed(.jpeg2000, "a code-block of impossible length", at: bits.offset)
      }
      while left > 0 {
        let segment = band.blocks[index].openSegment(style)
        let open = band.blocks[index].segments[segment]
        let passes = min(left, open.limit - open.passes)
        let logarithm = Int.bitWidth - 1 - passes.leadingZeroBitCount
        let length = bits.next(band.blocks[index].lengthBits + logarithm)
        band.blocks[index].segments[segment].passes += passes
        contributions.append(
          Contribution(band: bandIndex, block: index, segment: segment, length: length))
        left -= passes
      }
    }
  }
}

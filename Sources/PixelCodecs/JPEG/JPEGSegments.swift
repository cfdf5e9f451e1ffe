/// Walks over the marker segments of a JPEG or JPEG-LS code stream.
///
/// T.81 B.1.
struct JPEGSegments {
  /// A marker and where its parameters lie, without their length.
  struct Segment {
    let marker: UInt8
    let parameters: Range<Int>
  }

  let codec: PixelCodec
  let bytes: UnsafeRawBufferPointer
  /// Offset of the byte after the last segment; the entropy-coded data after a scan header.
  var offset: Int

  /// Begins after the start-of-image marker.
  init(_ bytes: UnsafeRawBufferPointer, codec: PixelCodec) throws(CodecError) {
    guard bytes.count >= 2 else { throw .truncated(codec, at: bytes.count) }
    guard bytes[0] == 0xFF, bytes[1] == 0xD8 else {
      throw .malformed(codec, "no start-of-image marker", at: 0)
    }
    self.codec = codec
    self.bytes = bytes
    offset = 2
  }

  /// The next marker segment; `nil` at the end-of-image marker.
  ///
  /// Bytes between segments are skipped, as the remains of a scan must be; a code stream that ends
  /// without its end-of-image marker is known by what is still missing from the image.
  mutating func next() throws(CodecError) -> Segment? {
    while offset + 1 < bytes.count {
      guard bytes[offset] == 0xFF else {
        offset += 1
        continue
      }
      let marker = bytes[offset + 1]
      switch marker {
      case 0xFF: offset += 1
      case 0x00...0x01, 0xD0...0xD8: offset += 2
      case 0x02...0xBF where codec != .jpegLS, 0x02...0x7F: offset += 2
      case 0xD9:
        offset += 2
        return nil
      default:
        let start = offset + 2
        guard start + 2 <= bytes.count else { throw .truncated(codec, at: bytes.count) }
        let length = Int(bytes[start]) << 8 | Int(bytes[start + 1])
        guard length >= 2 else {
          throw .malformed(codec, "a marker segment of \(length) bytes", at: start)
        }
        guard start + length <= bytes.count else { throw .truncated(codec, at: bytes.count) }
        offset = start + length
        return Segment(marker: marker, parameters: start + 2..<start + length)
      }
    }
    return nil
  }

  /// A byte of a segment's parameters.
  func byte(_ index: Int, of segment: Segment) throws(CodecError) -> Int {
    let offset = segment.parameters.lowerBound + index
    guard index >= 0, offset < segment.parameters.upperBound else {
      throw .malformed(
        codec, "a marker segment that is too short", at: segment.parameters.lowerBound)
    }
    return Int(bytes[offset])
  }

  /// A big-endian pair of bytes of a segment's parameters.
  func word(_ index: Int, of segment: Segment) throws(CodecError) -> Int {
    try byte(index, of: segment) << 8 | byte(index + 1, of: segment)
  }
}

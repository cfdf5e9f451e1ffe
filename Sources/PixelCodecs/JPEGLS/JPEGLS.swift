/// JPEG-LS, lossless and near-lossless.
///
/// T.87, PS3.5 A.4.3.
///
/// Planes, lines or samples interleaved, preset parameters, restart intervals. Palettes inside the
/// code stream (mapping tables) are not decoded: DICOM has its own.
package enum JPEGLS {
  package static func decode(
    _ bytes: RawSpan, expecting shape: ImageShape
  ) throws(CodecError) -> DecodedImage {
    try bytes.withUnsafeBytes { (buffer) throws(CodecError) in
      try decode(buffer, shape)
    }
  }

  private static func decode(
    _ buffer: UnsafeRawBufferPointer, _ shape: ImageShape
  ) throws(CodecError) -> DecodedImage {
    var segments = try JPEGSegments(buffer, codec: .jpegLS)
    var preset = JPEGLSPreset()
    var restartInterval = 0
    while let segment = try segments.next() {
      switch segment.marker {
      case 0xF8: try read(segment, in: segments, into: &preset)
      case 0xDD: restartInterval = try segments.restartLines(segment)
      case 0xE8
      where segment.parameters.count >= 5
        && buffer[segment.parameters].starts(with: [0x6D, 0x72, 0x66, 0x78]):
        guard try segments.byte(4, of: segment) == 0 else {
          throw .unsupported(.jpegLS, "a colour transform that T.87 does not have")
        }
      case 0xF7:
        let frame = try JPEGFrame(segment, in: segments, precisions: 2...16, expecting: shape)
        guard frame.components.allSatisfy({ $0.horizontal == 1 && $0.vertical == 1 }) else {
          throw .unsupported(.jpegLS, "subsampled components")
        }
        // A line takes a bit at least: what the bytes cannot fill is not allocated.
        guard frame.rows <= buffer.count * 8 else { throw .truncated(.jpegLS, at: buffer.count) }
        var scans = JPEGLSScans(
          segments: segments, frame: frame, preset: preset, restartInterval: restartInterval)
        let samples =
          frame.precision <= 8 ? try scans.decode(UInt8.self) : try scans.decode(UInt16.self)
        return DecodedImage(
          rows: frame.rows, columns: frame.columns, components: frame.components.count,
          bitsPerSample: frame.precision, isSigned: false, samples: samples, color: .unspecified,
          isLossy: scans.greatestTolerance > 0)
      case 0xDA:
        throw .malformed(.jpegLS, "a scan without frame header", at: segment.parameters.lowerBound)
      default: break
      }
    }
    throw .truncated(.jpegLS, at: segments.offset)
  }

  /// Reads preset coding parameters.
  ///
  /// T.87 C.2.4.1.
  static func read(
    _ segment: JPEGSegments.Segment, in segments: JPEGSegments, into preset: inout JPEGLSPreset
  ) throws(CodecError) {
    switch try segments.byte(0, of: segment) {
    case 1:
      preset.maximum = try segments.word(1, of: segment)
      preset.threshold1 = try segments.word(3, of: segment)
      preset.threshold2 = try segments.word(5, of: segment)
      preset.threshold3 = try segments.word(7, of: segment)
      preset.reset = try segments.word(9, of: segment)
    case 2, 3: break
    default: throw .unsupported(.jpegLS, "an image larger than 65535 rows or columns")
    }
  }
}

extension JPEGSegments {
  /// How many lines a restart interval of JPEG-LS has; 2 to 4 bytes.
  ///
  /// T.87 C.2.5.
  func restartLines(_ segment: Segment) throws(CodecError) -> Int {
    var lines = 0
    for index in 0..<min(4, segment.parameters.count) {
      lines = try lines << 8 | byte(index, of: segment)
    }
    return lines
  }
}

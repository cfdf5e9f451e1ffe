/// JPEG lossless, process 14: prediction and Huffman coding.
///
/// T.81 Annex H, PS3.5 A.4.2.
///
/// All seven predictors, point transforms, restart intervals of whole rows, components interleaved
/// or in scans of their own.
package enum JPEGLossless {
  package static func decode(
    _ bytes: RawSpan, expecting shape: ImageShape
  ) throws(CodecError) -> DecodedImage {
    try bytes.withUnsafeBytes { (buffer) throws(CodecError) in
      do throws(CodecError) {
        return try decode(buffer, shape, extraBits16: 0)
      } catch {
        guard error.isOfEntropyCodedData else { throw error }
        // Early encoders wrote 16 bits after category 16, where T.81 has none: a stream that
        // breaks off is read once more by their rule, and if that fails too, it was not that.
        do throws(CodecError) {
          return try decode(buffer, shape, extraBits16: 16)
        } catch _ {
          throw error
        }
      }
    }
  }

  private static func decode(
    _ buffer: UnsafeRawBufferPointer, _ shape: ImageShape, extraBits16: Int
  ) throws(CodecError) -> DecodedImage {
    var segments = try JPEGSegments(buffer, codec: .jpegLossless)
    var tables = [HuffmanCode?](repeating: nil, count: 8)
    var restartInterval = 0
    var adobeTransform: Int?
    while let segment = try segments.next() {
      switch segment.marker {
      case 0xC4: try HuffmanCode.read(segment, in: segments, into: &tables)
      case 0xDD: restartInterval = try segments.word(0, of: segment)
      case 0xEE: adobeTransform = adobeTransform ?? segments.adobeTransform(segment)
      case 0xC3:
        let frame = try JPEGFrame(segment, in: segments, precisions: 2...16, expecting: shape)
        let sampling = frame.components.map { [$0.horizontal, $0.vertical] }
        guard sampling.allSatisfy({ $0 == sampling[0] }) else {
          throw .unsupported(.jpegLossless, "subsampled components")
        }
        let color: DecodedImage.Color =
          switch adobeTransform {
          case 0 where frame.components.count == 3: .rgb
          case 1 where frame.components.count == 3: .ybrFull
          default: .unspecified
          }
        var scans = LosslessScans(
          segments: segments, frame: frame, tables: tables, restartInterval: restartInterval,
          extraBits16: extraBits16)
        let samples =
          frame.precision <= 8 ? try scans.decode(UInt8.self) : try scans.decode(UInt16.self)
        return DecodedImage(
          rows: frame.rows, columns: frame.columns, components: frame.components.count,
          bitsPerSample: frame.precision, isSigned: false, samples: samples, color: color,
          isLossy: scans.hasPointTransform)
      case 0xC0...0xC2, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF, 0xF7:
        throw .malformed(
          .jpegLossless, "the frame header of another process", at: segment.parameters.lowerBound)
      case 0xDA:
        throw .malformed(
          .jpegLossless, "a scan without frame header", at: segment.parameters.lowerBound)
      default: break
      }
    }
    throw .truncated(.jpegLossless, at: segments.offset)
  }
}

extension CodecError {
  /// True where a scan broke off, not a header.
  fileprivate var isOfEntropyCodedData: Bool {
    switch self {
    case .truncated: true
    case .malformed(_, let what, _): what == LosslessScans.noSuchCode
    default: false
    }
  }
}

extension JPEGSegments {
  /// The colour transform of an Adobe application segment: 0 none, 1 YCbCr, 2 YCCK.
  func adobeTransform(_ segment: Segment) -> Int? {
    guard segment.parameters.count >= 12,
      bytes[segment.parameters].starts(with: [0x41, 0x64, 0x6F, 0x62, 0x65])
    else { return nil }
    return Int(bytes[segment.parameters.lowerBound + 11])
  }
}

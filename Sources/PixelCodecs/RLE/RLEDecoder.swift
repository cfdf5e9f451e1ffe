/// RLE lossless: byte planes, each packed by itself.
///
/// PS3.5 Annex G.
package enum RLE {
  /// The header: the count of segments and 15 offsets, 32 bits each.
  ///
  /// PS3.5 G.5.
  static let headerByteCount = 64

  /// A pair of bytes makes at most 128: what the bytes cannot fill need not be allocated.
  private static let greatestExpansion = 64

  /// Decodes one frame, which is one fragment.
  ///
  /// Segments hold sample 0 from its most significant byte to its least, then sample 1, and so on.
  /// What is left in a segment when its plane is full is padding.
  package static func decode(
    _ bytes: RawSpan, expecting shape: ImageShape
  ) throws(CodecError) -> DecodedImage {
    switch shape.bitsAllocated {
    case 1...8: try decode(bytes, shape, container: UInt8.self)
    case 9...16: try decode(bytes, shape, container: UInt16.self)
    case 17...24:
      throw .unsupported(.rle, "samples of \(shape.bitsAllocated) bits are not known")
    default: try decode(bytes, shape, container: UInt32.self)
    }
  }

  private static func decode<Container: SampleContainer>(
    _ bytes: RawSpan, _ shape: ImageShape, container: Container.Type
  ) throws(CodecError) -> DecodedImage {
    let samples = try bytes.withUnsafeBytes { (buffer) throws(CodecError) -> [Container] in
      try planes(buffer, shape, container: container)
    }
    return DecodedImage(
      rows: shape.rows, columns: shape.columns, components: shape.components,
      bitsPerSample: shape.bitsAllocated, isSigned: false, samples: Container.samples(samples),
      color: .unspecified, isLossy: false)
  }

  private static func planes<Container: SampleContainer>(
    _ buffer: UnsafeRawBufferPointer, _ shape: ImageShape, container: Container.Type
  ) throws(CodecError) -> [Container] {
    let bytesPerSample = MemoryLayout<Container>.size
    let segments = try segmentRanges(buffer, count: shape.components * bytesPerSample)
    let pixelCount = shape.pixelCount
    for segment in segments where segment.count < pixelCount / greatestExpansion {
      throw .truncated(.rle, at: segment.upperBound)
    }
    var plane = [UInt8](repeating: 0, count: pixelCount)
    var samples = [Container](repeating: 0, count: shape.sampleCount)
    for (index, segment) in segments.enumerated() {
      try plane.withUnsafeMutableBufferPointer { (output) throws(CodecError) in
        try unpack(buffer, segment, into: UnsafeMutableRawBufferPointer(output))
      }
      merge(
        plane, into: &samples, first: index / bytesPerSample, stride: shape.components,
        isMostSignificant: index % bytesPerSample == 0)
    }
    return samples
  }

  /// Where the segments lie: each ends where the next begins, the last with the bytes.
  private static func segmentRanges(
    _ buffer: UnsafeRawBufferPointer, count: Int
  ) throws(CodecError) -> [Range<Int>] {
    guard buffer.count >= headerByteCount else { throw .truncated(.rle, at: buffer.count) }
    func field(_ index: Int) -> Int {
      Int(UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
    }
    guard count <= 15 else { throw .unsupported(.rle, "\(count) byte planes, 15 at most exist") }
    guard field(0) == count else {
      throw .malformed(.rle, "\(field(0)) segments where the image has \(count) byte planes", at: 0)
    }
    var ranges: [Range<Int>] = []
    for index in 0..<count {
      let start = field(1 + index)
      let end = index + 1 < count ? field(2 + index) : buffer.count
      guard start >= headerByteCount, start <= end else {
        throw .malformed(
          .rle, "segment \(index + 1) from byte \(start) to \(end)", at: 4 + 4 * index)
      }
      guard end <= buffer.count else { throw .truncated(.rle, at: buffer.count) }
      ranges.append(start..<end)
    }
    return ranges
  }

  /// Adds a byte plane to the samples of one component, below the bytes that are there already.
  private static func merge<Container: SampleContainer>(
    _ plane: [UInt8], into samples: inout [Container], first: Int, stride: Int,
    isMostSignificant: Bool
  ) {
    let shift: Container = MemoryLayout<Container>.size == 1 ? 0 : 8
    plane.withUnsafeBufferPointer { plane in
      samples.withUnsafeMutableBufferPointer { samples in
        if stride == 1 {
          // One component, the usual case: a loop that the compiler makes vectors of.
          for pixel in 0..<min(plane.count, samples.count) {
            samples[pixel] = samples[pixel] &<< shift | Container(truncatingIfNeeded: plane[pixel])
          }
        } else {
          var index = first
          for pixel in 0..<plane.count where index < samples.count {
            let above: Container = isMostSignificant ? 0 : samples[index] &<< shift
            samples[index] = above | Container(truncatingIfNeeded: plane[pixel])
            index += stride
          }
        }
      }
    }
  }
}

extension RLE {
  /// Packs one frame: `rows * columns * components` samples of 1, 2 or 4 bytes, little endian.
  ///
  /// Runs end with their row, as PS3.5 G.3.1 asks.
  ///
  /// - Parameters:
  ///   - samples: The native bytes of the frame, pixel by pixel.
  ///   - shape: Its bits allocated are 8, 16 or 32.
  /// - Returns: One fragment, of even length.
  package static func encode(
    _ samples: RawSpan, shape: ImageShape
  ) throws(CodecError) -> [UInt8] {
    let bytesPerSample = shape.bitsAllocated / 8
    guard [8, 16, 32].contains(shape.bitsAllocated) else {
      throw .unsupported(.rle, "samples of \(shape.bitsAllocated) bits are not known")
    }
    let segmentCount = shape.components * bytesPerSample
    guard segmentCount <= 15 else {
      throw .unsupported(.rle, "\(segmentCount) byte planes, 15 at most exist")
    }
    guard samples.byteCount == shape.sampleCount * bytesPerSample else {
      throw .otherImage(.rle, found: "\(samples.byteCount) bytes", expected: shape)
    }
    // Offsets are 32 bits, and packing adds a byte to 128 at most.
    guard samples.byteCount < Int(UInt32.max) / 2 else {
      throw .unsupported(.rle, "a frame of \(samples.byteCount) bytes")
    }
    return samples.withUnsafeBytes { buffer in
      var fragment = [UInt8](repeating: 0, count: headerByteCount)
      setField(0, of: &fragment, to: segmentCount)
      var row = [UInt8](repeating: 0, count: shape.columns)
      for segment in 0..<segmentCount {
        setField(1 + segment, of: &fragment, to: fragment.count)
        let component = segment / bytesPerSample
        let significance = bytesPerSample - 1 - segment % bytesPerSample
        let pixelStride = shape.components * bytesPerSample
        var offset = component * bytesPerSample + significance
        for _ in 0..<shape.rows {
          for column in 0..<shape.columns {
            row[column] = buffer[offset]
            offset += pixelStride
          }
          pack(row, into: &fragment)
        }
        if fragment.count % 2 == 1 { fragment.append(0) }
      }
      return fragment
    }
  }

  private static func setField(_ index: Int, of fragment: inout [UInt8], to value: Int) {
    for byte in 0..<4 {
      fragment[4 * index + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte))
    }
  }

  /// Appends one packed row: runs of 3 and more as runs, all else as literals.
  private static func pack(_ row: [UInt8], into fragment: inout [UInt8]) {
    var literalStart = 0
    var index = 0
    func runLength(at start: Int) -> Int {
      var end = start + 1
      while end < row.count, row[end] == row[start], end - start < 128 { end += 1 }
      return end - start
    }
    func flushLiteral(upTo end: Int, into fragment: inout [UInt8]) {
      while literalStart < end {
        let count = min(128, end - literalStart)
        fragment.append(UInt8(count - 1))
        fragment.append(contentsOf: row[literalStart..<literalStart + count])
        literalStart += count
      }
    }
    while index < row.count {
      let length = runLength(at: index)
      if length >= 3 || (length == 2 && literalStart == index) {
        flushLiteral(upTo: index, into: &fragment)
        fragment.append(UInt8(257 - length))
        fragment.append(row[index])
        index += length
        literalStart = index
      } else {
        index += length
      }
    }
    flushLiteral(upTo: row.count, into: &fragment)
  }
}

extension DecodedFrame {
  /// The lowest and the highest stored value of the frame, over all its samples.
  ///
  /// Bits beyond Bits Stored are no part of a value: PS3.5 8.1.1.
  package var range: ClosedRange<Int64>? {
    let width = UInt32(description.bitsAllocated)
    let up = width &- UInt32(description.highBit) &- 1
    let down = width &- UInt32(description.bitsStored)
    let count = description.rows * description.columns * description.samplesPerPixel
    guard bytes.count >= description.bytesPerFrame else { return nil }
    return bytes.withUnsafeBytes { source in
      switch (width, description.isSigned) {
      case (16, true): Self.range(of: Int16.self, in: source, count, Int16(up), Int16(down))
      case (16, false): Self.range(of: UInt16.self, in: source, count, UInt16(up), UInt16(down))
      case (8, true): Self.range(of: Int8.self, in: source, count, Int8(up), Int8(down))
      case (8, false): Self.range(of: UInt8.self, in: source, count, UInt8(up), UInt8(down))
      case (32, true): Self.range(of: Int32.self, in: source, count, Int32(up), Int32(down))
      case (32, false): Self.range(of: UInt32.self, in: source, count, up, down)
      default: Self.rangeOfBits(source, count)
      }
    }
  }

  /// Branchless, so that the compiler makes vectors of it.
  @inline(__always)
  private static func range<Word: FixedWidthInteger>(
    of word: Word.Type, in source: UnsafeRawBufferPointer, _ count: Int, _ up: Word, _ down: Word
  ) -> ClosedRange<Int64>? {
    guard count > 0, source.count >= count * MemoryLayout<Word>.size else { return nil }
    var low = Word.max
    var high = Word.min
    for index in 0..<count {
      let raw = Word(
        littleEndian: source.loadUnaligned(
          fromByteOffset: index &* MemoryLayout<Word>.size, as: Word.self))
      let value = (raw &<< up) &>> down
      low = min(low, value)
      high = max(high, value)
    }
    return Int64(low)...Int64(high)
  }

  private static func rangeOfBits(
    _ source: UnsafeRawBufferPointer, _ count: Int
  ) -> ClosedRange<Int64>? {
    guard count > 0, source.count >= (count + 7) / 8 else { return nil }
    let ones = (0..<count).reduce(0) { $0 + Int(source[$1 >> 3] >> UInt8($1 & 7) & 1) }
    return (ones == count ? 1 : 0)...(ones == 0 ? 0 : 1)
  }
}

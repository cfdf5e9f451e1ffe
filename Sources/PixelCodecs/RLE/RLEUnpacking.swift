extension RLE {
  /// Unpacks one segment until the plane is full.
  ///
  /// PS3.5 G.3.2.
  ///
  /// Runs are written 16 bytes at a time where both sides have room for the longest run, which
  /// overwrites bytes that the next run sets anyway.
  static func unpack(
    _ buffer: UnsafeRawBufferPointer, _ segment: Range<Int>,
    into plane: UnsafeMutableRawBufferPointer
  ) throws(CodecError) {
    guard let source = buffer.baseAddress, let target = plane.baseAddress else { return }
    var offset = segment.lowerBound
    let end = segment.upperBound
    var filled = 0
    let wanted = plane.count
    // Both fast copies touch 128 bytes at most from where they begin.
    let lastFastOffset = min(end, buffer.count) - 129
    let lastFastFill = wanted - 128
    while filled < wanted {
      guard offset < end else { throw .truncated(.rle, at: end) }
      let control = Int(Int8(bitPattern: source.load(fromByteOffset: offset, as: UInt8.self)))
      if control >= 0 {
        let count = control + 1
        if offset <= lastFastOffset, filled <= lastFastFill {
          var copied = 0
          repeat {
            let block = source.loadUnaligned(
              fromByteOffset: offset + 1 + copied, as: SIMD16<UInt8>.self)
            target.storeBytes(of: block, toByteOffset: filled + copied, as: SIMD16<UInt8>.self)
            copied += 16
          } while copied < count
        } else {
          guard offset + count < end else { throw .truncated(.rle, at: end) }
          (target + filled).copyMemory(
            from: source + offset + 1, byteCount: min(count, wanted - filled))
        }
        offset += count + 1
        filled += count
      } else if control == -128 {
        offset += 1
      } else {
        let count = 1 - control
        guard offset + 1 < end else { throw .truncated(.rle, at: end) }
        let byte = source.load(fromByteOffset: offset + 1, as: UInt8.self)
        if filled <= lastFastFill {
          let block = SIMD16<UInt8>(repeating: byte)
          var copied = 0
          repeat {
            target.storeBytes(of: block, toByteOffset: filled + copied, as: SIMD16<UInt8>.self)
            copied += 16
          } while copied < count
        } else {
          (target + filled).initializeMemory(
            as: UInt8.self, repeating: byte, count: min(count, wanted - filled))
        }
        offset += 2
        filled += count
      }
    }
  }
}

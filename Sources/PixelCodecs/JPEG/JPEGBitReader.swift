/// Reads the bits of entropy-coded JPEG data, most significant first.
///
/// T.81 F.2.2.5.
///
/// It stops in front of every marker and goes on with zero bits there, which it counts: whoever
/// reads asks `isOverrun` once in a while (a row, a block) instead of at every bit.
struct JPEGBitReader {
  /// Unread bits, from the most significant down; those after `count` may belong to the next byte.
  var bits: UInt64 = 0
  /// How many bits of `bits` are there.
  var count = 0
  private var paddingCount = 0
  private let base: UnsafePointer<UInt8>
  /// Offset of the next byte.
  private(set) var offset: Int
  private let end: Int

  /// - Parameters:
  ///   - base: The first byte of the code stream.
  ///   - range: Lies within the code stream.
  init(_ base: UnsafePointer<UInt8>, _ range: Range<Int>) {
    self.base = base
    offset = range.lowerBound
    end = range.upperBound
  }

  /// True when more bits were taken than there are.
  var isOverrun: Bool { paddingCount > count }

  /// Brings the count of bits to 56 or more.
  @inline(__always)
  mutating func refill() {
    if offset + 8 <= end {
      let raw = UnsafeRawPointer(base + offset)
      let word = UInt64(bigEndian: raw.loadUnaligned(as: UInt64.self))
      // A byte is 0xFF where its low 7 bits carry into the eighth and that is set too.
      let low = (word & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x0101_0101_0101_0101
      if low & word & 0x8080_8080_8080_8080 == 0 {
        bits |= word &>> UInt64(truncatingIfNeeded: count)
        let taken = (64 &- count) &>> 3
        offset &+= taken
        count &+= taken &* 8
        return
      }
    }
    refillSlowly()
  }

  /// The same byte by byte, where bytes 0xFF or the end are near.
  @inline(never)
  private mutating func refillSlowly() {
    while count <= 56 {
      var byte: UInt8 = 0
      if offset < end {
        byte = base[offset]
        if byte != 0xFF {
          offset &+= 1
        } else if offset &+ 1 < end, base[offset &+ 1] == 0 {
          offset &+= 2
        } else {
          byte = 0
          paddingCount &+= 8
        }
      } else {
        paddingCount &+= 8
      }
      bits |= UInt64(byte) &<< UInt64(truncatingIfNeeded: 56 &- count)
      count &+= 8
    }
  }

  /// Drops bits that `refill` brought.
  @inline(__always)
  mutating func skip(_ length: Int) {
    bits &<<= UInt64(truncatingIfNeeded: length)
    count &-= length
  }

  /// Takes 0 to 16 bits that `refill` brought.
  @inline(__always)
  mutating func take(_ length: Int) -> Int {
    let value = Int(truncatingIfNeeded: (bits &>> 1) &>> UInt64(truncatingIfNeeded: 63 &- length))
    skip(length)
    return value
  }

  /// Goes to the restart marker that must follow, and over it.
  ///
  /// T.81 E.2.4.
  mutating func restart(_ index: Int, codec: PixelCodec) throws(CodecError) {
    while offset + 1 < end, base[offset] != 0xFF || base[offset + 1] == 0 { offset += 1 }
    while offset + 1 < end, base[offset + 1] == 0xFF { offset += 1 }
    guard offset + 1 < end else { throw .truncated(codec, at: end) }
    guard base[offset + 1] == 0xD0 + UInt8(index & 7) else {
      throw .malformed(codec, "restart marker \(index & 7) is missing", at: offset)
    }
    offset += 2
    bits = 0
    count = 0
    paddingCount = 0
  }
}

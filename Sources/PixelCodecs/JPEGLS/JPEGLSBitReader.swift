/// Reads the bits of a JPEG-LS scan: a byte after 0xFF carries seven of them.
///
/// T.87 A.1.
///
/// It stops in front of every marker and goes on with zero bits there, which it counts.
struct JPEGLSBitReader {
  /// Unread bits, from the most significant down.
  var bits: UInt64 = 0
  /// How many bits of `bits` are there.
  var count = 0
  private var paddingCount = 0
  private var isAfterFF = false
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

  /// Brings the count of bits to 56 or more; it is below that before.
  @inline(__always)
  mutating func refill() {
    if offset &+ 8 <= end, !isAfterFF {
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
    while count < 56 {
      guard offset < end else {
        pad()
        continue
      }
      let byte = base[offset]
      if isAfterFF {
        isAfterFF = false
        offset &+= 1
        bits |= UInt64(byte & 0x7F) &<< UInt64(truncatingIfNeeded: 57 &- count)
        count &+= 7
      } else if byte == 0xFF, offset &+ 1 == end || base[offset &+ 1] >= 0x80 {
        pad()
      } else {
        isAfterFF = byte == 0xFF
        offset &+= 1
        bits |= UInt64(byte) &<< UInt64(truncatingIfNeeded: 56 &- count)
        count &+= 8
      }
    }
  }

  private mutating func pad() {
    count &+= 8
    paddingCount &+= 8
  }

  /// Drops bits that `refill` brought.
  @inline(__always)
  mutating func skip(_ length: Int) {
    bits &<<= UInt64(truncatingIfNeeded: length)
    count &-= length
  }

  /// Takes 0 to 32 bits.
  @inline(__always)
  mutating func take(_ length: Int) -> Int {
    if count < 32 { refill() }
    let value = Int(truncatingIfNeeded: (bits &>> 1) &>> UInt64(truncatingIfNeeded: 63 &- length))
    skip(length)
    return value
  }

  /// Takes zeros up to a one, and the one; `nil` where there are more zeros than a code can have.
  ///
  /// - Parameter limit: 55 at most, that many and the one the refilled reader surely has.
  @inline(__always)
  mutating func takeZeros(_ limit: Int) -> Int? {
    if count <= limit { refill() }
    let zeros = bits.leadingZeroBitCount
    guard zeros <= limit else {
      skip(limit &+ 1)
      return nil
    }
    skip(zeros &+ 1)
    return zeros
  }

  /// Goes to the restart marker that must follow, and over it.
  mutating func restart(_ index: Int) throws(CodecError) {
    while offset + 1 < end, base[offset] != 0xFF || base[offset + 1] < 0x80 { offset += 1 }
    while offset + 1 < end, base[offset + 1] == 0xFF { offset += 1 }
    guard offset + 1 < end else { throw .truncated(.jpegLS, at: end) }
    guard base[offset + 1] == 0xD0 + UInt8(index & 7) else {
      throw .malformed(.jpegLS, "restart marker \(index & 7) is missing", at: offset)
    }
    offset += 2
    bits = 0
    count = 0
    paddingCount = 0
    isAfterFF = false
  }
}

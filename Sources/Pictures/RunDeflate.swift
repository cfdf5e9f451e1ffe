/// The zlib format (RFC 1950, RFC 1951), written in one pass for pictures of large even areas.
///
/// Runs of one byte become copies from one byte before; all else stands as it is, in the fixed codes
/// of RFC 1951 section 3.2.6. Some four times as fast as zlib's fastest, for files that are somewhat
/// larger.
struct RunDeflate {
  private var target: [UInt8] = []
  private var bits: UInt64 = 0
  private var bitCount: UInt64 = 0

  /// The compressed form of bytes.
  static func compressed(_ bytes: [UInt8]) -> [UInt8] {
    var deflate = RunDeflate()
    deflate.target.reserveCapacity(bytes.count / 4 + 64)
    // Deflate with a window of 32 KiB, fastest level, no dictionary.
    deflate.target += [0x78, 0x01]
    // The last block, with fixed codes.
    deflate.put(0b011, 3)
    bytes.withUnsafeBufferPointer { deflate.write($0) }
    // The end of the block is the code of seven zeros.
    deflate.put(0, 7)
    deflate.flush()
    let sum = Adler32.checksum(bytes)
    deflate.target += (0..<4).map { UInt8(truncatingIfNeeded: sum >> (24 - 8 * UInt32($0))) }
    return deflate.target
  }

  /// A run of this many bytes more is worth a copy.
  private static let shortest = 4
  private static let longest = 258

  private mutating func write(_ bytes: UnsafeBufferPointer<UInt8>) {
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      let literal = Self.literals[Int(byte)]
      put(UInt64(literal.code), UInt64(literal.length))
      index += 1
      var left = Self.run(of: byte, in: bytes, from: index)
      guard left >= Self.shortest else { continue }
      index += left
      while left >= 3 {
        // No rest is left that would be too short for a copy.
        let count =
          left > Self.longest && left < Self.longest + 3 ? left - 3 : min(left, Self.longest)
        let length = Self.lengths[count - 3]
        // The distance of one has the code of five zeros.
        put(UInt64(length.code), UInt64(length.length) + 5)
        left -= count
      }
    }
  }

  /// How many bytes from a place on are the same.
  @inline(__always)
  private static func run(
    of byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> Int {
    var index = start
    let raw = UnsafeRawBufferPointer(bytes)
    let eight = UInt64(byte) &* 0x0101_0101_0101_0101
    while index + 8 <= bytes.count,
      raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) == eight
    { index += 8 }
    while index < bytes.count, bytes[index] == byte { index += 1 }
    return index - start
  }

  /// Appends bits, the lowest first; 20 at most at a time.
  @inline(__always)
  private mutating func put(_ value: UInt64, _ count: UInt64) {
    bits |= value &<< bitCount
    bitCount &+= count
    guard bitCount >= 32 else { return }
    target.append(UInt8(truncatingIfNeeded: bits))
    target.append(UInt8(truncatingIfNeeded: bits &>> 8))
    target.append(UInt8(truncatingIfNeeded: bits &>> 16))
    target.append(UInt8(truncatingIfNeeded: bits &>> 24))
    bits &>>= 32
    bitCount &-= 32
  }

  private mutating func flush() {
    while bitCount > 0 {
      target.append(UInt8(truncatingIfNeeded: bits))
      bits &>>= 8
      bitCount -= min(bitCount, 8)
    }
  }

  private struct Code {
    /// With its first bit lowest, as it is written.
    let code: UInt32
    let length: UInt32

    init(_ code: UInt32, _ length: UInt32) {
      var turned: UInt32 = 0
      for bit in 0..<length where code >> bit & 1 == 1 { turned |= 1 << (length - 1 - bit) }
      self.code = turned
      self.length = length
    }

    /// With bits behind it that stand as they are.
    init(_ code: UInt32, _ length: UInt32, extra: UInt32, _ count: UInt32) {
      let bare = Code(code, length)
      self.init(written: bare.code | extra << length, length + count)
    }

    private init(written code: UInt32, _ length: UInt32) {
      self.code = code
      self.length = length
    }
  }

  private static let literals: [Code] = (0..<256).map { byte in
    byte < 144 ? Code(0x30 + byte, 8) : Code(0x190 + byte - 144, 9)
  }

  /// The codes of the lengths 3 to 258 (RFC 1951 section 3.2.5).
  private static let lengths: [Code] = (3...258).map { count in
    func code(_ symbol: Int, _ extra: Int, _ extraCount: Int) -> Code {
      symbol < 280
        ? Code(UInt32(symbol - 256), 7, extra: UInt32(extra), UInt32(extraCount))
        : Code(UInt32(0xC0 + symbol - 280), 8, extra: UInt32(extra), UInt32(extraCount))
    }
    if count == 258 { return code(285, 0, 0) }
    if count < 11 { return code(254 + count, 0, 0) }
    // Four symbols for each number of extra bits.
    var (first, symbol, extraCount) = (11, 265, 1)
    while count >= first + 4 << extraCount {
      first += 4 << extraCount
      symbol += 4
      extraCount += 1
    }
    let step = (count - first) >> extraCount
    return code(symbol + step, (count - first) & (1 << extraCount - 1), extraCount)
  }
}

/// The zlib format (RFC 1950, RFC 1951), written in one pass for pictures of large even areas.
///
/// Runs of one byte become copies from one byte before; all else stands as it is, in the fixed codes
/// of RFC 1951 section 3.2.6. Many times as fast as zlib's fastest, for files that are somewhat
/// larger. The bytes may come in pieces of any length; what comes out is the same.
struct RunDeflate {
  private var bits: UInt64 = 0
  private var bitCount: UInt64 = 0
  private var sum = Adler32()
  /// A byte that the last piece ended with, and how often: the run may go on.
  private var open: (byte: UInt8, count: Int) = (0, 0)
  private var hasBegun = false

  /// A run of this many bytes more is worth a copy.
  private static let shortest = 4
  private static let longest = 258

  /// Appends the compressed form of bytes, as far as it is settled.
  mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, to target: inout [UInt8]) {
    sum.update(bytes)
    // Nine bits for a literal at most, and what a run that was left open takes.
    let room = bytes.count + bytes.count / 8 + open.count / 32 + 64
    withUnsafeTemporaryAllocation(byteCount: room, alignment: 8) { buffer in
      guard let start = buffer.baseAddress else { return }
      var place = start
      if !hasBegun {
        hasBegun = true
        // Deflate with a window of 32 KiB, fastest level, no dictionary; then the last block, with
        // fixed codes.
        put(0x78, 8, &place)
        put(0x01, 8, &place)
        put(0b011, 3, &place)
      }
      write(bytes, &place)
      target.append(
        contentsOf: UnsafeRawBufferPointer(start: start, count: start.distance(to: place)))
    }
  }

  /// Appends what is left, and the checksum.
  mutating func finish(to target: inout [UInt8]) {
    append(UnsafeBufferPointer(start: nil, count: 0), to: &target)
    withUnsafeTemporaryAllocation(byteCount: open.count / 32 + 64, alignment: 8) {
      buffer in
      guard let start = buffer.baseAddress else { return }
      var place = start
      putRun(&place)
      // The end of the block is the code of seven zeros.
      put(0, 7, &place)
      if bitCount > 0 { put(0, 8 - bitCount, &place) }
      for byte in sum.bytes { put(UInt64(byte), 8, &place) }
      target.append(
        contentsOf: UnsafeRawBufferPointer(start: start, count: start.distance(to: place)))
    }
  }

  private mutating func write(
    _ bytes: UnsafeBufferPointer<UInt8>, _ place: inout UnsafeMutableRawPointer
  ) {
    let raw = UnsafeRawBufferPointer(bytes)
    var index = 0
    if open.count > 0 {
      index = Self.end(ofRunOf: open.byte, in: raw, from: 0)
      open.count += index
      guard index < raw.count else { return }
      putRun(&place)
    }
    Self.literals.withUnsafeBufferPointer { literals in
      // A run that is worth a copy is seen eight bytes ahead.
      while index + 8 <= raw.count {
        let eight = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
        if eight &>> 24 & 0xFF != eight &>> 32 & 0xFF {
          // The fourth byte differs from the fifth: no such run begins in the first four.
          for step in 0..<UInt64(4) {
            let literal = literals[Int(truncatingIfNeeded: eight &>> (8 &* step) & 0xFF)]
            bits |= UInt64(literal.code) &<< bitCount
            bitCount &+= UInt64(literal.length)
          }
          drain(&place)
          index &+= 4
          continue
        }
        let byte = UInt8(truncatingIfNeeded: eight)
        guard eight & 0xFF_FFFF_FFFF == UInt64(byte) &* 0x01_0101_0101 else {
          put(literals[Int(byte)], &place)
          index &+= 1
          continue
        }
        let end = Self.end(ofRunOf: byte, in: raw, from: index)
        open = (byte, end - index)
        guard end < raw.count else { return }
        putRun(&place)
        index = end
      }
      while index < raw.count {
        let end = Self.end(ofRunOf: raw[index], in: raw, from: index)
        open = (raw[index], end - index)
        guard end < raw.count else { return }
        putRun(&place)
        index = end
      }
    }
  }

  /// Writes the run that was left open: it has ended.
  private mutating func putRun(_ place: inout UnsafeMutableRawPointer) {
    let literal = Self.literals[Int(open.byte)]
    var left = open.count
    open.count = 0
    guard left > Self.shortest else {
      for _ in 0..<left { put(literal, &place) }
      return
    }
    put(literal, &place)
    left -= 1
    while left >= 3 {
      // No rest is left that would be too short for a copy.
      let count =
        left > Self.longest && left < Self.longest + 3 ? left - 3 : min(left, Self.longest)
      let length = Self.lengths[count - 3]
      // The distance of one has the code of five zeros.
      put(UInt64(length.code), UInt64(length.length) + 5, &place)
      left -= count
    }
  }

  /// Where the bytes from a place on are no longer the same.
  @inline(__always)
  private static func end(
    ofRunOf byte: UInt8, in raw: UnsafeRawBufferPointer, from start: Int
  ) -> Int {
    var index = start
    let eight = UInt64(byte) &* 0x0101_0101_0101_0101
    while index + 8 <= raw.count,
      raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) == eight
    { index &+= 8 }
    while index < raw.count, raw[index] == byte { index &+= 1 }
    return index
  }

  @inline(__always)
  private mutating func put(_ code: Code, _ place: inout UnsafeMutableRawPointer) {
    put(UInt64(code.code), UInt64(code.length), &place)
  }

  /// Appends bits, the lowest first; 20 at most at a time.
  @inline(__always)
  private mutating func put(
    _ value: UInt64, _ count: UInt64, _ place: inout UnsafeMutableRawPointer
  ) {
    bits |= value &<< bitCount
    bitCount &+= count
    drain(&place)
  }

  /// Writes the whole bytes; fewer than eight bits are left.
  @inline(__always)
  private mutating func drain(_ place: inout UnsafeMutableRawPointer) {
    // Eight bytes are written where fewer count: the room allows for it.
    place.storeBytes(of: bits.littleEndian, as: UInt64.self)
    place += Int(truncatingIfNeeded: bitCount &>> 3)
    bits &>>= bitCount & ~7
    bitCount &= 7
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

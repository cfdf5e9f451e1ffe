/// Reads the bits of packet headers: a byte after 0xFF carries seven of them.
///
/// T.800 B.10.1.
///
/// After the end it goes on with zeros: whoever reads asks `isOverrun` afterwards.
struct PacketHeaderBits {
  private let bytes: UnsafeRawBufferPointer
  private(set) var offset: Int
  private var current = 0
  private var left = 0
  private(set) var isOverrun = false

  init(_ bytes: UnsafeRawBufferPointer, from offset: Int) {
    self.bytes = bytes
    self.offset = offset
  }

  mutating func next() -> Int {
    if left == 0 {
      left = current == 0xFF ? 7 : 8
      if offset < bytes.count {
        current = Int(bytes[offset])
        offset += 1
      } else {
        current = 0
        isOverrun = true
      }
    }
    left -= 1
    return current >> left & 1
  }

  /// Up to 32 bits.
  mutating func next(_ count: Int) -> Int {
    var value = 0
    for _ in 0..<count { value = value << 1 | next() }
    return value
  }

  /// The count of ones before the next zero, `limit` at most.
  mutating func ones(limit: Int) -> Int {
    var count = 0
    while count < limit, next() == 1 { count += 1 }
    return count
  }

  /// Ends a header: a last byte 0xFF is followed by one that holds no bits.
  mutating func finish() {
    if current == 0xFF { offset += offset < bytes.count ? 1 : 0 }
    current = 0
    left = 0
  }

  /// The count of new coding passes.
  ///
  /// T.800 Table B.4.
  mutating func passCount() -> Int {
    if next() == 0 { return 1 }
    if next() == 0 { return 2 }
    let small = next(2)
    if small < 3 { return 3 + small }
    let medium = next(5)
    if medium < 31 { return 6 + medium }
    return 37 + next(7)
  }
}

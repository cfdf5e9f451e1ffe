/// A keyed checksum of bytes: whether they are the same as before, at the speed of memory.
///
/// The bytes, as words of 32 bits, are the coefficients of a polynomial modulo 2^61 - 1, which is
/// evaluated at a secret point drawn for this run. Two different contents of n words agree for at
/// most n of the 2^61 points, whoever chose them: what a SHA-256 has proven once need not be
/// digested again to be known as unchanged.
package struct Fingerprint: Hashable, Sendable {
  private let value: UInt64
  private let byteCount: Int

  /// The secret point; never written down.
  package struct Key: Sendable {
    /// The point and its fourth power: four polynomials are evaluated side by side.
    fileprivate let point: UInt64
    fileprivate let fourth: UInt64

    package init() {
      var generator = SystemRandomNumberGenerator()
      self.init(point: UInt64.random(in: 1 << 32..<Fingerprint.prime, using: &generator))
    }

    package init(point: UInt64) {
      self.point = point
      let square = Fingerprint.folded(point, times: point, plus: 0)
      fourth = Fingerprint.folded(square, times: square, plus: 0)
    }
  }

  fileprivate static let prime: UInt64 = 1 << 61 - 1

  package init(of bytes: RawSpan, key: Key) {
    byteCount = bytes.byteCount
    value = bytes.withUnsafeBytes { Self.value($0, key) }
  }

  private static func value(_ bytes: UnsafeRawBufferPointer, _ key: Key) -> UInt64 {
    func word(_ index: Int) -> UInt64 {
      UInt64(
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 &* index, as: UInt32.self)))
    }
    var (a, b, c, d): (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    let words = bytes.count / 4
    let whole = words & ~3
    var index = 0
    while index < whole {
      a = folded(a, times: key.fourth, plus: word(index))
      b = folded(b, times: key.fourth, plus: word(index &+ 1))
      c = folded(c, times: key.fourth, plus: word(index &+ 2))
      d = folded(d, times: key.fourth, plus: word(index &+ 3))
      index &+= 4
    }
    var value = a
    for other in [b, c, d] { value = folded(value, times: key.point, plus: other) }
    for index in whole..<words { value = folded(value, times: key.point, plus: word(index)) }
    var rest: UInt64 = 0
    for byte in bytes[(4 * words)...] { rest = rest << 8 | UInt64(byte) }
    return folded(value, times: key.point, plus: rest) % prime
  }

  /// `x * y + z` modulo 2^61 - 1, below 2^61 + 4 and not always the smallest such number.
  @inline(__always)
  fileprivate static func folded(_ x: UInt64, times y: UInt64, plus z: UInt64) -> UInt64 {
    let (high, low) = x.multipliedFullWidth(by: y)
    let sum = (low & prime) &+ (low &>> 61 | high &<< 3) &+ z
    return (sum & prime) &+ sum &>> 61
  }
}

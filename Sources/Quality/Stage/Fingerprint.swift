/// A keyed checksum of bytes: whether they are the same as before, at the speed of memory.
///
/// Blocks of 4 KiB are compressed by sums of products of pairs of words (NH, as in VMAC), what
/// comes out are the coefficients of a polynomial modulo 2^61 - 1; the summands and the point at
/// which it is evaluated are secrets drawn for this run. Two different contents of n blocks agree
/// with a probability below (4 n + 16) / 2^61, whoever chose them: what a SHA-256 has proven once
/// need not be digested again to be known as unchanged.
package struct Fingerprint: Hashable, Sendable {
  private let value: UInt64
  private let byteCount: Int

  /// The secrets; never written down.
  package struct Key: Sendable {
    fileprivate let summands: [UInt64]
    fileprivate let point: UInt64

    package init() { self.init(SystemRandomNumberGenerator()) }

    package init(_ source: some RandomNumberGenerator) {
      var source = source
      summands = (0..<Fingerprint.wordsPerBlock).map { _ in source.next() }
      point = UInt64.random(in: 1 << 32..<Fingerprint.prime, using: &source)
    }
  }

  fileprivate static let prime: UInt64 = 1 << 61 - 1
  fileprivate static let wordsPerBlock = 512

  package init(of bytes: RawSpan, key: Key) {
    byteCount = bytes.byteCount
    value = bytes.withUnsafeBytes { bytes in
      key.summands.withUnsafeBufferPointer { Self.value(bytes, $0, key.point) }
    }
  }

  private static func value(
    _ bytes: UnsafeRawBufferPointer, _ summands: UnsafeBufferPointer<UInt64>, _ point: UInt64
  ) -> UInt64 {
    func word(_ offset: Int) -> UInt64 {
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    var result: UInt64 = 0
    let pairs = bytes.count / 16
    var first = 0
    while first < pairs {
      let count = min(wordsPerBlock / 2, pairs - first)
      var (high, low): (UInt64, UInt64) = (0, 0)
      for index in 0..<count {
        let at = 16 &* (first &+ index)
        let a = word(at) &+ summands[2 &* index]
        let b = word(at &+ 8) &+ summands[2 &* index &+ 1]
        let product = a.multipliedFullWidth(by: b)
        let (sum, carries) = low.addingReportingOverflow(product.low)
        low = sum
        high = high &+ product.high &+ (carries ? 1 : 0)
      }
      for half in [high >> 32, high & 0xFFFF_FFFF, low >> 32, low & 0xFFFF_FFFF] {
        result = folded(result, times: point, plus: half)
      }
      first += count
    }
    // Fewer than 16 bytes are left; how many tells the length.
    for byte in bytes[(16 * pairs)...] {
      result = folded(result, times: point, plus: UInt64(byte))
    }
    return result % prime
  }

  /// `x * y + z` modulo 2^61 - 1, below 2^61 + 4 and not always the smallest such number.
  private static func folded(_ x: UInt64, times y: UInt64, plus z: UInt64) -> UInt64 {
    let (high, low) = x.multipliedFullWidth(by: y)
    let sum = (low & prime) &+ (low &>> 61 | high &<< 3) &+ z
    return (sum & prime) &+ sum &>> 61
  }
}

import Quality
import TestSupport
import Testing

@Suite("Fingerprint of bytes") struct FingerprintTests {
  static let key = Fingerprint.Key(SeededGenerator(seed: 20_200_423))

  private func fingerprint(_ bytes: [UInt8], _ key: Fingerprint.Key = key) -> Fingerprint {
    Fingerprint(of: bytes.span.bytes, key: key)
  }

  private func sample(_ count: Int) -> [UInt8] {
    var source = SeededGenerator(seed: 20_200_423)
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: source.next()) }
  }

  @Test("the same bytes have the same one, wherever they lie", arguments: [0, 1, 15, 4096, 70_001])
  func same(count: Int) {
    let bytes = sample(count)
    #expect(fingerprint(bytes) == fingerprint(Array(([7] + bytes).dropFirst())))
  }

  @Test(
    "every changed bit is noticed",
    arguments: [1, 7, 15, 16, 17, 31, 4095, 4096, 4097, 4111, 8192, 8200])
  func changedBit(count: Int) {
    let bytes = sample(count)
    let whole = fingerprint(bytes)
    for index in 0..<count {
      var changed = bytes
      changed[index] ^= 1 << UInt8(index % 8)
      #expect(fingerprint(changed) != whole, "byte \(index) of \(count)")
    }
  }

  @Test("words and blocks that change places are noticed, and so are zeros too many")
  func order() {
    let bytes = sample(12_288)
    let whole = fingerprint(bytes)
    for size in [1, 4, 8, 16, 4096] {
      var swapped = bytes
      swapped.replaceSubrange(0..<2 * size, with: bytes[size..<2 * size] + bytes[0..<size])
      #expect(fingerprint(swapped) != whole, "\(size) bytes")
    }
    let zeros = Set((0..<5000).map { fingerprint([UInt8](repeating: 0, count: $0)) })
    #expect(zeros.count == 5000)
  }

  @Test("of another run it says nothing")
  func otherKey() {
    let bytes = sample(5000)
    #expect(fingerprint(bytes, Fingerprint.Key()) != fingerprint(bytes, Fingerprint.Key()))
  }
}

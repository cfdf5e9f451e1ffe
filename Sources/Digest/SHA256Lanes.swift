/// Four SHA-256 states side by side, which take in a block of four messages at once.
///
/// FIPS 180-4 section 6.2.2. A vector holds the same word of all four, so that the rounds of one
/// message are those of all: four messages cost little more than half of what they cost one by one.
struct SHA256Lanes {
  static let count = 4

  private typealias Words = SIMD4<UInt32>

  private var a = Words()
  private var b = Words()
  private var c = Words()
  private var d = Words()
  private var e = Words()
  private var f = Words()
  private var g = Words()
  private var h = Words()

  /// The state of one message.
  subscript(lane: Int) -> SHA256State {
    get {
      SHA256State(
        a: a[lane], b: b[lane], c: c[lane], d: d[lane], e: e[lane], f: f[lane], g: g[lane],
        h: h[lane])
    }
    set {
      a[lane] = newValue.a
      b[lane] = newValue.b
      c[lane] = newValue.c
      d[lane] = newValue.d
      e[lane] = newValue.e
      f[lane] = newValue.f
      g[lane] = newValue.g
      h[lane] = newValue.h
    }
  }

  /// Takes in whole blocks of all four messages; each must have as many.
  mutating func compress(
    _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer,
    _ third: UnsafeRawBufferPointer, _ fourth: UnsafeRawBufferPointer, blocks: Int
  ) {
    let byteCount = blocks * SHA256.blockSize
    precondition(
      [first, second, third, fourth].allSatisfy { $0.count >= byteCount }, "whole blocks")
    var lanes = self
    SHA256State.constants.withUnsafeBufferPointer { constants in
      withUnsafeTemporaryAllocation(of: Words.self, capacity: 16) { words in
        for block in stride(from: 0, to: byteCount, by: SHA256.blockSize) {
          for t in 0..<16 {
            let place = block &+ 4 &* t
            words[t] = Words(
              UInt32(bigEndian: first.loadUnaligned(fromByteOffset: place, as: UInt32.self)),
              UInt32(bigEndian: second.loadUnaligned(fromByteOffset: place, as: UInt32.self)),
              UInt32(bigEndian: third.loadUnaligned(fromByteOffset: place, as: UInt32.self)),
              UInt32(bigEndian: fourth.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
          }
          lanes.turn(words, constants)
        }
      }
    }
    self = lanes
  }

  /// The 64 rounds; the 16 words of the message are replaced by those that follow from them.
  @inline(__always)
  private mutating func turn(
    _ w: UnsafeMutableBufferPointer<Words>, _ k: UnsafeBufferPointer<UInt32>
  ) {
    let before = self
    var t = 0
    while t < 64 {
      let at = t & 15
      if t >= 16 {
        for i in 0..<8 {
          let (x, y) = (w[(at &+ i &+ 1) & 15], w[(at &+ i &+ 14) & 15])
          let s0 = Self.turned(x, 7) ^ Self.turned(x, 18) ^ x &>> 3
          let s1 = Self.turned(y, 17) ^ Self.turned(y, 19) ^ y &>> 10
          w[at &+ i] = w[at &+ i] &+ s0 &+ w[(at &+ i &+ 9) & 15] &+ s1
        }
      }
      Self.round(a, b, c, &d, e, f, g, &h, w[at] &+ Words(repeating: k[t]))
      Self.round(h, a, b, &c, d, e, f, &g, w[at &+ 1] &+ Words(repeating: k[t &+ 1]))
      Self.round(g, h, a, &b, c, d, e, &f, w[at &+ 2] &+ Words(repeating: k[t &+ 2]))
      Self.round(f, g, h, &a, b, c, d, &e, w[at &+ 3] &+ Words(repeating: k[t &+ 3]))
      Self.round(e, f, g, &h, a, b, c, &d, w[at &+ 4] &+ Words(repeating: k[t &+ 4]))
      Self.round(d, e, f, &g, h, a, b, &c, w[at &+ 5] &+ Words(repeating: k[t &+ 5]))
      Self.round(c, d, e, &f, g, h, a, &b, w[at &+ 6] &+ Words(repeating: k[t &+ 6]))
      Self.round(b, c, d, &e, f, g, h, &a, w[at &+ 7] &+ Words(repeating: k[t &+ 7]))
      t &+= 8
    }
    a &+= before.a
    b &+= before.b
    c &+= before.c
    d &+= before.d
    e &+= before.e
    f &+= before.f
    g &+= before.g
    h &+= before.h
  }

  @inline(__always)
  private static func round(
    _ a: Words, _ b: Words, _ c: Words, _ d: inout Words, _ e: Words, _ f: Words, _ g: Words,
    _ h: inout Words, _ input: Words
  ) {
    let s1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)
    let t1 = h &+ s1 &+ (g ^ (e & (f ^ g))) &+ input
    let s0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)
    d &+= t1
    h = t1 &+ s0 &+ ((a & b) | (c & (a | b)))
  }

  /// The halves are added rather than united: of a union the compiler makes four turns one by one.
  @inline(__always)
  private static func turned(_ x: Words, _ n: UInt32) -> Words {
    x &>> Words(repeating: n) &+ x &<< Words(repeating: 32 &- n)
  }
}

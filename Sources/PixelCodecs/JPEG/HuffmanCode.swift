/// A Huffman code as a DHT segment defines it.
///
/// T.81 Annex C.
struct HuffmanCode {
  /// Symbols in the order of their codes, 256 entries so that a byte can index them.
  let symbols: [UInt8]
  /// For each length 1 to 16: one more than its last code, left-aligned in 16 bits.
  let limits: [Int]
  /// For each length: index of its first symbol, less its first code.
  let bases: [Int]

  /// - Parameters:
  ///   - counts: For lengths 1 ... 16, how many codes there are.
  ///   - symbols: As many symbols, 256 at most.
  init?(counts: [Int], symbols: [UInt8]) {
    guard counts.count == 16, counts.reduce(0, +) == symbols.count, symbols.count <= 256 else {
      return nil
    }
    var limits = [0]
    var bases = [0]
    var code = 0
    var index = 0
    for length in 1...16 {
      let count = counts[length - 1]
      // More codes than the length has: not a prefix code.
      guard code + count <= 1 << length else { return nil }
      bases.append(index - code)
      code += count
      index += count
      limits.append(code << (16 - length))
      code <<= 1
    }
    self.limits = limits
    self.bases = bases
    self.symbols = symbols + [UInt8](repeating: 0, count: 256 - symbols.count)
  }

  /// The code that 16 bits begin with: its symbol and length; `nil` where there is none.
  func symbol(of window: Int) -> (symbol: UInt8, length: Int)? {
    for length in 1...16 where window < limits[length] {
      return (symbols[(bases[length] + window >> (16 - length)) & 255], length)
    }
    return nil
  }

  /// Reads all codes of a DHT segment into the tables that they name: class * 4 + identifier.
  static func read(
    _ segment: JPEGSegments.Segment, in segments: JPEGSegments, into tables: inout [HuffmanCode?]
  ) throws(CodecError) {
    var index = 0
    while index < segment.parameters.count {
      let selector = try segments.byte(index, of: segment)
      var counts: [Int] = []
      for length in 1...16 { counts.append(try segments.byte(index + length, of: segment)) }
      var symbols: [UInt8] = []
      for position in 0..<min(256, counts.reduce(0, +)) {
        symbols.append(UInt8(try segments.byte(index + 17 + position, of: segment)))
      }
      let start = segment.parameters.lowerBound + index
      guard let code = HuffmanCode(counts: counts, symbols: symbols), selector & 0xEC == 0 else {
        throw .malformed(segments.codec, "an impossible Huffman table", at: start)
      }
      tables[(selector >> 4) * 4 + (selector & 3)] = code
      index += 17 + symbols.count
    }
  }
}

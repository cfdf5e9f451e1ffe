/// A Huffman code of quantised coefficients, with a table for the short codes.
///
/// T.81 F.2.2.
struct CoefficientCode {
  static let windowBits = 10

  let code: HuffmanCode
  /// For the first 10 bits of the data: length * 256 + symbol, 0 where the code is longer.
  let entries: [UInt16]

  init(_ code: HuffmanCode) {
    self.code = code
    entries = (0..<1 << Self.windowBits).map { window in
      guard let (symbol, length) = code.symbol(of: window << (16 - Self.windowBits)),
        length <= Self.windowBits
      else { return 0 }
      return UInt16(length << 8) | UInt16(symbol)
    }
  }

  /// Reads a symbol and leaves 16 bits at least in the reader; `nil` where no code begins so.
  @inline(__always)
  func read(_ reader: inout JPEGBitReader) -> Int? {
    if reader.count < 32 { reader.refill() }
    let window = Int(truncatingIfNeeded: reader.bits &>> 54)
    let entry = Int(entries[window])
    if entry != 0 {
      reader.skip(entry &>> 8)
      return entry & 255
    }
    return readSlowly(&reader)
  }

  @inline(never)
  private func readSlowly(_ reader: inout JPEGBitReader) -> Int? {
    guard let (symbol, length) = code.symbol(of: Int(reader.bits >> 48)) else { return nil }
    reader.skip(length)
    return Int(symbol)
  }
}

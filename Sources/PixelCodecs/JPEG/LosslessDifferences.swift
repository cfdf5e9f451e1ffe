/// A Huffman code with the difference that its symbol and the bits after it make.
///
/// T.81 H.1.2.2.
///
/// The first 12 bits of the data choose an entry: a difference that they hold whole, or else a
/// category whose bits are still to be read, or nothing, where the code itself is longer.
struct LosslessDifferences {
  static let windowBits = 12

  let code: HuffmanCode
  /// Bits 0 to 5: how many bits to drop; 8 to 12: how many to take after that; 16 to 31: the
  /// difference.
  ///
  /// 0 where the code is longer than the window.
  let entries: [UInt32]
  /// Extra bits of category 16: 0 by T.81, 16 in the files of some early encoders.
  let extraBits16: Int

  init(_ code: HuffmanCode, extraBits16: Int) throws(CodecError) {
    self.code = code
    self.extraBits16 = extraBits16
    var entries = [UInt32](repeating: 0, count: 1 << Self.windowBits)
    for window in 0..<entries.count {
      guard let (symbol, length) = code.symbol(of: window << (16 - Self.windowBits)),
        length <= Self.windowBits, symbol <= 16
      else { continue }
      let category = Int(symbol)
      let extra = category == 16 ? extraBits16 : category
      let total = length + extra
      if total <= Self.windowBits || category == 16 {
        let bits = window >> max(0, Self.windowBits - total) & (1 << extra - 1)
        let difference = category == 16 ? 32768 : Self.extended(bits, category)
        entries[window] = UInt32(total) | UInt32(UInt16(truncatingIfNeeded: difference)) << 16
      } else {
        entries[window] = UInt32(length) | UInt32(category) << 8
      }
    }
    self.entries = entries
  }

  /// The value of a category's bits.
  ///
  /// T.81 Table F.1.
  @inline(__always)
  static func extended(_ bits: Int, _ category: Int) -> Int {
    let half = (1 &<< category) &>> 1
    return bits < half ? bits &- (half &<< 1) &+ 1 : bits
  }

  /// Reads a difference whose code is longer than the window.
  ///
  /// The caller has refilled the reader. A code that does not exist is `nil`.
  @inline(never)
  func readSlowly(_ reader: inout JPEGBitReader) -> Int? {
    guard let (symbol, length) = code.symbol(of: Int(reader.bits >> 48)), symbol <= 16 else {
      return nil
    }
    reader.skip(length)
    if symbol == 16 {
      reader.skip(extraBits16)
      return 32768
    }
    let category = Int(symbol)
    return Self.extended(reader.take(category), category)
  }
}

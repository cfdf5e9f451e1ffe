/// The adaptive binary arithmetic decoder.
///
/// T.800 Annex C.
///
/// It reads from bytes that end with 0xFF 0xFF, in front of which it stops for ever.
struct MQDecoder {
  /// For each state of Table C.2: its probability of the less probable symbol (16 bits), the next
  /// state after the more and after the less probable one (8 bits each), and whether they swap.
  private static let states: [UInt64] = [
    0x5601_010101, 0x3401_020600, 0x1801_030900, 0x0AC1_040C00, 0x0521_051D00, 0x0221_262100,
    0x5601_070601, 0x5401_080E00, 0x4801_090E00, 0x3801_0A0E00, 0x3001_0B1100, 0x2401_0C1200,
    0x1C01_0D1400, 0x1601_1D1500, 0x5601_0F0E01, 0x5401_100E00, 0x5101_110F00, 0x4801_121000,
    0x3801_131100, 0x3401_141200, 0x3001_151300, 0x2801_161300, 0x2401_171400, 0x2201_181500,
    0x1C01_191600, 0x1801_1A1700, 0x1601_1B1800, 0x1401_1C1900, 0x1201_1D1A00, 0x1101_1E1B00,
    0x0AC1_1F1C00, 0x09C1_201D00, 0x08A1_211E00, 0x0521_221F00, 0x0441_232000, 0x02A1_242100,
    0x0221_252200, 0x0141_262300, 0x0111_272400, 0x0085_282500, 0x0049_292600, 0x0025_2A2700,
    0x0015_2B2800, 0x0009_2C2900, 0x0005_2D2A00, 0x0001_2D2B00, 0x5601_2E2E00,
  ]

  /// For each of 2 * state + more probable symbol: probability, and the next two of the same.
  static let transitions: [UInt32] = states.flatMap { state in
    (0...1 as ClosedRange<UInt64>).map { symbol in
      let afterMore = state >> 16 & 0xFF * 2 + symbol
      let afterLess = state >> 8 & 0xFF * 2 + symbol ^ (state & 1)
      return UInt32((state >> 24) << 16 | afterMore << 8 | afterLess)
    }
  }

  private var next: UnsafePointer<UInt8>
  private var code: UInt32
  private var interval: UInt32 = 0x8000
  private var shiftsLeft = 0

  /// - Parameter bytes: Codeword bytes, after which come two bytes 0xFF.
  init(_ bytes: UnsafePointer<UInt8>) {
    next = bytes
    code = UInt32(bytes[0]) &<< 16
    readByte()
    code &<<= 7
    shiftsLeft &-= 7
  }

  @inline(__always)
  private mutating func readByte() {
    let following = UInt32(next[1])
    if next[0] == 0xFF {
      if following > 0x8F {
        code &+= 0xFF00
        shiftsLeft = 8
      } else {
        next += 1
        code &+= following &<< 9
        shiftsLeft = 7
      }
    } else {
      next += 1
      code &+= following &<< 8
      shiftsLeft = 8
    }
  }

  /// Decodes a symbol in a context, which learns from it.
  ///
  /// - Parameters:
  ///   - context: 2 * state + more probable symbol.
  ///   - transitions: The table above, with an entry for each byte.
  @inline(__always)
  mutating func decode(
    _ context: UnsafeMutablePointer<UInt8>, _ transitions: UnsafePointer<UInt32>
  ) -> UInt32 {
    let state = context.pointee
    let row = transitions[Int(state)]
    let probability = row &>> 16
    var symbol = UInt32(state & 1)
    interval &-= probability
    if code &>> 16 < probability {
      if interval < probability {
        context.pointee = UInt8(truncatingIfNeeded: row &>> 8)
      } else {
        symbol ^= 1
        context.pointee = UInt8(truncatingIfNeeded: row)
      }
      interval = probability
      renormalise()
    } else {
      code &-= probability &<< 16
      if interval & 0x8000 == 0 {
        if interval < probability {
          symbol ^= 1
          context.pointee = UInt8(truncatingIfNeeded: row)
        } else {
          context.pointee = UInt8(truncatingIfNeeded: row &>> 8)
        }
        renormalise()
      }
    }
    return symbol
  }

  @inline(__always)
  private mutating func renormalise() {
    var shifts = interval.leadingZeroBitCount &- 16
    repeat {
      if shiftsLeft == 0 { readByte() }
      let now = min(shifts, shiftsLeft)
      interval &<<= UInt32(truncatingIfNeeded: now)
      code &<<= UInt32(truncatingIfNeeded: now)
      shiftsLeft &-= now
      shifts &-= now
    } while shifts > 0
  }
}

/// Reads the bits of passes that bypass arithmetic coding.
///
/// T.800 D.6.
///
/// It reads from bytes that end with 0xFF 0xFF, after which it goes on with ones.
struct RawPassBits {
  private var next: UnsafePointer<UInt8>
  private var current: UInt8 = 0
  private var left = 0

  init(_ bytes: UnsafePointer<UInt8>) { next = bytes }

  mutating func read() -> UInt32 {
    if left == 0 {
      if current == 0xFF, next[0] > 0x8F {
        left = 8
      } else {
        left = current == 0xFF ? 7 : 8
        current = next[0]
        next += 1
      }
    }
    left &-= 1
    return UInt32(current &>> UInt8(truncatingIfNeeded: left)) & 1
  }
}

/// The flags that the block decoder keeps of a coefficient and its neighbours.
///
/// Bits 0 to 7: which neighbours are significant; 8 to 11: which of the first four are negative.
enum BlockFlag {
  static let west: UInt16 = 0x0001
  static let east: UInt16 = 0x0002
  static let north: UInt16 = 0x0004
  static let south: UInt16 = 0x0008
  static let northWest: UInt16 = 0x0010
  static let northEast: UInt16 = 0x0020
  static let southWest: UInt16 = 0x0040
  static let southEast: UInt16 = 0x0080
  static let neighbours: UInt16 = 0x00FF
  static let westIsNegative: UInt16 = 0x0100
  static let eastIsNegative: UInt16 = 0x0200
  static let northIsNegative: UInt16 = 0x0400
  static let southIsNegative: UInt16 = 0x0800
  static let significant: UInt16 = 0x1000
  static let visited: UInt16 = 0x2000
  static let refined: UInt16 = 0x4000
}

/// The contexts that neighbours lead to.
///
/// T.800 Tables D.1 to D.4.
enum BlockContexts {
  static let firstSign = 9
  static let firstRefinement = 14
  static let runLength = 17
  static let uniform = 18
  static let count = 19

  /// For each orientation and 8 significant neighbours: the context.
  ///
  /// T.800 Table D.1.
  static let significance: [UInt8] = (0..<4).flatMap { orientation in
    (0..<256).map { significanceContext(orientation, UInt16($0)) }
  }

  private static func significanceContext(_ orientation: Int, _ flags: UInt16) -> UInt8 {
    func count(_ bits: UInt16) -> Int { (flags & bits).nonzeroBitCount }
    var horizontal = count(BlockFlag.west | BlockFlag.east)
    var vertical = count(BlockFlag.north | BlockFlag.south)
    let diagonal = count(
      BlockFlag.northWest | BlockFlag.northEast | BlockFlag.southWest | BlockFlag.southEast)
    if orientation == 3 {
      let straight = horizontal + vertical
      switch diagonal {
      case 0: return UInt8(min(straight, 2))
      case 1: return UInt8(3 + min(straight, 2))
      case 2: return straight == 0 ? 6 : 7
      default: return 8
      }
    }
    // What is horizontal for low-pass rows is vertical for high-pass ones.
    if orientation == 1 { swap(&horizontal, &vertical) }
    switch (horizontal, vertical) {
    case (2, _): return 8
    case (1, 0): return diagonal == 0 ? 5 : 6
    case (1, _): return 7
    case (_, 0): return UInt8(min(diagonal, 2))
    case (_, 1): return 3
    default: return 4
    }
  }

  /// For four neighbours (low half) and their signs (high half): the context, and 0x80 where the
  /// sign is coded inverted.
  ///
  /// T.800 Tables D.2, D.3.
  static let sign: [UInt8] = (0..<256).map { index in
    func contribution(_ first: Int, _ second: Int) -> Int {
      let values = [first, second].map { bit in
        index >> bit & 1 == 0 ? 0 : index >> (bit + 4) & 1 == 1 ? -1 : 1
      }
      return max(-1, min(1, values[0] + values[1]))
    }
    let horizontal = contribution(0, 1)
    let vertical = contribution(2, 3)
    let isInverted = horizontal < 0 || (horizontal == 0 && vertical < 0)
    let (h, v) = isInverted ? (-horizontal, -vertical) : (horizontal, vertical)
    let context = h == 1 ? 12 + v : 9 + v
    return UInt8(context) | (isInverted ? 0x80 : 0)
  }

  /// The states that contexts start from.
  ///
  /// T.800 Table D.7.
  static let start: [UInt8] = (0..<count).map { context in
    switch context {
    case 0: 2 * 4
    case runLength: 2 * 3
    case uniform: 2 * 46
    default: 0
    }
  }
}

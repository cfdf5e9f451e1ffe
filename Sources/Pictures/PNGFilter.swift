/// The five row filters of PNG, ISO/IEC 15948 clause 9: each predicts a byte from its neighbours.
enum PNGFilter: UInt8, CaseIterable {
  case none = 0
  case sub = 1
  case up = 2
  case average = 3
  case paeth = 4

  /// The prediction from the byte to the left, the one above, and the one above left.
  @inline(__always)
  func prediction(left: UInt8, above: UInt8, corner: UInt8) -> UInt8 {
    switch self {
    case .none: 0
    case .sub: left
    case .up: above
    case .average: UInt8((UInt16(left) + UInt16(above)) / 2)
    case .paeth: Self.paethPrediction(Int(left), Int(above), Int(corner))
    }
  }

  private static func paethPrediction(_ a: Int, _ b: Int, _ c: Int) -> UInt8 {
    let estimate = a + b - c
    let (pa, pb, pc) = (abs(estimate - a), abs(estimate - b), abs(estimate - c))
    if pa <= pb && pa <= pc { return UInt8(a) }
    return pb <= pc ? UInt8(b) : UInt8(c)
  }
}

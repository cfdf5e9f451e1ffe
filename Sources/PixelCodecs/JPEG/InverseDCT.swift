/// The 8 x 8 inverse cosine transform in integers.
///
/// T.81 A.3.3.
///
/// The factorisation of Loeffler, Ligtenberg and Moschytz with 13 bits behind the point, whose
/// rounding the reference implementation of the Independent JPEG Group made usual: the same
/// numbers here keep the same pixels.
struct InverseDCT {
  /// Bits that the first pass keeps behind the point: fewer where samples have more.
  private let firstPassBits: Int32
  private let middle: Int32
  private let maximum: Int32

  private static let constantBits: Int32 = 13

  init(precision: Int) {
    firstPassBits = precision > 8 ? 1 : 2
    middle = 1 << Int32(precision - 1)
    maximum = 1 << Int32(precision) - 1
  }

  /// A block of which only the first coefficient is not 0.
  @inline(__always)
  func fill(_ coefficient: Int32, _ output: UnsafeMutablePointer<UInt16>, stride: Int) {
    let value = sample((coefficient &+ 4) &>> 3)
    for row in 0..<8 {
      for column in 0..<8 { output[row &* stride &+ column] = value }
    }
  }

  @inline(__always)
  private func sample(_ value: Int32) -> UInt16 {
    UInt16(truncatingIfNeeded: max(0, min(maximum, value &+ middle)))
  }

  /// Transforms 64 dequantised coefficients, which it uses as workspace.
  ///
  /// Coefficients that no encoder makes may wrap around; samples stay in their range.
  func transform(
    _ block: UnsafeMutablePointer<Int32>, _ output: UnsafeMutablePointer<UInt16>, stride: Int
  ) {
    let shift = Self.constantBits &- firstPassBits
    for column in 0..<8 {
      let input = block + column
      let terms = Self.butterfly(
        input[0], input[8], input[16], input[24], input[32], input[40], input[48], input[56])
      let rounding: Int32 = 1 &<< (shift &- 1)
      for row in 0..<8 { input[8 &* row] = (terms[row] &+ rounding) &>> shift }
    }
    let lastShift = Self.constantBits &+ firstPassBits &+ 3
    for row in 0..<8 {
      let input = block + 8 &* row
      let terms = Self.butterfly(
        input[0], input[1], input[2], input[3], input[4], input[5], input[6], input[7])
      let rounding: Int32 = 1 &<< (lastShift &- 1)
      let line = output + row &* stride
      for column in 0..<8 { line[column] = sample((terms[column] &+ rounding) &>> lastShift) }
    }
  }

  /// The one-dimensional transform, 13 bits to the left.
  @inline(__always)
  private static func butterfly(
    _ i0: Int32, _ i1: Int32, _ i2: Int32, _ i3: Int32, _ i4: Int32, _ i5: Int32, _ i6: Int32,
    _ i7: Int32
  ) -> SIMD8<Int32> {
    // Even part. The constants are multiples of 2^-13.
    let e1 = (i2 &+ i6) &* 4433  // 0.541196100
    let t2 = e1 &- i6 &* 15137  // 1.847759065
    let t3 = e1 &+ i2 &* 6270  // 0.765366865
    let t0 = (i0 &+ i4) &<< constantBits
    let t1 = (i0 &- i4) &<< constantBits
    let a0 = t0 &+ t3
    let a3 = t0 &- t3
    let a1 = t1 &+ t2
    let a2 = t1 &- t2
    // Odd part.
    let z5 = (i7 &+ i3 &+ i5 &+ i1) &* 9633  // 1.175875602
    let z1 = (i7 &+ i1) &* -7373  // 0.899976223
    let z2 = (i5 &+ i3) &* -20995  // 2.562915447
    let z3 = (i7 &+ i3) &* -16069 &+ z5  // 1.961570560
    let z4 = (i5 &+ i1) &* -3196 &+ z5  // 0.390180644
    let b0 = i7 &* 2446 &+ z1 &+ z3  // 0.298631336
    let b1 = i5 &* 16819 &+ z2 &+ z4  // 2.053119869
    let b2 = i3 &* 25172 &+ z2 &+ z3  // 3.072711026
    let b3 = i1 &* 12299 &+ z1 &+ z4  // 1.501321110
    return SIMD8(
      a0 &+ b3, a1 &+ b2, a2 &+ b1, a3 &+ b0, a3 &- b0, a2 &- b1, a1 &- b2, a0 &- b3)
  }
}

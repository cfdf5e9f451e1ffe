/// The passes over the coefficients of one code-block.
///
/// T.800 D.3, D.4.
///
/// All that they touch is memory of the block decoder, laid out as it describes.
struct BlockPasses {
  let flags: UnsafeMutablePointer<UInt16>
  let values: UnsafeMutablePointer<UInt32>
  let contexts: UnsafeMutablePointer<UInt8>
  let transitions: UnsafeMutablePointer<UInt32>
  /// Those of the sub-band's orientation.
  let significanceContexts: UnsafeMutablePointer<UInt8>
  let signContexts: UnsafeMutablePointer<UInt8>
  let columns: Int
  let rows: Int
  /// From a stripe to the next.
  let stripeStride: Int
  /// True where a stripe does not know the next one.
  let isCausal: Bool

  func segmentationSymbol(_ coder: inout MQDecoder) -> UInt32 {
    var symbol: UInt32 = 0
    for _ in 0..<4 {
      symbol = symbol << 1 | coder.decode(contexts + BlockContexts.uniform, transitions)
    }
    return symbol
  }

  /// A coefficient becomes significant: its neighbours must know.
  ///
  /// T.800 D.3.
  @inline(__always)
  private func setSignificant(_ index: Int, _ row: Int, _ sign: UInt32, _ plane: Int) {
    values[index] = sign &<< 31 | 3 &<< UInt32(truncatingIfNeeded: plane)
    flags[index] |= BlockFlag.significant
    let negative = 0 &- UInt16(truncatingIfNeeded: sign)
    flags[index &- 4] |= BlockFlag.east | negative & BlockFlag.eastIsNegative
    flags[index &+ 4] |= BlockFlag.west | negative & BlockFlag.westIsNegative
    let south = row < 3 ? index &+ 1 : index &+ stripeStride &- 3
    flags[south] |= BlockFlag.north | negative & BlockFlag.northIsNegative
    flags[south &- 4] |= BlockFlag.northEast
    flags[south &+ 4] |= BlockFlag.northWest
    // A stripe that is coded for itself does not see the next one. T.800 D.7.
    if row == 0, isCausal { return }
    let north = row > 0 ? index &- 1 : index &- stripeStride &+ 3
    flags[north] |= BlockFlag.south | negative & BlockFlag.southIsNegative
    flags[north &- 4] |= BlockFlag.southEast
    flags[north &+ 4] |= BlockFlag.southWest
  }

  @inline(__always)
  private func sign(_ coder: inout MQDecoder, _ flag: UInt16) -> UInt32 {
    let entry = signContexts[Int(flag & 0x0F | flag &>> 4 & 0xF0)]
    let symbol = coder.decode(contexts + Int(entry & 0x7F), transitions)
    return symbol ^ UInt32(entry &>> 7)
  }

  @inline(__always)
  private func word(_ index: Int) -> UInt64 {
    UnsafeRawPointer(flags + index).load(as: UInt64.self)
  }

  /// Calls `body` with the first index and the count of rows of every column of every stripe.
  @inline(__always)
  private func forEachColumn(_ body: (_ index: Int, _ rows: Int) -> Void) {
    var row = 0
    var start = stripeStride &+ 4
    while row < rows {
      let count = min(4, rows &- row)
      var index = start
      for _ in 0..<columns {
        body(index, count)
        index &+= 4
      }
      start &+= stripeStride
      row &+= 4
    }
  }

  /// Significance propagation.
  ///
  /// T.800 D.3.1.
  func significance(_ coder: inout MQDecoder, _ plane: Int) {
    var local = coder
    forEachColumn { index, rows in
      if word(index) & 0x00FF_00FF_00FF_00FF == 0 { return }
      for row in 0..<rows {
        let flag = flags[index &+ row]
        if flag & BlockFlag.neighbours == 0 || flag & BlockFlag.significant != 0 { continue }
        let context = significanceContexts[Int(flag & BlockFlag.neighbours)]
        if local.decode(contexts + Int(context), transitions) == 1 {
          setSignificant(index &+ row, row, sign(&local, flag), plane)
        }
        flags[index &+ row] |= BlockFlag.visited
      }
    }
    coder = local
  }

  func rawSignificance(_ bits: inout RawPassBits, _ plane: Int) {
    forEachColumn { index, rows in
      for row in 0..<rows {
        let flag = flags[index &+ row]
        if flag & BlockFlag.neighbours == 0 || flag & BlockFlag.significant != 0 { continue }
        if bits.read() == 1 { setSignificant(index &+ row, row, bits.read(), plane) }
        flags[index &+ row] |= BlockFlag.visited
      }
    }
  }

  /// Magnitude refinement.
  ///
  /// T.800 D.3.3.
  func refinement(_ coder: inout MQDecoder, _ plane: Int) {
    var local = coder
    forEachColumn { index, rows in
      if word(index) & 0x1000_1000_1000_1000 == 0 { return }
      for row in 0..<rows {
        let flag = flags[index &+ row]
        if flag & (BlockFlag.significant | BlockFlag.visited) != BlockFlag.significant { continue }
        let context =
          flag & BlockFlag.refined != 0 ? 16 : flag & BlockFlag.neighbours != 0 ? 15 : 14
        refine(index &+ row, local.decode(contexts + context, transitions), plane)
      }
    }
    coder = local
  }

  func rawRefinement(_ bits: inout RawPassBits, _ plane: Int) {
    forEachColumn { index, rows in
      for row in 0..<rows {
        let flag = flags[index &+ row]
        if flag & (BlockFlag.significant | BlockFlag.visited) != BlockFlag.significant { continue }
        refine(index &+ row, bits.read(), plane)
      }
    }
  }

  /// Replaces the half that stood for the unknown rest by a bit and half of what is left.
  @inline(__always)
  private func refine(_ index: Int, _ bit: UInt32, _ plane: Int) {
    let half: UInt32 = 1 &<< UInt32(truncatingIfNeeded: plane)
    values[index] = bit == 1 ? values[index] &+ half : values[index] &- half
    flags[index] |= BlockFlag.refined
  }

  /// Cleanup.
  ///
  /// T.800 D.3.4.
  func cleanup(_ coder: inout MQDecoder, _ plane: Int) {
    var local = coder
    forEachColumn { index, rows in
      var row = 0
      if rows == 4, word(index) == 0 {
        if local.decode(contexts + BlockContexts.runLength, transitions) == 0 { return }
        let uniform = contexts + BlockContexts.uniform
        row = Int(local.decode(uniform, transitions) &<< 1)
        row |= Int(local.decode(uniform, transitions))
        setSignificant(index &+ row, row, sign(&local, flags[index &+ row]), plane)
        row &+= 1
      }
      while row < rows {
        let flag = flags[index &+ row]
        if flag & (BlockFlag.significant | BlockFlag.visited) == 0 {
          let context = significanceContexts[Int(flag & BlockFlag.neighbours)]
          if local.decode(contexts + Int(context), transitions) == 1 {
            setSignificant(index &+ row, row, sign(&local, flag), plane)
          }
        }
        row &+= 1
      }
      for row in 0..<rows { flags[index &+ row] &= ~BlockFlag.visited }
    }
    coder = local
  }
}

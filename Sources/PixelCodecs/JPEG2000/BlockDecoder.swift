/// Decodes the coefficients of code-blocks, bit-plane by bit-plane.
///
/// T.800 Annex D.
///
/// Coefficients lie in the order in which the passes visit them: stripes of four rows, in a stripe
/// column by column, so that the flags of a column are one 64-bit word. Columns and stripes that
/// are not there surround the block.
struct BlockDecoder: ~Copyable {
  /// The most that (columns + 2) * (stripes + 2) * 4 can be: 1024 columns in one stripe.
  private static let capacity = 1026 * 3 * 4

  private let flags: UnsafeMutablePointer<UInt16>
  /// Sign in bit 31, and twice the magnitude; the lowest bit is half of what is not yet known.
  private let values: UnsafeMutablePointer<UInt32>
  private let contexts: UnsafeMutablePointer<UInt8>
  private let transitions: UnsafeMutablePointer<UInt32>
  private let significanceContexts: UnsafeMutablePointer<UInt8>
  private let signContexts: UnsafeMutablePointer<UInt8>
  /// The bytes of a segment, and 0xFF 0xFF.
  private var codeword: [UInt8] = []

  private var columns = 0
  private var rows = 0
  /// From a stripe to the next.
  private var stripeStride = 0
  private var style: CodingStyle.PassStyle = []

  init() {
    flags = .allocate(capacity: Self.capacity)
    values = .allocate(capacity: Self.capacity)
    contexts = .allocate(capacity: BlockContexts.count)
    // Every byte has an entry, so that no state can lead outside.
    transitions = .allocate(capacity: 256)
    transitions.initialize(repeating: 0x5601_0000, count: 256)
    for (index, transition) in MQDecoder.transitions.enumerated() {
      transitions[index] = transition
    }
    significanceContexts = .allocate(capacity: 1024)
    for (index, context) in BlockContexts.significance.enumerated() {
      significanceContexts[index] = context
    }
    signContexts = .allocate(capacity: 256)
    for (index, context) in BlockContexts.sign.enumerated() { signContexts[index] = context }
  }

  deinit {
    flags.deallocate()
    values.deallocate()
    contexts.deallocate()
    transitions.deallocate()
    significanceContexts.deallocate()
    signContexts.deallocate()
  }

  /// Decodes a block; its coefficients are read with `coefficient` until the next one.
  ///
  /// - Parameters:
  ///   - block: 1 to 1024 columns and rows, 4096 coefficients at most.
  ///   - band: The sub-band that it is of.
  ///   - data: The data of the tile, which the block's pieces lie in.
  mutating func decode(
    _ block: CodeBlock, of band: SubBand, _ style: CodingStyle.PassStyle,
    _ data: UnsafeRawBufferPointer
  ) throws(CodecError) {
    columns = block.area.width
    rows = block.area.height
    self.style = style
    stripeStride = 4 * (columns + 2)
    let count = stripeStride * ((rows + 3) / 4 + 2)
    guard count <= Self.capacity else {
      throw .malformed(.jpeg2000, "a code-block that is too large", at: 0)
    }
    flags.update(repeating: 0, count: count)
    values.update(repeating: 0, count: count)
    let planes = band.planes - block.emptyPlanes
    guard planes <= 30 else {
      throw .unsupported(.jpeg2000, "coefficients of \(planes) bits")
    }
    guard planes > 0 ? block.passCount <= 3 * planes - 2 : block.passCount == 0 else {
      throw .malformed(
        .jpeg2000, "\(block.passCount) coding passes for \(planes) bit-planes",
        at: block.segments.first?.pieces.first?.lowerBound ?? 0)
    }
    resetContexts()
    var plane = planes - 1
    var pass = 2
    for segment in block.segments {
      codeword.removeAll(keepingCapacity: true)
      for piece in segment.pieces { codeword.append(contentsOf: data[piece]) }
      codeword.append(0xFF)
      codeword.append(0xFF)
      let isRaw = style.contains(.bypass) && pass < 2 && plane + 1 <= planes - 4
      let isRight = codeword.withUnsafeBufferPointer { bytes -> Bool in
        guard let bytes = bytes.baseAddress else { return false }
        var coder = MQDecoder(bytes)
        var raw = RawPassBits(bytes)
        for _ in 0..<segment.passes {
          guard plane >= 0 else { return false }
          switch (pass, isRaw) {
          case (0, false): significance(&coder, plane, band.orientation)
          case (0, true): rawSignificance(&raw, plane)
          case (1, false): refinement(&coder, plane)
          case (1, true): rawRefinement(&raw, plane)
          default:
            cleanup(&coder, plane, band.orientation)
            if style.contains(.segmentationSymbols), segmentationSymbol(&coder) != 0b1010 {
              return false
            }
          }
          if style.contains(.resetContexts) { resetContexts() }
          pass += 1
          if pass == 3 {
            pass = 0
            plane -= 1
          }
        }
        return true
      }
      guard isRight else {
        throw .malformed(
          .jpeg2000, "a damaged code-block", at: segment.pieces.first?.lowerBound ?? 0)
      }
    }
  }

  /// Twice the magnitude of a coefficient, and its sign in bit 31.
  @inline(__always)
  func coefficient(column: Int, row: Int) -> UInt32 {
    values[(row &>> 2 &+ 1) &* stripeStride &+ 4 &* column &+ 4 &+ (row & 3)]
  }

  private func resetContexts() {
    for (index, state) in BlockContexts.start.enumerated() { contexts[index] = state }
  }

  private func segmentationSymbol(_ coder: inout MQDecoder) -> UInt32 {
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
    if row == 0, style.contains(.verticallyCausal) { return }
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
  private func significance(_ coder: inout MQDecoder, _ plane: Int, _ orientation: Int) {
    let significanceContexts = significanceContexts + 256 * orientation
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

  private func rawSignificance(_ bits: inout RawPassBits, _ plane: Int) {
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
  private func refinement(_ coder: inout MQDecoder, _ plane: Int) {
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

  private func rawRefinement(_ bits: inout RawPassBits, _ plane: Int) {
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
  private func cleanup(_ coder: inout MQDecoder, _ plane: Int, _ orientation: Int) {
    let significanceContexts = significanceContexts + 256 * orientation
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

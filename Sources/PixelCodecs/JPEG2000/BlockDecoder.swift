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

  /// From a stripe of the last block to the next.
  private var stripeStride = 0

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
    stripeStride = 4 * (block.area.width + 2)
    let count = stripeStride * ((block.area.height + 3) / 4 + 2)
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
    let passes = BlockPasses(
      flags: flags, values: values, contexts: contexts, transitions: transitions,
      significanceContexts: significanceContexts + 256 * band.orientation,
      signContexts: signContexts, columns: block.area.width, rows: block.area.height,
      stripeStride: stripeStride, isCausal: style.contains(.verticallyCausal))
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
          case (0, false): passes.significance(&coder, plane)
          case (0, true): passes.rawSignificance(&raw, plane)
          case (1, false): passes.refinement(&coder, plane)
          case (1, true): passes.rawRefinement(&raw, plane)
          default:
            passes.cleanup(&coder, plane)
            if style.contains(.segmentationSymbols), passes.segmentationSymbol(&coder) != 0b1010 {
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
}

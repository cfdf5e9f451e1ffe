/// The prediction of a sample from its neighbours `a` (left), `b` (above), `c` (above left).
///
/// T.81 Table H.1.
enum LosslessPredictor: Int {
  case left = 1
  case above
  case aboveLeft
  case plane
  case leftAndHalfSlope
  case aboveAndHalfSlope
  case mean

  @inline(__always)
  func callAsFunction(_ a: Int, _ b: Int, _ c: Int) -> Int {
    switch self {
    case .left: a
    case .above: b
    case .aboveLeft: c
    case .plane: a &+ b &- c
    case .leftAndHalfSlope: a &+ ((b &- c) &>> 1)
    case .aboveAndHalfSlope: b &+ ((a &- c) &>> 1)
    case .mean: (a &+ b) &>> 1
    }
  }
}

/// One line of a lossless scan, in the samples of the whole image.
struct LosslessLine<Container: SampleContainer> {
  /// The first sample of the line; `rowCount` samples before it lies the line above.
  let start: UnsafeMutablePointer<Container>
  let rowCount: Int
  /// From one sample of a component to the next.
  let stride: Int
  let columns: Int
  /// The prediction of the first sample where the line has none above it, else `nil`.
  let first: Int?

  /// Decodes the line of a component that has the scan for itself.
  ///
  /// - Returns: False where the data hold a code that does not exist.
  @inline(__always)
  func decode(
    _ reader: inout JPEGBitReader, _ differences: LosslessDifferences, at component: Int,
    by predictor: LosslessPredictor
  ) -> Bool {
    if let first {
      return decode(&reader, differences, component, predictions: first) { a, _, _ in a }
    }
    let above = Int(start[component - rowCount])
    switch predictor {
    case .left:
      return decode(&reader, differences, component, predictions: above) { a, _, _ in a }
    case .above:
      return decode(&reader, differences, component, predictions: above) { _, b, _ in b }
    case .aboveLeft:
      return decode(&reader, differences, component, predictions: above) { _, _, c in c }
    case .plane:
      return decode(&reader, differences, component, predictions: above) { a, b, c in
        a &+ b &- c
      }
    case .leftAndHalfSlope, .aboveAndHalfSlope, .mean:
      return decode(&reader, differences, component, predictions: above) { a, b, c in
        predictor(a, b, c)
      }
    }
  }

  /// Decodes a line by a prediction that the compiler writes into the loop.
  @inline(__always)
  private func decode(
    _ reader: inout JPEGBitReader, _ differences: LosslessDifferences, _ component: Int,
    predictions first: Int, _ predict: (Int, Int, Int) -> Int
  ) -> Bool {
    differences.entries.withUnsafeBufferPointer { entries in
      var local = reader
      defer { reader = local }
      guard let entries = entries.baseAddress else { return false }
      let line = start + component
      // Without a line above, the line itself stands in for it: its values are not used.
      let above = self.first == nil ? line - rowCount : line
      var offset = 0
      var a = 0
      var prediction = first
      for _ in 0..<columns {
        guard let difference = differences.read(&local, entries) else { return false }
        let sample = Container(truncatingIfNeeded: prediction &+ difference)
        line[offset] = sample
        a = Int(sample)
        let c = Int(above[offset])
        offset &+= stride
        // The sample after the last of a line is the next line's first, or past the end: the
        // prediction made from it would not be used.
        if offset < rowCount { prediction = predict(a, Int(above[offset]), c) }
      }
      return true
    }
  }

  /// Decodes a line of components that alternate.
  func decode(
    _ reader: inout JPEGBitReader, _ differences: [LosslessDifferences], at components: [Int],
    by predictor: LosslessPredictor
  ) -> Bool {
    for column in 0..<columns {
      for position in 0..<components.count {
        let sample = start + (column * stride + components[position])
        let prediction: Int
        if column == 0 {
          prediction = first ?? Int(sample[-rowCount])
        } else if first != nil {
          prediction = Int(sample[-stride])
        } else {
          prediction = predictor(
            Int(sample[-stride]), Int(sample[-rowCount]), Int(sample[-rowCount - stride]))
        }
        let difference = differences[position].entries.withUnsafeBufferPointer { entries in
          entries.baseAddress.flatMap { differences[position].read(&reader, $0) }
        }
        guard let difference else { return false }
        sample.pointee = Container(truncatingIfNeeded: prediction &+ difference)
      }
    }
    return true
  }
}

extension LosslessDifferences {
  /// Reads a difference; `nil` where the data hold a code that does not exist.
  ///
  /// - Parameters:
  ///   - reader: Advances by a code and the bits of its category, 32 at most.
  ///   - entries: The first of `self.entries`, which a window of 12 bits cannot leave.
  @inline(__always)
  func read(_ reader: inout JPEGBitReader, _ entries: UnsafePointer<UInt32>) -> Int? {
    if reader.count < 32 { reader.refill() }
    let entry = entries[Int(truncatingIfNeeded: reader.bits &>> 52)]
    if entry == 0 { return readSlowly(&reader) }
    reader.skip(Int(truncatingIfNeeded: entry & 63))
    let category = Int(truncatingIfNeeded: entry &>> 8) & 31
    if category != 0 { return Self.extended(reader.take(category), category) }
    return Int(truncatingIfNeeded: Int16(truncatingIfNeeded: entry &>> 16))
  }
}

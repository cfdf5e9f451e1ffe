/// The inverse wavelet transforms, 5/3 in integers and 9/7 in floating point.
///
/// T.800 Annex F.
///
/// Coefficients lie as the sub-bands are drawn: the lower resolution in the top left corner, low
/// pass before high pass in each direction.
enum Wavelet {
  /// Low-pass and high-pass counts of one direction, and how they neighbour each other.
  struct Direction {
    let low: Int
    let high: Int
    /// True where the first sample is high-pass: the coordinate is odd.
    let beginsHigh: Bool

    init(from start: Int, to end: Int) {
      low = ((end + 1) >> 1) - ((start + 1) >> 1)
      high = (end >> 1) - (start >> 1)
      beginsHigh = start & 1 == 1
    }

    var count: Int { low + high }

    /// The place of a low-pass or high-pass sample among all.
    func place(_ index: Int, isHigh: Bool) -> Int { 2 * index + (isHigh == beginsHigh ? 0 : 1) }
  }

  /// A lifting step: every sample of one half changes by its neighbours of the other.
  ///
  /// - Parameters:
  ///   - target: Samples of `count`, `stride` apart, `width` side by side.
  ///   - others: The other half, `otherCount`, laid out alike.
  ///   - offset: -1 where the neighbours of sample n are n - 1 and n, 0 where n and n + 1.
  @inline(__always)
  private static func lift<Value>(
    _ target: UnsafeMutablePointer<Value>, count: Int, by others: UnsafeMutablePointer<Value>,
    otherCount: Int, offset: Int, stride: Int, width: Int,
    _ step: (_ value: Value, _ before: Value, _ after: Value) -> Value
  ) {
    guard otherCount > 0 else { return }
    if width == 1, stride == 1 {
      @inline(__always) func update(_ index: Int) {
        let before = others[max(0, min(otherCount &- 1, index &+ offset))]
        let after = others[max(0, min(otherCount &- 1, index &+ offset &+ 1))]
        target[index] = step(target[index], before, after)
      }
      // The middle, where no index has to be held within bounds, is what becomes vectors.
      let first = min(count, max(0, -offset))
      let last = max(first, min(count, otherCount &- offset &- 1))
      for index in 0..<first { update(index) }
      let shifted = others + offset
      for index in first..<last {
        target[index] = step(target[index], shifted[index], shifted[index &+ 1])
      }
      for index in last..<count { update(index) }
      return
    }
    for index in 0..<count {
      let row = target + index &* stride
      let before = others + max(0, min(otherCount &- 1, index &+ offset)) &* stride
      let after = others + max(0, min(otherCount &- 1, index &+ offset &+ 1)) &* stride
      for column in 0..<width { row[column] = step(row[column], before[column], after[column]) }
    }
  }

  /// Reverses one level in one direction, in place: halves stay apart.
  ///
  /// T.800 F.3.8.
  private static func reverse(
    _ values: UnsafeMutablePointer<Int32>, _ direction: Direction, stride: Int, width: Int
  ) {
    let high = values + direction.low * stride
    if direction.count == 1 {
      if direction.beginsHigh { for column in 0..<width { high[column] &>>= 1 } }
      return
    }
    lift(
      values, count: direction.low, by: high, otherCount: direction.high,
      offset: direction.beginsHigh ? 0 : -1, stride: stride, width: width
    ) { $0 &- (($1 &+ $2 &+ 2) &>> 2) }
    lift(
      high, count: direction.high, by: values, otherCount: direction.low,
      offset: direction.beginsHigh ? -1 : 0, stride: stride, width: width
    ) { $0 &+ (($1 &+ $2) &>> 1) }
  }

  /// The same by the 9/7 filters.
  ///
  /// T.800 F.3.8.2, Table F.4.
  private static func reverse(
    _ values: UnsafeMutablePointer<Float>, _ direction: Direction, stride: Int, width: Int
  ) {
    let high = values + direction.low * stride
    if direction.count == 1 {
      if direction.beginsHigh { for column in 0..<width { high[column] *= 0.5 } }
      return
    }
    let scale: Float = 1.230174104914001
    for index in 0..<direction.low {
      for column in 0..<width { values[index &* stride &+ column] *= scale }
    }
    for index in 0..<direction.high {
      for column in 0..<width { high[index &* stride &+ column] *= 1 / scale }
    }
    let lowOffset = direction.beginsHigh ? 0 : -1
    let highOffset = direction.beginsHigh ? -1 : 0
    for (isHigh, factor) in [
      (false, 0.443506852043971), (true, 0.882911075530934), (false, -0.052980118572961),
      (true, -1.586134342059924),
    ] as [(Bool, Float)] {
      if isHigh {
        lift(
          high, count: direction.high, by: values, otherCount: direction.low, offset: highOffset,
          stride: stride, width: width
        ) { $0 - factor * ($1 + $2) }
      } else {
        lift(
          values, count: direction.low, by: high, otherCount: direction.high, offset: lowOffset,
          stride: stride, width: width
        ) { $0 - factor * ($1 + $2) }
      }
    }
  }

  /// Reverses all levels of a tile-component.
  ///
  /// T.800 F.3.1.
  static func reverse(_ values: inout [Int32], _ component: TileComponent) {
    reverseLevels(&values, component) { Self.reverse($0, $1, stride: $2, width: $3) }
  }

  static func reverse(_ values: inout [Float], _ component: TileComponent) {
    reverseLevels(&values, component) { Self.reverse($0, $1, stride: $2, width: $3) }
  }

  @inline(__always)
  private static func reverseLevels<Value>(
    _ values: inout [Value], _ component: TileComponent,
    _ reverse: (UnsafeMutablePointer<Value>, Direction, Int, Int) -> Void
  ) {
    let stride = component.area.width
    guard component.resolutions.count > 1, !component.area.isEmpty else { return }
    var copy = values
    values.withUnsafeMutableBufferPointer { values in
      copy.withUnsafeMutableBufferPointer { copy in
        guard let values = values.baseAddress, let copy = copy.baseAddress else { return }
        for resolution in component.resolutions.dropFirst() where !resolution.area.isEmpty {
          let area = resolution.area
          let across = Direction(from: area.x0, to: area.x1)
          let down = Direction(from: area.y0, to: area.y1)
          // Rows first, T.800 F.3.2; each is put in order on its way into the copy.
          for row in 0..<down.count {
            let line = values + row &* stride
            reverse(line, across, 1, 1)
            let target = copy + row &* stride
            interleave(line, across, into: target)
          }
          reverse(copy, down, stride, across.count)
          for index in 0..<down.low {
            let row = down.place(index, isHigh: false)
            (values + row &* stride).update(from: copy + index &* stride, count: across.count)
          }
          for index in 0..<down.high {
            let row = down.place(index, isHigh: true)
            (values + row &* stride).update(
              from: copy + (down.low &+ index) &* stride, count: across.count)
          }
        }
      }
    }
  }

  @inline(__always)
  private static func interleave<Value>(
    _ line: UnsafeMutablePointer<Value>, _ direction: Direction,
    into target: UnsafeMutablePointer<Value>
  ) {
    let lows = target + (direction.beginsHigh ? 1 : 0)
    for index in 0..<direction.low { lows[2 &* index] = line[index] }
    let highs = target + (direction.beginsHigh ? 0 : 1)
    let high = line + direction.low
    for index in 0..<direction.high { highs[2 &* index] = high[index] }
  }
}

/// Decodes the lines of a JPEG-LS scan.
///
/// T.87 A.3 to A.7, B.
struct JPEGLSLines {
  var reader: JPEGLSBitReader
  let state: JPEGLSState
  let columns: Int
  /// One index for each component of line-interleaved scans.
  var runIndices: [Int]

  /// Decodes a line of one component.
  ///
  /// - Parameters:
  ///   - above: The line above: `columns` samples between a margin of one on either side.
  ///   - line: The line to fill, laid out alike.
  ///   - component: Which run index counts.
  /// - Returns: False where the data hold an impossible code.
  mutating func decodeLine(
    above: UnsafeMutablePointer<Int32>, line: UnsafeMutablePointer<Int32>, component: Int
  ) -> Bool {
    let parameters = state.parameters
    let t3 = parameters.threshold3
    let tolerance = parameters.tolerance
    above[columns + 1] = above[columns]
    line[0] = above[1]
    var reader = self.reader
    defer { self.reader = reader }
    let state = state
    @inline(__always) func quantised(_ gradient: Int) -> Int {
      Int(state.gradients[max(-t3, min(t3, gradient))])
    }
    var column = 1
    while column <= columns {
      let a = Int(line[column &- 1])
      let b = Int(above[column])
      let c = Int(above[column &- 1])
      let d = Int(above[column &+ 1])
      let context =
        81 &* quantised(d &- b) &+ 9 &* quantised(b &- c) &+ quantised(c &- a)
      if context != 0 {
        guard let sample = state.regular(&reader, quantised: context, a, b, c) else {
          return false
        }
        line[column] = Int32(truncatingIfNeeded: sample)
        column &+= 1
        continue
      }
      let length = run(&reader, left: columns &+ 1 &- column, component: component)
      for index in column..<column &+ length { line[index] = Int32(truncatingIfNeeded: a) }
      column &+= length
      if column > columns { break }
      let above = Int(above[column])
      guard
        let sample = state.interruption(
          &reader, runBits: JPEGLSState.runBits[runIndices[component]],
          isAlike: abs(a &- above) <= tolerance, a, above)
      else { return false }
      line[column] = Int32(truncatingIfNeeded: sample)
      column &+= 1
      if runIndices[component] > 0 { runIndices[component] &-= 1 }
    }
    return true
  }

  /// Reads the length of a run, `left` at most: as long as that, the line ends with it.
  ///
  /// T.87 A.7.1.
  private mutating func run(
    _ reader: inout JPEGLSBitReader, left: Int, component: Int
  ) -> Int {
    var length = 0
    var index = runIndices[component]
    while reader.take(1) == 1 {
      let count = 1 &<< JPEGLSState.runBits[index]
      let fitting = min(count, left &- length)
      length &+= fitting
      if fitting == count, index < 31 { index &+= 1 }
      if length == left {
        runIndices[component] = index
        return length
      }
    }
    runIndices[component] = index
    length &+= reader.take(JPEGLSState.runBits[index])
    // A length that passes the end of the line is damage; the scan ends where its bits do.
    return min(length, left)
  }

  /// Decodes a line of components that alternate sample by sample.
  ///
  /// T.87 B.2.
  ///
  /// - Parameters:
  ///   - above: For each component the line above, with margins.
  ///   - lines: For each component the line to fill.
  mutating func decodeSamples(
    above: [UnsafeMutablePointer<Int32>], lines: [UnsafeMutablePointer<Int32>]
  ) -> Bool {
    let t3 = state.parameters.threshold3
    for (above, line) in zip(above, lines) {
      above[columns + 1] = above[columns]
      line[0] = above[1]
    }
    var contexts = [Int](repeating: 0, count: lines.count)
    var reader = self.reader
    defer { self.reader = reader }
    var column = 1
    while column <= columns {
      var isRun = true
      for component in lines.indices {
        let a = Int(lines[component][column - 1])
        let b = Int(above[component][column])
        let c = Int(above[component][column - 1])
        let d = Int(above[component][column + 1])
        let steps = [d - b, b - c, c - a].map { Int(state.gradients[max(-t3, min(t3, $0))]) }
        contexts[component] = 81 * steps[0] + 9 * steps[1] + steps[2]
        if contexts[component] != 0 { isRun = false }
      }
      if isRun {
        let length = run(&reader, left: columns + 1 - column, component: 0)
        for line in lines {
          for index in column..<column + length { line[index] = line[column - 1] }
        }
        column += length
        if column > columns { break }
        for component in lines.indices {
          let a = Int(lines[component][column - 1])
          let b = Int(above[component][column])
          guard
            let sample = state.interruption(
              &reader, runBits: JPEGLSState.runBits[runIndices[0]], isAlike: false, a, b)
          else { return false }
          lines[component][column] = Int32(truncatingIfNeeded: sample)
        }
        if runIndices[0] > 0 { runIndices[0] -= 1 }
      } else {
        for component in lines.indices {
          let a = Int(lines[component][column - 1])
          let b = Int(above[component][column])
          let c = Int(above[component][column - 1])
          guard
            let sample = state.regular(&reader, quantised: contexts[component], a, b, c)
          else { return false }
          lines[component][column] = Int32(truncatingIfNeeded: sample)
        }
      }
      column += 1
    }
    return true
  }
}

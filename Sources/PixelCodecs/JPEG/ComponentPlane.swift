/// One component of a sequential frame at its own resolution, in whole blocks.
///
/// T.81 A.1.1.
struct ComponentPlane {
  /// Samples that belong to the image; the rest fills the last blocks.
  let columns: Int
  let rows: Int
  /// Samples from one row to the next.
  let stride: Int
  /// How many pixels of the image a sample covers.
  let horizontalStep: Int
  let verticalStep: Int
  var samples: [UInt16]

  /// Blocks of a scan that holds this component alone.
  var blockColumns: Int { (columns + 7) / 8 }
  var blockRows: Int { (rows + 7) / 8 }

  /// The line of the image's resolution at `row`, written to every `step`-th place of `output`.
  ///
  /// Where two pixels share a sample, it counts three quarters and its nearer neighbour one, as
  /// the usual decoders do; larger steps repeat the sample.
  func line(_ row: Int, width: Int, into output: UnsafeMutablePointer<UInt16>) {
    samples.withUnsafeBufferPointer { samples in
      guard let base = samples.baseAddress else { return }
      switch (horizontalStep, verticalStep) {
      case (1, 1):
        let line = base + row * stride
        for column in 0..<width { output[column] = line[column] }
      case (2, 1) where columns > 2:
        let line = base + row * stride
        for column in 0..<width {
          let sample = Int(line[column >> 1])
          let other = (column >> 1) + (column & 1 == 0 ? -1 : 1)
          output[column] =
            0..<columns ~= other
            ? UInt16((3 * sample + Int(line[other]) + 1 + (column & 1)) >> 2) : UInt16(sample)
        }
      case (1, 2):
        let line = base + (row >> 1) * stride
        let near = base + neighbour(of: row) * stride
        let bias = row & 1 == 0 ? 1 : 2
        for column in 0..<width {
          output[column] = UInt16((3 * Int(line[column]) + Int(near[column]) + bias) >> 2)
        }
      case (2, 2) where columns > 2:
        let line = base + (row >> 1) * stride
        let near = base + neighbour(of: row) * stride
        for column in 0..<width {
          let index = column >> 1
          let this = 3 * Int(line[index]) + Int(near[index])
          let other = index + (column & 1 == 0 ? -1 : 1)
          let bias = column & 1 == 0 ? 8 : 7
          let sum =
            0..<columns ~= other
            ? 3 * this + 3 * Int(line[other]) + Int(near[other]) : 4 * this
          output[column] = UInt16((sum + bias) >> 4)
        }
      default:
        let line = base + (row / verticalStep) * stride
        for column in 0..<width { output[column] = line[column / horizontalStep] }
      }
    }
  }

  /// The row of samples that is second nearest to a row of the image, within the image.
  private func neighbour(of row: Int) -> Int {
    max(0, min(rows - 1, (row >> 1) + (row & 1 == 0 ? -1 : 1)))
  }
}

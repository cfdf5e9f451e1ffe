/// What the owner of the compressed bytes says that they hold: the bound of every allocation.
///
/// A decoder compares what its code stream declares with this before it allocates anything.
package struct ImageShape: Hashable, Sendable {
  /// Count of rows, 1 to 65535.
  package let rows: Int
  /// Count of columns, 1 to 65535.
  package let columns: Int
  /// Samples for each pixel, 1 to 255; 1 is a grey image, 3 a coloured one.
  package let components: Int
  /// Bits that a sample may fill, 1 to 32: never fewer than the code stream's precision.
  package let bitsAllocated: Int

  /// `nil` where a number is outside what an image of PS3.3 C.7.6.3 can have.
  package init?(rows: Int, columns: Int, components: Int, bitsAllocated: Int) {
    guard 1...65535 ~= rows, 1...65535 ~= columns, 1...255 ~= components, 1...32 ~= bitsAllocated
    else { return nil }
    self.rows = rows
    self.columns = columns
    self.components = components
    self.bitsAllocated = bitsAllocated
  }

  /// Count of pixels, below 2^32.
  package var pixelCount: Int { rows * columns }

  /// Count of samples, below 2^40.
  package var sampleCount: Int { pixelCount * components }
}

extension ImageShape: CustomStringConvertible {
  package var description: String {
    "\(rows) rows x \(columns) columns x \(components) of \(bitsAllocated) bits"
  }
}

/// A picture of 8-bit samples as PNG files hold it.
///
/// ISO/IEC 15948. Samples lie row by row from the top left, `color.channels` for each pixel.
package struct PNGImage: Equatable, Sendable {
  /// What the samples of a pixel mean.
  package enum Color: UInt8, Sendable {
    case grey = 0
    case rgb = 2
    case rgba = 6

    package var channels: Int {
      switch self {
      case .grey: 1
      case .rgb: 3
      case .rgba: 4
      }
    }
  }

  package let rows: Int
  package let columns: Int
  package let color: Color
  /// `rows * columns * color.channels` values.
  package let samples: [UInt8]

  /// The longest side that is read or written.
  package static let longestSide = 65_535

  /// Makes a picture; the samples must be as many as the size says.
  package init(rows: Int, columns: Int, color: Color, samples: [UInt8]) {
    precondition(
      (1...Self.longestSide).contains(rows) && (1...Self.longestSide).contains(columns),
      "a picture has between 1 and 65535 rows and columns")
    precondition(samples.count == rows * columns * color.channels, "one sample per channel")
    self.rows = rows
    self.columns = columns
    self.color = color
    self.samples = samples
  }

  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
}

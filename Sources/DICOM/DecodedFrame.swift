/// One frame's pixels, and what they are after decompression.
package struct DecodedFrame: Hashable, Sendable {
  /// `rows * columns * samplesPerPixel` samples, little endian, as ``description`` says.
  package let bytes: [UInt8]
  /// The file's description, put right where reading changed something: colours come out as RGB,
  /// pixel by pixel.
  package let description: PixelDescription
  /// Whether the frame was compressed in a way that changes samples.
  package let isLossy: Bool
}

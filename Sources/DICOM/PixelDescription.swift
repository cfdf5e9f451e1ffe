/// What Pixel Data (7FE0,0010) hold: the Image Pixel module.
///
/// PS3.3 C.7.6.3.
package struct PixelDescription: Hashable, Sendable {
  package let rows: Int
  package let columns: Int
  package let frames: Int
  package let samplesPerPixel: Int
  package let photometricInterpretation: String
  package let bitsAllocated: Int
  package let bitsStored: Int
  package let highBit: Int
  package let isSigned: Bool
  /// Whether an RGB image has its colours in planes of their own.
  package let isPlanar: Bool

  package init(of dataSet: DataSet) throws(PixelError) {
    do {
      rows = try dataSet.requiredInteger(.rows)
      columns = try dataSet.requiredInteger(.columns)
      frames = try dataSet.integer(.numberOfFrames) ?? 1
      samplesPerPixel = try dataSet.integer(.samplesPerPixel) ?? 1
      photometricInterpretation = dataSet.string(.photometricInterpretation) ?? ""
      bitsAllocated = try dataSet.requiredInteger(.bitsAllocated)
      bitsStored = try dataSet.integer(.bitsStored) ?? bitsAllocated
      highBit = try dataSet.integer(.highBit) ?? bitsStored - 1
      isSigned = try dataSet.integer(.pixelRepresentation) == 1
      isPlanar = try dataSet.integer(.planarConfiguration) == 1
    } catch { throw .attribute(error) }
    guard (1...65535).contains(rows), (1...65535).contains(columns), frames >= 1,
      frames < 1 << 24, (1...4).contains(samplesPerPixel), [1, 8, 16, 32].contains(bitsAllocated),
      bitsStored >= 1, bitsStored <= bitsAllocated, highBit >= bitsStored - 1,
      highBit < bitsAllocated
    else {
      throw .format(
        "pixels of \(rows) x \(columns) x \(frames), \(samplesPerPixel) samples, \(bitsStored) of \(bitsAllocated) bits (high bit \(highBit)) are no image"
      )
    }
  }

  /// A description after decompression: pixel by pixel, in these colours.
  init(_ other: PixelDescription, photometricInterpretation: String) {
    rows = other.rows
    columns = other.columns
    frames = other.frames
    samplesPerPixel = other.samplesPerPixel
    self.photometricInterpretation = photometricInterpretation
    bitsAllocated = other.bitsAllocated
    bitsStored = other.bitsStored
    highBit = other.highBit
    isSigned = other.isSigned
    isPlanar = false
  }

  /// Bytes of one frame as native pixel data have them.
  package var bytesPerFrame: Int { (rows * columns * samplesPerPixel * bitsAllocated + 7) / 8 }
}

import PixelCodecs

/// Native pixels of several samples. PS3.3 C.7.6.3.1.
extension PixelDescription {
  /// A native frame: colours as RGB, pixel by pixel, whatever the order and the space they lie in.
  func arranged(_ bytes: [UInt8]) -> DecodedFrame {
    let unchanged = DecodedFrame(bytes: bytes, description: self, isLossy: false)
    guard samplesPerPixel == 3, bitsAllocated == 8 || bitsAllocated == 16 else { return unchanged }
    var samples = bytes
    if isHalved {
      guard bitsAllocated == 8, columns % 2 == 0 else { return unchanged }
      samples = Self.doubled(bytes)
    } else if isPlanar {
      samples = interleaved(bytes)
    }
    guard isYBR, bitsAllocated == 8 else {
      return DecodedFrame(
        bytes: samples,
        description: PixelDescription(self, photometricInterpretation: photometricInterpretation),
        isLossy: false)
    }
    let image = DecodedImage(
      rows: rows, columns: columns, components: 3, bitsPerSample: 8, isSigned: false,
      samples: .bytes(samples), color: .ybrFull, isLossy: false)
    if case .bytes(let converted) = image.convertedToRGB().samples { samples = converted }
    return DecodedFrame(
      bytes: samples, description: PixelDescription(self, photometricInterpretation: "RGB"),
      isLossy: false)
  }

  private var isYBR: Bool { photometricInterpretation == "YBR_FULL" || isHalved }

  /// Two luminances and their one pair of chrominances, as two whole pixels.
  private static func doubled(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count / 4 * 6)
    for start in stride(from: 0, to: bytes.count - 3, by: 4) {
      result += [bytes[start], bytes[start + 2], bytes[start + 3]]
      result += [bytes[start + 1], bytes[start + 2], bytes[start + 3]]
    }
    return result
  }

  /// Planes of one colour each, as pixels.
  private func interleaved(_ bytes: [UInt8]) -> [UInt8] {
    let width = bitsAllocated / 8
    let plane = rows * columns * width
    guard bytes.count >= 3 * plane else { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(3 * plane)
    for start in stride(from: 0, to: plane, by: width) {
      for sample in 0..<3 {
        result += bytes[sample * plane + start..<sample * plane + start + width]
      }
    }
    return result
  }
}

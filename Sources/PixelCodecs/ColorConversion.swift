extension DecodedImage {
  /// The image with its three components turned from YBR_FULL to RGB.
  ///
  /// PS3.3 C.7.6.3.1.2.
  ///
  /// Whether they are YBR_FULL is for the caller to know: `color` says what the code stream does,
  /// Photometric Interpretation what the data set does. Images of other than three unsigned
  /// components of 8 to 16 bits come back as they are.
  package func convertedToRGB() -> DecodedImage {
    guard components == 3, !isSigned else { return self }
    let converted: Samples
    switch samples {
    case .bytes(let array): converted = .bytes(Self.rgb(array, bitsPerSample))
    case .words(let array): converted = .words(Self.rgb(array, bitsPerSample))
    case .longs: return self
    }
    return DecodedImage(
      rows: rows, columns: columns, components: 3, bitsPerSample: bitsPerSample, isSigned: false,
      samples: converted, color: .rgb, isLossy: isLossy)
  }

  /// ITU-R BT.601 in 16 bits behind the point, as the usual JPEG decoders round it.
  private static func rgb<Container: SampleContainer>(
    _ samples: [Container], _ bits: Int
  ) -> [Container] {
    var result = samples
    let middle = 1 << (bits - 1)
    let maximum = 1 << bits - 1
    let half = 1 << 15
    func bounded(_ value: Int) -> Container {
      Container(truncatingIfNeeded: max(0, min(maximum, value)))
    }
    for index in stride(from: 0, to: samples.count - 2, by: 3) {
      let y = Int(samples[index])
      let cb = Int(samples[index + 1]) - middle
      let cr = Int(samples[index + 2]) - middle
      result[index] = bounded(y + (91881 * cr + half) >> 16)
      result[index + 1] = bounded(y + (-22554 * cb - 46802 * cr + half) >> 16)
      result[index + 2] = bounded(y + (116130 * cb + half) >> 16)
    }
    return result
  }
}

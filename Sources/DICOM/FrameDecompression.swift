import PixelCodecs

/// From the bytes of one compressed frame to samples as the data set describes them.
enum FrameDecompression {
  /// The largest frame that is made without asking whether its bytes can hold it.
  private static let harmlessByteCount = 64 << 20
  /// How many times larger than its source a frame beyond that may be.
  private static let greatestExpansion = 1000

  static func decode(
    _ bytes: [UInt8], as description: PixelDescription, transferSyntax: TransferSyntax, frame: Int,
    keepsColors: Bool = false
  ) throws(PixelError) -> DecodedFrame {
    let size = description.bytesPerFrame
    // A few bytes may claim a frame of gigabytes.
    guard size <= harmlessByteCount || size / greatestExpansion <= bytes.count else {
      throw .compressed(
        frame: frame, reason: "\(bytes.count) bytes cannot hold an image of \(size) bytes")
    }
    // Native frames cut into fragments: some write them so under a native transfer syntax too.
    let isBare = transferSyntax.isNative && (size...size + 1).contains(bytes.count)
    if transferSyntax.holdsRawFrames || isBare {
      let raw: [UInt8]
      if transferSyntax == .deflatedImageFrame {
        do { raw = try Deflate.inflate(bytes[...]) } catch {
          throw .compressed(frame: frame, reason: "\(error)")
        }
      } else {
        raw = bytes
      }
      guard raw.count >= size else { throw .truncated(wanted: size, found: raw.count) }
      return DecodedFrame(
        bytes: Array(raw.prefix(size)), description: description, isLossy: false)
    }
    guard
      let shape = ImageShape(
        rows: description.rows, columns: description.columns,
        components: description.samplesPerPixel, bitsAllocated: description.bitsAllocated)
    else { throw .format("no image of \(description.rows) x \(description.columns)") }
    let image: DecodedImage
    do throws(CodecError) {
      let span = bytes.span.bytes
      image =
        transferSyntax == .rleLossless
        ? try RLE.decode(span, expecting: shape) : try PixelCodec.decode(span, expecting: shape)
    } catch {
      if case .unsupported = error { throw .unsupported(transferSyntax: transferSyntax) }
      throw .compressed(frame: frame, reason: "\(error)")
    }
    return try described(image, as: description, frame: frame, keepsColors: keepsColors)
  }

  /// Puts samples into words of the allocated size, colours into RGB unless they are kept.
  private static func described(
    _ image: DecodedImage, as description: PixelDescription, frame: Int, keepsColors: Bool
  ) throws(PixelError) -> DecodedFrame {
    guard image.rows == description.rows, image.columns == description.columns,
      image.components == description.samplesPerPixel
    else {
      throw .compressed(
        frame: frame,
        reason:
          "\(image.rows) x \(image.columns) x \(image.components) inside, \(description.rows) x \(description.columns) x \(description.samplesPerPixel) in the header; export the object again"
      )
    }
    var image = image
    var photometric = description.photometricInterpretation
    if description.samplesPerPixel == 3 {
      let isYBR = photometric == "YBR_FULL" || photometric == "YBR_FULL_422"
      let holdsYBR = image.color == .ybrFull || (image.color == .unspecified && isYBR)
      if holdsYBR, !keepsColors { image = image.convertedToRGB() }
      // What the JPEG 2000 transforms are called ends with them: PS3.5 8.2.4.
      if holdsYBR, keepsColors {
        photometric = "YBR_FULL"
      } else if isYBR || photometric.hasPrefix("YBR_RCT") || photometric.hasPrefix("YBR_ICT") {
        photometric = "RGB"
      }
    }
    let bytes = try words(of: image, as: description, frame: frame)
    return DecodedFrame(
      bytes: bytes,
      description: PixelDescription(description, photometricInterpretation: photometric),
      isLossy: image.isLossy)
  }

  private static func words(
    of image: DecodedImage, as description: PixelDescription, frame: Int
  ) throws(PixelError) -> [UInt8] {
    let size = description.bitsAllocated / 8
    let isWholeWord = image.bitsPerSample == description.bitsAllocated
    // Signed samples of fewer bits than are stored keep their sign; code streams of the JPEG
    // family hold bit patterns and know of no sign.
    let isNarrow = image.bitsPerSample < description.bitsStored
    let signBit = UInt32(1) << UInt32(max(0, min(31, image.bitsPerSample - 1)))
    let extends = description.isSigned && isNarrow
    // The decoder gives the lowest bits; a high bit elsewhere says where they are looked for.
    let shift = isWholeWord ? 0 : UInt32(description.highBit + 1 - description.bitsStored)
    if !extends, shift == 0 {
      switch (image.samples, size) {
      case (.bytes(let samples), 1): return samples
      case (.words, 2), (.longs, 4): return image.samples.littleEndianBytes
      default: break
      }
    }
    guard size >= 1 else {
      throw .compressed(frame: frame, reason: "single bits are not compressed this way")
    }
    func word(_ sample: UInt32) -> UInt32 {
      let whole = extends && sample & signBit != 0 ? sample | ~(signBit &* 2 &- 1) : sample
      return whole &<< shift
    }
    // Whatever the decoder kept the samples in, the words are of the allocated size.
    func written<Kept>(_ samples: [Kept], _ value: (Kept) -> UInt32) -> [UInt8] {
      switch size {
      case 1: samples.map { UInt8(truncatingIfNeeded: word(value($0))) }
      case 2:
        Samples.words(samples.map { UInt16(truncatingIfNeeded: word(value($0))) })
          .littleEndianBytes
      default: Samples.longs(samples.map { word(value($0)) }).littleEndianBytes
      }
    }
    let isSigned = image.isSigned
    switch image.samples {
    case .bytes(let samples):
      return written(samples) {
        isSigned ? UInt32(bitPattern: Int32(Int8(bitPattern: $0))) : UInt32($0)
      }
    case .words(let samples):
      return written(samples) {
        isSigned ? UInt32(bitPattern: Int32(Int16(bitPattern: $0))) : UInt32($0)
      }
    case .longs(let samples): return written(samples) { $0 }
    }
  }
}

/// The samples of one frame, pixel by pixel from the top left, as its code stream holds them.
package struct DecodedImage: Equatable, Sendable {
  package let rows: Int
  package let columns: Int
  /// Samples for each pixel; they lie side by side, the first component first.
  package let components: Int
  /// Bits of a sample that the code stream declares: 8 in a byte, up to 16 in a word.
  package let bitsPerSample: Int
  /// True where the code stream itself says that samples are signed (JPEG 2000 only).
  ///
  /// The JPEG family carries signed pixels as bit patterns modulo 2^bitsPerSample and does not know
  /// their sign: the owner of the bytes extends it. PS3.5 8.2.1.
  package let isSigned: Bool
  /// `rows * columns * components` samples; signed ones are sign-extended to their container.
  package let samples: Samples
  /// What the components are.
  package let color: Color
  /// True where the code stream was made by a process that changes samples.
  package let isLossy: Bool

  /// - Parameter samples: `rows * columns * components` of them.
  package init(
    rows: Int, columns: Int, components: Int, bitsPerSample: Int, isSigned: Bool, samples: Samples,
    color: Color, isLossy: Bool
  ) {
    self.rows = rows
    self.columns = columns
    self.components = components
    self.bitsPerSample = bitsPerSample
    self.isSigned = isSigned
    self.samples = samples
    self.color = color
    self.isLossy = isLossy
  }

  /// What the code stream knows about the meaning of its components.
  package enum Color: Hashable, Sendable {
    /// It says nothing: ask the owner of the bytes.
    case unspecified
    /// Red, green, blue; also where the decoder undid the code stream's own transform.
    case rgb
    /// Luminance and two chrominances, ITU-R BT.601 full range.
    case ybrFull
  }

  /// The value of a sample, with its sign where the code stream has one.
  package func value(at index: Int) -> Int {
    switch samples {
    case .bytes(let array): isSigned ? Int(Int8(bitPattern: array[index])) : Int(array[index])
    case .words(let array): isSigned ? Int(Int16(bitPattern: array[index])) : Int(array[index])
    case .longs(let array): isSigned ? Int(Int32(bitPattern: array[index])) : Int(array[index])
    }
  }
}

/// Samples in the narrowest container that holds them: a byte, 16 bits or 32 bits.
package enum Samples: Equatable, Sendable {
  case bytes([UInt8])
  case words([UInt16])
  case longs([UInt32])

  package var count: Int {
    switch self {
    case .bytes(let array): array.count
    case .words(let array): array.count
    case .longs(let array): array.count
    }
  }

  /// The samples one after the other, least significant byte first.
  package var littleEndianBytes: [UInt8] {
    switch self {
    case .bytes(let array): array
    case .words(let array): Self.littleEndianBytes(of: array)
    case .longs(let array): Self.littleEndianBytes(of: array)
    }
  }

  private static func littleEndianBytes<Word: FixedWidthInteger & BitwiseCopyable>(
    of words: [Word]
  ) -> [UInt8] {
    let size = MemoryLayout<Word>.size
    return [UInt8](unsafeUninitializedCapacity: words.count * size) { output, filled in
      let target = UnsafeMutableRawBufferPointer(output)
      for (index, word) in words.enumerated() {
        target.storeBytes(of: word.littleEndian, toByteOffset: index &* size, as: Word.self)
      }
      filled = words.count * size
    }
  }
}

/// An unsigned integer that samples are kept in.
protocol SampleContainer: FixedWidthInteger, UnsignedInteger, BitwiseCopyable {
  static func samples(_ array: [Self]) -> Samples
}

extension UInt8: SampleContainer {
  static func samples(_ array: [UInt8]) -> Samples { .bytes(array) }
}

extension UInt16: SampleContainer {
  static func samples(_ array: [UInt16]) -> Samples { .words(array) }
}

extension UInt32: SampleContainer {
  static func samples(_ array: [UInt32]) -> Samples { .longs(array) }
}

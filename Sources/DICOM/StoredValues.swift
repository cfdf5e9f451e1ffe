/// Stored values of a frame, out of their bytes.
///
/// PS3.5 8.1.
package enum StoredValues {
  /// The values of a one-sample frame, row by row from the top left, sign extended.
  ///
  /// - Throws: for values of 2^31 and above, which only ``counts(_:of:into:)`` gives.
  package static func signed(
    _ bytes: [UInt8], of description: PixelDescription
  ) throws(PixelError) -> [Int32] {
    let count = description.rows * description.columns * description.samplesPerPixel
    guard bytes.count >= description.bytesPerFrame else {
      throw .truncated(wanted: description.bytesPerFrame, found: bytes.count)
    }
    let up = Int32(32 - description.highBit - 1)
    let down = Int32(32 - description.bitsStored)
    let isSigned = description.isSigned
    switch description.bitsAllocated {
    case 8:
      return [Int32](unsafeUninitializedCapacity: count) { output, filled in
        for index in 0..<count {
          let raw = Int32(bytes[index])
          output[index] =
            isSigned
            ? (raw << up) >> down : Int32(bitPattern: UInt32(bitPattern: raw << up) >> UInt32(down))
        }
        filled = count
      }
    case 16:
      return bytes.withUnsafeBytes { source in
        [Int32](unsafeUninitializedCapacity: count) { output, filled in
          for index in 0..<count {
            let raw = Int32(
              UInt16(littleEndian: source.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))
            )
            output[index] =
              isSigned
              ? (raw << up) >> down
              : Int32(bitPattern: UInt32(bitPattern: raw << up) >> UInt32(down))
          }
          filled = count
        }
      }
    case 32:
      let values = bytes.withUnsafeBytes { source in
        [Int32](unsafeUninitializedCapacity: count) { output, filled in
          for index in 0..<count {
            let raw = Int32(
              littleEndian: source.loadUnaligned(fromByteOffset: index * 4, as: Int32.self))
            output[index] =
              isSigned
              ? (raw << up) >> down
              : Int32(bitPattern: UInt32(bitPattern: raw << up) >> UInt32(down))
          }
          filled = count
        }
      }
      guard isSigned || description.bitsStored < 32 || values.allSatisfy({ $0 >= 0 }) else {
        throw .format("unsigned pixels of 2^31 and more are no image of a scan")
      }
      return values
    default:
      return (0..<count).map { Int32((bytes[$0 >> 3] >> UInt8($0 & 7)) & 1) }
    }
  }

  /// The unsigned counts of a dose frame of 16 or 32 bits, row by row.
  ///
  /// PS3.3 C.8.8.3.4.
  package static func counts(
    _ bytes: [UInt8], of description: PixelDescription, into counts: inout [UInt32]
  ) throws(PixelError) {
    let count = description.rows * description.columns
    guard bytes.count >= description.bytesPerFrame else {
      throw .truncated(wanted: description.bytesPerFrame, found: bytes.count)
    }
    let up = UInt32(32 - description.highBit - 1)
    let down = UInt32(32 - description.bitsStored)
    bytes.withUnsafeBytes { source in
      switch description.bitsAllocated {
      case 16:
        for index in 0..<count {
          let raw = UInt32(
            UInt16(littleEndian: source.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self)))
          counts.append((raw << up) >> down)
        }
      default:
        for index in 0..<count {
          let raw = UInt32(
            littleEndian: source.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
          counts.append((raw << up) >> down)
        }
      }
    }
  }
}

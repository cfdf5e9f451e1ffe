import PixelCodecs

/// Packs single frames: RLE Lossless.
package enum FrameCompression {
  /// The fragment of one frame, of even length.
  ///
  /// PS3.5 annex G. The same samples always give the same bytes.
  ///
  /// - Parameter samples: one byte each, pixel by pixel.
  package static func rle(
    _ samples: [UInt8], rows: Int, columns: Int, samplesPerPixel: Int, bitsAllocated: Int = 8
  ) throws(PixelError) -> [UInt8] {
    guard
      let shape = ImageShape(
        rows: rows, columns: columns, components: samplesPerPixel, bitsAllocated: bitsAllocated)
    else { throw .format("no image of \(rows) x \(columns)") }
    do throws(CodecError) {
      return try RLE.encode(samples.span.bytes, shape: shape)
    } catch { throw .compressed(frame: 0, reason: "\(error)") }
  }
}

extension DataSet {
  /// The data set with its native pixel data packed frame by frame: RLE Lossless.
  ///
  /// PS3.5 8.2.2 and annex G. Write it with ``TransferSyntax/rleLossless``.
  ///
  /// - Throws: where pixel data are missing, compressed, or shorter than the header says.
  package func compressedWithRLE() throws(PixelError) -> DataSet {
    let description = try PixelDescription(of: self)
    guard let bytes = self[.pixelData]?.bytes, !bytes.isEmpty else { throw .missing }
    let size = description.bytesPerFrame
    guard
      let shape = ImageShape(
        rows: description.rows, columns: description.columns,
        components: description.samplesPerPixel, bitsAllocated: description.bitsAllocated),
      !description.isPlanar
    else { throw .format("only grey images and colours by pixel are packed") }
    guard bytes.count / size >= description.frames else {
      throw .truncated(wanted: description.paddedByteCount, found: bytes.count)
    }
    var offsets: [UInt8] = []
    var fragments: [ArraySlice<UInt8>] = []
    var offset = 0
    for frame in 0..<description.frames {
      let start = bytes.startIndex + frame * size
      let samples = Array(bytes[start..<start + size])
      let fragment: [UInt8]
      do throws(CodecError) {
        fragment = try RLE.encode(samples.span.bytes, shape: shape)
      } catch { throw .compressed(frame: frame, reason: "\(error)") }
      fragments.append(fragment[...])
      guard let place = UInt32(exactly: offset) else {
        throw .format("more than 4 GB of compressed pixels")
      }
      for shift in stride(from: UInt32(0), to: 32, by: 8) {
        offsets.append(UInt8(truncatingIfNeeded: place >> shift))
      }
      offset += 8 + fragment.count
    }
    var result = self
    result.set(
      Element(tag: .pixelData, vr: .OB, value: .fragments(offsetTable: offsets[...], fragments)))
    return result
  }
}

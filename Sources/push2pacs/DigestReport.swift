import DICOM
import Digest

/// The digests of a file's decoded frames, for comparing decoders with other toolkits.
enum DigestReport {
  /// SHA-256 of each frame's stored values: samples of at most 8 bits as bytes, wider ones as 16 or
  /// 32 bits little endian, sign extended; colours as RGB, pixel by pixel.
  static func digests(of file: DICOMFile) throws(FileError) -> [String] {
    let description: PixelDescription
    do { description = try PixelDescription(of: file.dataSet) } catch {
      throw .pixels(path: file.path, error)
    }
    let reader = try FrameReader(file, description: description)
    var digests: [String] = []
    for index in 0..<description.frames {
      let frame = try reader.frame(index)
      do {
        digests.append(SHA256.hex(try bytes(of: frame)))
      } catch { throw .pixels(path: file.path, error) }
    }
    return digests
  }

  private static func bytes(of frame: DecodedFrame) throws(PixelError) -> [UInt8] {
    let description = frame.description
    let count = description.rows * description.columns * description.samplesPerPixel
    if description.bitsAllocated == 32, !description.isSigned {
      return Array(frame.bytes.prefix(count * 4))
    }
    // Values that fill their words are the bytes themselves.
    if description.bitsStored == description.bitsAllocated, description.bitsAllocated >= 8,
      frame.bytes.count == count * (description.bitsAllocated / 8)
    {
      return frame.bytes
    }
    let values = try StoredValues.signed(frame.bytes, of: description)
    let width = description.bitsAllocated <= 8 ? 1 : description.bitsAllocated / 8
    var bytes = [UInt8](repeating: 0, count: values.count * width)
    for (index, value) in values.enumerated() {
      for byte in 0..<width {
        bytes[index * width + byte] = UInt8(truncatingIfNeeded: value >> Int32(8 * byte))
      }
    }
    return bytes
  }
}

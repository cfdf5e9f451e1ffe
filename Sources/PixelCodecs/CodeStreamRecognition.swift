extension PixelCodec {
  /// The code stream that the bytes begin with; `nil` where it is none that DICOM names.
  ///
  /// RLE has no signature and is never the answer.
  package static func recognise(_ bytes: RawSpan) -> PixelCodec? {
    bytes.withUnsafeBytes { buffer in
      if buffer.starts(with: [0xFF, 0xD8]) { return jpegProcess(buffer) }
      if buffer.starts(with: [0xFF, 0x4F, 0xFF, 0x51]) { return .jpeg2000 }
      if buffer.starts(with: [0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20]) { return .jpeg2000 }
      if buffer.starts(with: [0xFF, 0x0A]) { return .jpegXL }
      if buffer.starts(with: [0x00, 0x00, 0x00, 0x0C, 0x4A, 0x58, 0x4C, 0x20]) { return .jpegXL }
      if buffer.starts(with: [0x00, 0x00, 0x01, 0xB3]) { return .mpeg2 }
      if buffer.starts(with: [0x00, 0x00, 0x01, 0xBA]) { return .mpeg2 }
      if buffer.starts(with: [0x00, 0x00, 0x00, 0x01]) { return .mpeg4 }
      if buffer.dropFirst(4).starts(with: [0x66, 0x74, 0x79, 0x70]) { return .mpeg4 }
      return nil
    }
  }

  /// Walks over marker segments to the first frame header.
  ///
  /// T.81 B.2, T.87 C.
  private static func jpegProcess(_ buffer: UnsafeRawBufferPointer) -> PixelCodec {
    var offset = 2
    while offset + 4 <= buffer.count {
      guard buffer[offset] == 0xFF else { return .jpeg }
      switch buffer[offset + 1] {
      case 0xFF:
        offset += 1
        continue
      case 0xF7: return .jpegLS
      case 0xC3: return .jpegLossless
      case 0xC0...0xC2, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF: return .jpeg
      case 0xDA, 0xD9: return .jpeg
      default: offset += 2 + Int(buffer[offset + 2]) << 8 + Int(buffer[offset + 3])
      }
    }
    return .jpeg
  }
}

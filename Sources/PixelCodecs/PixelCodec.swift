/// The ways of compressing a frame that DICOM names, those that are only recognised included.
package enum PixelCodec: String, Hashable, Sendable {
  case rle = "RLE"
  case jpeg = "JPEG"
  case jpegLossless = "JPEG lossless"
  case jpegLS = "JPEG-LS"
  case jpeg2000 = "JPEG 2000"
  case htj2k = "High-Throughput JPEG 2000"
  case jpegXL = "JPEG XL"
  case mpeg2 = "MPEG-2 video"
  case mpeg4 = "H.264 or H.265 video"

  /// Decodes one frame of any of the code streams that tell what they are: all but RLE.
  ///
  /// What counts is the code stream, not what a header far away says about it: a JPEG lossless
  /// image under the transfer syntax of another JPEG process is decoded as what it is.
  package static func decode(
    _ bytes: RawSpan, expecting shape: ImageShape
  ) throws(CodecError) -> DecodedImage {
    guard let codec = recognise(bytes) else { throw .unrecognised }
    switch codec {
    case .jpeg: return try JPEGSequential.decode(bytes, expecting: shape)
    case .jpeg2000: return try JPEG2000.decode(bytes, expecting: shape)
    case .jpegLossless: return try JPEGLossless.decode(bytes, expecting: shape)
    case .jpegLS: return try JPEGLS.decode(bytes, expecting: shape)
    default: throw .unsupported(codec, "this kind of code stream is not decoded here")
    }
  }
}

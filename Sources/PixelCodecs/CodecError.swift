/// Why compressed bytes are not an image.
package enum CodecError: Error, Equatable, Sendable {
  /// The bytes end, or the data of a scan do, before the image is complete.
  case truncated(PixelCodec, at: Int)
  /// The bytes break a rule of their format.
  case malformed(PixelCodec, String, at: Int)
  /// The bytes may be right, but are of a form that is not decoded here.
  case unsupported(PixelCodec, String)
  /// The code stream holds another image than its owner says.
  case otherImage(PixelCodec, found: String, expected: ImageShape)
  /// The bytes do not begin as any code stream that DICOM names.
  case unrecognised
}

extension CodecError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .truncated(let codec, let offset):
      "\(codec.rawValue): the compressed image ends too early, at byte \(offset); copy the file again"
    case .malformed(let codec, let what, let offset):
      "\(codec.rawValue): \(what) at byte \(offset) of the compressed image; it is damaged"
    case .unsupported(let codec, let what):
      "\(codec.rawValue): \(what); convert the file to an uncompressed transfer syntax first"
    case .otherImage(let codec, let found, let expected):
      "\(codec.rawValue): the compressed image is \(found), its header says \(expected)"
    case .unrecognised:
      "the compressed image begins like no code stream that DICOM knows; it is damaged"
    }
  }
}

/// Why pixels cannot be had.
package enum PixelError: Error, Equatable {
  case missing
  case attribute(AttributeError)
  /// The data are shorter than rows, columns and frames say.
  case truncated(wanted: Int, found: Int)
  case unsupported(transferSyntax: TransferSyntax)
  case format(String)
  case frame(index: Int, count: Int)
  case compressed(frame: Int, reason: String)
}

extension PixelError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missing: "\(Tag.pixelData) is missing or empty; export the object again, with its pixels"
    case .attribute(let error): "\(error); export the object again"
    case .truncated(let wanted, let found):
      "\(Tag.pixelData) holds \(found) bytes, \(wanted) expected; copy the file again"
    case .unsupported(let syntax):
      "pixels in \(syntax.name) cannot be read; ask the archive for explicit VR little endian"
    case .format(let reason): reason
    case .frame(let index, let count): "frame \(index + 1) is asked for, \(count) are there"
    case .compressed(let frame, let reason): "frame \(frame + 1): \(reason)"
    }
  }
}

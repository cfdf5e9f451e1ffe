/// Why a file is not read: which file, and what is wrong with it.
package enum FileError: Error, Equatable {
  case unreadable(path: String, reason: String)
  case notRegular(path: String)
  case notDICOM(path: String)
  case damaged(path: String, DecodingError)
  case attribute(path: String, AttributeError)
  case pixels(path: String, PixelError)

  package var path: String {
    switch self {
    case .unreadable(let path, _), .notRegular(let path), .notDICOM(let path),
      .damaged(let path, _), .attribute(let path, _), .pixels(let path, _):
      path
    }
  }
}

extension FileError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): \(reason)"
    case .notRegular(let path): "\(path): no regular file; name a file or a folder"
    case .notDICOM(let path): "\(path): no DICOM file"
    case .damaged(let path, let error): "\(path): \(error)"
    case .attribute(let path, let error): "\(path): \(error); export the object again"
    case .pixels(let path, let error): "\(path): \(error)"
    }
  }
}

package import DICOM
package import DoseMap
package import Files
package import Geometry

/// Why no stage was made.
package enum ExportError: Error, Equatable {
  case blocked([Check])
  case file(FileError)
  case drawing(DoseMapError)
  case encoding(EncodingError)
  case disk(FileTrouble)
  case cannotCreate(FileTrouble)
  case stage(StageError)
  case scale(Int)
  /// The structures that were asked for cannot be drawn.
  case structures(String)
  case tooManyStages(String)
  /// More bytes of pixels than an instance can hold.
  case tooLarge
  /// The scan cannot be cut in a plane that was asked for.
  case plane(StackReformat.Direction, StackReformat.Refusal)
  /// Somebody asked to leave off.
  case stopped
  case internalFault(String)
}

extension ExportError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .blocked(let checks):
      "no map can be made: "
        + checks.filter { $0.status == .failure }.map(\.id.rawValue).joined(separator: ", ")
        + "; nothing was staged"
    case .file(let error): "\(error)"
    case .drawing(let error): "\(error)"
    case .encoding(let error): "\(error)"
    case .disk(let trouble), .cannotCreate(let trouble):
      "\(trouble); make room or choose another folder with --output"
    case .stage(let error): "\(error)"
    case .scale(let factor):
      "--scale \(factor) makes slices of more than \(MapSettings.longestSide) pixels; choose a smaller one"
    case .structures(let reason): "--structures: \(reason)"
    case .tooManyStages(let label): "a hundred stages named \(label) are there; clear them away"
    case .tooLarge:
      "--multiframe makes an instance of more than 4 GB, which DICOM has no room for; leave it away, add --compress or choose a smaller --scale"
    case .plane(let direction, let refusal):
      "--plane \(direction.rawValue): \(refusal); leave the plane away"
    case .stopped: "stopped; nothing was staged"
    case .internalFault(let what): "internal fault: \(what)"
    }
  }
}

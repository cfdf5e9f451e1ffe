package import DICOM
package import DIMSE
package import Files
package import Quality

/// Why a delivery or its proof could not go on.
package enum DeliveryError: Error, Equatable {
  case association(AssociationError)
  /// The archive answered a query or retrieval with a failure.
  case refused(what: String, Answer)
  case stage(StageError)
  case notConfirmed(String)
  case journalHeld
  case disk(FileTrouble)
  case file(FileError)
  case encoding(EncodingError)
  /// A check that is decided when sending blocks.
  case blocked(Check)
}

extension DeliveryError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .association(let error): "\(error)"
    case .refused(let what, let answer): "the archive refused \(what): \(answer)"
    case .stage(let error): "\(error)"
    case .notConfirmed(let reason): "not sent: \(reason)"
    case .journalHeld: "another push of this stage is running; wait for it"
    case .disk(let trouble): "\(trouble)"
    case .file(let error): "\(error)"
    case .encoding(let error): "\(error)"
    case .blocked(let check): "\(check.id.rawValue): \(check.detail)"
    }
  }
}

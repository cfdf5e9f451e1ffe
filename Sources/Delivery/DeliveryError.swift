package import DICOM
package import DICOMweb
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
  /// The destination is set so that it is not asked.
  case cannotAsk
  /// The destination is set so that nothing can be fetched from it.
  case cannotRetrieve
  /// Our own node, which archives call back, cannot listen.
  case cannotListen(String)
  /// The archive gives something else than it was asked for.
  case foreign(String)
  /// A DICOMweb service did not do what it was asked.
  case web(DICOMwebError)
  /// The archive is spoken to over DICOMweb, which has no such thing.
  case notOverWeb
}

extension DeliveryError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .association(let error): "\(error)"
    case .refused(let what, let answer): "the archive refused \(what): \(answer.withAdvice)"
    case .stage(let error): "\(error)"
    case .notConfirmed(let reason): "not sent: \(reason)"
    case .journalHeld: "another push of this stage is running; wait for it"
    case .disk(let trouble): "\(trouble)"
    case .file(let error): "\(error)"
    case .encoding(let error): "\(error)"
    case .blocked(let check): "\(check.id.rawValue): \(check.detail)"
    case .cannotAsk: "it cannot be asked: its \"query\" is false in the configuration"
    case .cannotRetrieve:
      "nothing can be fetched from it: its \"retrieve\" is \"none\" in the configuration"
    case .foreign(let what): what
    case .web(let error): "\(error)"
    case .notOverWeb:
      "this is not done over DICOMweb; name the archive as AETITLE@host:port"
    case .cannotListen(let reason):
      "\(reason) It is \"port\" in the configuration, where the archive calls back."
    }
  }
}

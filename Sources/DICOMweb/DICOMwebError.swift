package import HTTP

/// Why a DICOMweb service did not do what it was asked.
package enum DICOMwebError: Error, Equatable, Sendable {
  case web(WebError)
  case model(DICOMJSONError, service: String)
  case multipart(MultipartError, service: String)
  /// An answer of another kind than was asked for.
  case answer(String, service: String)

  package var kind: WebError.Kind {
    switch self {
    case .web(let error): error.kind
    case .model, .answer: .protocolViolation
    // A body that ends early came over a connection that broke.
    case .multipart(.notEnded, _): .transient
    case .multipart: .protocolViolation
    }
  }
}

extension DICOMwebError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .web(let error): "\(error)"
    case .model(let error, let service):
      "\(service) answered with what is no DICOM JSON: \(error). Tell its administrators."
    case .multipart(.notEnded, let service):
      "\(service) broke off in the middle of its answer. Run it again."
    case .multipart(let error, let service):
      "\(service) answered with \(error). Tell its administrators."
    case .answer(let detail, let service):
      "\(service) answered otherwise than DICOMweb says: \(detail). Check the path of the address, or tell its administrators."
    }
  }
}

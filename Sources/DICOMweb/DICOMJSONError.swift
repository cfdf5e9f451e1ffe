package import DICOM
package import JSON

/// Why a document is no data set of the DICOM JSON model, and where.
package enum DICOMJSONError: Error, Equatable, Sendable {
  case syntax(JSONError)
  case shape(path: String, expected: String, found: String)
  /// A key that is no tag.
  case key(path: String)
  case vr(path: String, String)
  /// A value that its VR does not allow.
  case value(path: String, vr: VR, found: String)
}

extension DICOMJSONError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .syntax(let error): "JSON, \(error)"
    case .shape(let path, let expected, let found):
      "\(path.isEmpty ? "JSON" : path): \(expected) expected, \(found) found"
    case .key(let path): "\(path): eight hexadecimal digits expected as key"
    case .vr(let path, let text): "\(path): '\(text)' is no VR"
    case .value(let path, let vr, let found):
      "\(path): a value of VR \(vr) expected, \(found) found"
    }
  }
}

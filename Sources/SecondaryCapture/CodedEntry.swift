import DICOM

/// A coded concept.
///
/// PS3.3 8.8.
struct CodedEntry: Sendable {
  let value: String
  let scheme: String
  let meaning: String

  static let spatialResampling = CodedEntry(
    value: "113085", scheme: "DCM", meaning: "Spatial resampling")
  static let sourceImage = CodedEntry(
    value: "121322", scheme: "DCM", meaning: "Source image for image processing operation")
  static let source = CodedEntry(value: "260753009", scheme: "SCT", meaning: "Source")

  func item() throws(EncodingError) -> DataSet {
    var item = DataSet()
    try item.set(.codeValue, value)
    try item.set(.codingSchemeDesignator, scheme)
    try item.set(.codeMeaning, meaning)
    return item
  }
}

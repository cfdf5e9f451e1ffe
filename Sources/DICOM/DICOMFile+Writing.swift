/// Writing files. PS3.10 7.1.
extension DICOMFile {
  /// What this software calls itself in the files and associations it makes.
  ///
  /// PS3.7 D.3.3.2.
  package static let implementationClassUID = "2.25.220931482776231456938219380517823349071"
  package static let implementationVersionName = "PUSH2PACS_1"

  /// The bytes of a file that holds a data set.
  ///
  /// - Throws: where SOP class or instance are missing, or a value has no room.
  package static func bytes(
    of dataSet: DataSet, transferSyntax: TransferSyntax = .explicitVRLittleEndian
  ) throws(EncodingError) -> [UInt8] {
    let sopClass = dataSet.string(.sopClassUID) ?? ""
    let sopInstance = dataSet.string(.sopInstanceUID) ?? ""
    var bytes = try preambleAndMeta(
      sopClassUID: sopClass, sopInstanceUID: sopInstance, transferSyntax: transferSyntax)
    bytes.append(contentsOf: try DataSetEncoder.encode(dataSet, transferSyntax: transferSyntax))
    return bytes
  }

  /// Preamble, prefix and meta information: what stands before the data set's bytes.
  package static func preambleAndMeta(
    sopClassUID: String, sopInstanceUID: String, transferSyntax: TransferSyntax
  ) throws(EncodingError) -> [UInt8] {
    var meta = DataSet()
    meta.set(.fileMetaInformationVersion, bytes: [0, 1], vr: .OB)
    try meta.set(.mediaStorageSOPClassUID, sopClassUID)
    try meta.set(.mediaStorageSOPInstanceUID, sopInstanceUID)
    try meta.set(.transferSyntaxUID, transferSyntax.uid)
    try meta.set(.implementationClassUID, implementationClassUID)
    try meta.set(.implementationVersionName, implementationVersionName)
    let body = try DataSetEncoder.encode(meta, transferSyntax: .explicitVRLittleEndian)
    var head = DataSet()
    try head.set(.fileMetaInformationGroupLength, integer: body.count)
    return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
      + (try DataSetEncoder.encode(head, transferSyntax: .explicitVRLittleEndian)) + body
  }
}

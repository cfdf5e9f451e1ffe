package import DICOM
package import DIMSE

/// Instances that tests send.
package enum Samples {
  /// A Secondary Capture of one row of pixels, or of as many bytes as asked for.
  package static func capture(
    _ number: Int = 1, study: String = "1.2.826.0.1.3680043.9.9999.7",
    patientID: String = "PAT-1", patientName: String = "Doe^Jane", pixelBytes: Int = 12
  ) throws -> DataSet {
    var dataSet = DataSet()
    try dataSet.set(.specificCharacterSet, "ISO_IR 192")
    try dataSet.set(.sopClassUID, SOPClass.secondaryCapture)
    try dataSet.set(.sopInstanceUID, "\(study).1.\(number)")
    try dataSet.set(.studyDate, "20200423")
    try dataSet.set(.studyTime, "101500")
    try dataSet.set(.accessionNumber, "A-7")
    try dataSet.set(.modality, "OT")
    try dataSet.set(.studyDescription, "Brain")
    try dataSet.set(.seriesDescription, "RT_18Gy_1Fx_04.23.2020")
    try dataSet.set(.patientName, patientName)
    try dataSet.set(.patientID, patientID)
    try dataSet.set(.studyInstanceUID, study)
    try dataSet.set(.seriesInstanceUID, "\(study).1")
    try dataSet.set(.seriesNumber, integer: 7)
    try dataSet.set(.instanceNumber, integer: number)
    try dataSet.set(.samplesPerPixel, integer: 1)
    try dataSet.set(.photometricInterpretation, "MONOCHROME2")
    try dataSet.set(.rows, integer: 1)
    try dataSet.set(.columns, integer: min(pixelBytes, 65535))
    try dataSet.set(.bitsAllocated, integer: 8)
    try dataSet.set(.bitsStored, integer: 8)
    try dataSet.set(.highBit, integer: 7)
    try dataSet.set(.pixelRepresentation, integer: 0)
    let pixels = (0..<pixelBytes).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ number) }
    dataSet.set(.pixelData, bytes: pixels, vr: .OB)
    return dataSet
  }

  package static func request(_ dataSet: DataSet) throws -> StoreRequest {
    StoreRequest(
      sopClassUID: try dataSet.requiredString(.sopClassUID),
      sopInstanceUID: try dataSet.requiredString(.sopInstanceUID))
  }
}

package struct IllegalTitle: Error {
  package let text: String
}

/// A title that is legal.
package func title(_ text: String) throws -> AETitle {
  guard let title = AETitle(text) else { throw IllegalTitle(text: text) }
  return title
}

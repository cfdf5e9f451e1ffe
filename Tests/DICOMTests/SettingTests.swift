import DICOM
import Testing

/// Only legal values get into a data set.
///
/// PS3.5 Table 6.2-1.
@Suite("Setting values") struct SettingTests {
  @Test(
    "what a VR does not permit is refused",
    arguments: [
      (DICOM.Tag.modality, "ct"), (.modality, "SEVENTEEN LETTERS"), (.studyDate, "20200230"),
      (.studyDate, "2020-04-23"), (.studyTime, "10:11:12"), (.sliceThickness, "1,5"),
      (.sliceThickness, "1.2345678901234567"), (.instanceNumber, "1.5"),
      (.instanceNumber, "2147483648"), (.sopInstanceUID, "1.02.3"), (.sopInstanceUID, "1..2"),
      (.patientID, "A\\B"), (.patientID, String(repeating: "x", count: 65)),
      (.patientName, "a=b=c=d"), (.rows, "512"), (.patientAge, "42"), (.patientID, "line\nend"),
    ])
  func refused(tag: DICOM.Tag, text: String) {
    var dataSet = DataSet()
    let error = #expect(throws: EncodingError.self) { try dataSet.set(tag, text) }
    #expect(error == .text(tag, vr: Dictionary.vr(of: tag) ?? .UN, text))
    #expect(!dataSet.contains(tag))
  }

  @Test("numbers take the form of their VR, or are refused")
  func numbers() throws {
    var dataSet = DataSet()
    try dataSet.set(.rows, integer: 512)
    #expect(dataSet[.rows]?.bytes == [0, 2])
    #expect(throws: EncodingError.self) { try dataSet.set(.rows, integer: 65536) }
    #expect(throws: EncodingError.self) { try dataSet.set(.rows, integer: -1) }
    try dataSet.set(.rows, decimals: [256])
    #expect(try dataSet.integer(.rows) == 256)
    #expect(throws: EncodingError.self) { try dataSet.set(.rows, decimals: [2.5]) }
    try dataSet.set(.imagePositionPatient, decimals: [-1.5, 0, 1e-7])
    #expect(dataSet.strings(.imagePositionPatient) == ["-1.5", "0", "0.0000001"])
    let cutoff = DICOM.Tag(0x0018, 0x9073)
    try dataSet.set(cutoff, decimals: [1.0 / 3])
    #expect(try dataSet.number(cutoff) == 1.0 / 3)
  }
}

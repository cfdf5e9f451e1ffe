import DICOM

/// Whether a capture says all that it must, read back from the bytes that will be sent.
enum EncodingCheck {
  /// Type 1 attributes of a Secondary Capture with geometry, and what our own promise adds.
  private static let required: [Tag] = [
    .imageType, .sopClassUID, .sopInstanceUID, .modality, .conversionType, .seriesDescription,
    .derivationDescription, .sourceImageSequence, .referencedInstanceSequence,
    .derivationCodeSequence, .patientID, .studyInstanceUID, .seriesInstanceUID, .instanceNumber,
    .imagePositionPatient, .imageOrientationPatient, .frameOfReferenceUID, .samplesPerPixel,
    .photometricInterpretation, .planarConfiguration, .rows, .columns, .pixelSpacing,
    .bitsAllocated, .bitsStored, .highBit, .pixelRepresentation, .burnedInAnnotation,
    .lossyImageCompression, .pixelData, .referencedSeriesSequence,
  ]

  static func verdicts(of capture: DataSet, bytes: [UInt8]) -> [Check] {
    let id = CheckID.encodingValid
    let read: DICOMFile
    do { read = try DICOMFile.read(bytes: bytes) } catch {
      return [.blocked(id, "the capture cannot be read back: \(error)")]
    }
    guard read.damage == nil, read.forgiven.isEmpty else {
      return [.blocked(id, "the capture is not read back as it was written")]
    }
    for tag in required {
      guard let element = read.dataSet[tag] else {
        return [.blocked(id, "\(tag) is missing from the capture")]
      }
      if element.bytes?.isEmpty == true || read.dataSet.isEmptySequence(tag) {
        return [.blocked(id, "\(tag) is empty in the capture")]
      }
    }
    guard read.dataSet.elements.count == capture.elements.count else {
      return [.blocked(id, "the capture has other attributes when it is read back")]
    }
    if let tag = read.dataSet.unfaithfulTexts.first {
      return [
        .blocked(
          id,
          "\(tag) of the scan does not fit the character set that the scan names; have it put right in the archive"
        )
      ]
    }
    for tag in [Tag.patientName, .patientID, .studyDescription, .seriesDescription]
    where read.dataSet.strings(tag) != capture.strings(tag) {
      return [.blocked(id, "\(tag) does not survive its character set")]
    }
    return [.pass(id, "every mandatory attribute is there")]
  }
}

extension DataSet {
  fileprivate func isEmptySequence(_ tag: Tag) -> Bool {
    if case .items(let items) = self[tag]?.value { items.isEmpty } else { false }
  }
}

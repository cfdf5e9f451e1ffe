import DICOM

/// Whether a capture says all that it must, read back from the bytes that will be sent.
enum EncodingCheck {
  /// What every capture must say, whatever its class, and what our own promise adds.
  private static let common: [Tag] = [
    .imageType, .sopClassUID, .sopInstanceUID, .modality, .conversionType, .seriesDescription,
    .derivationDescription, .sourceImageSequence, .referencedInstanceSequence,
    .derivationCodeSequence, .patientID, .studyInstanceUID, .seriesInstanceUID, .instanceNumber,
    .frameOfReferenceUID, .samplesPerPixel, .photometricInterpretation, .planarConfiguration,
    .rows, .columns, .bitsAllocated, .bitsStored, .highBit, .pixelRepresentation,
    .burnedInAnnotation, .lossyImageCompression, .pixelData, .referencedSeriesSequence,
  ]

  /// Type 1 attributes of a Secondary Capture with geometry.
  static let single: [Tag] =
    common + [.imagePositionPatient, .imageOrientationPatient, .pixelSpacing]

  /// Type 1 attributes of a Multi-frame True Color Secondary Capture with geometry.
  private static let multiFrame: [Tag] =
    common + [
      .numberOfFrames, .frameIncrementPointer, .sharedFunctionalGroupsSequence,
      .perFrameFunctionalGroupsSequence,
    ]

  /// Looks at a capture of one picture.
  static func verdicts(
    of capture: DataSet, bytes: [UInt8], required: [Tag] = single
  ) -> [Check] {
    do {
      return verdicts(
        of: capture, read: try DICOMFile.read(bytes: bytes), required: required,
        count: capture.elements.count)
    } catch { return [unreadable(error)] }
  }

  /// Looks at a file of many frames, which is read without its pixels.
  ///
  /// - Parameter header: all attributes but the pixels.
  static func verdicts(of header: DataSet, inFile path: String) -> [Check] {
    let read: DICOMFile
    do {
      read = try DICOMFile.read(path: path)
      let description = try PixelDescription(of: read.dataSet)
      // The last frame is there, and as long as the others.
      _ = try FrameReader(read, description: description).frame(description.frames - 1)
      guard read.dataSet.items(.perFrameFunctionalGroupsSequence).count == description.frames else {
        return [.blocked(.encodingValid, "there are not as many functional groups as frames")]
      }
    } catch { return [unreadable(error)] }
    return verdicts(
      of: header, read: read, required: multiFrame, count: header.elements.count + 1)
  }

  private static func unreadable(_ error: any Error) -> Check {
    .blocked(.encodingValid, "the capture cannot be read back: \(error)")
  }

  private static func verdicts(
    of capture: DataSet, read: DICOMFile, required: [Tag], count: Int
  ) -> [Check] {
    let id = CheckID.encodingValid
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
    guard read.dataSet.elements.count == count else {
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

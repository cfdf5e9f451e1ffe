package import DICOM

/// Which attributes stand in what is written, and where each value comes from: the table of the
/// conformance statement.
///
/// PS3.2 annex A, "Created SOP Instances". Attributes inside of sequences are told with their
/// sequence.
package struct WrittenAttribute: Sendable, Equatable {
  /// What kind of instance it stands in.
  package enum Kind: String, Sendable, CaseIterable {
    /// Secondary Capture, one a slice.
    case capture
    /// Multi-frame True Color Secondary Capture.
    case multiFrame
    /// Grayscale Softcopy Presentation State.
    case overlay
    /// Key Object Selection Document that rejects.
    case rejection

    package var sopClassUID: String {
      switch self {
      case .capture: "1.2.840.10008.5.1.4.1.1.7"
      case .multiFrame: "1.2.840.10008.5.1.4.1.1.7.4"
      case .overlay: "1.2.840.10008.5.1.4.1.1.11.1"
      case .rejection: "1.2.840.10008.5.1.4.1.1.88.59"
      }
    }
  }

  package let tag: Tag
  package let source: String

  /// Every attribute that an instance of a kind may have, by tag.
  package static func all(in kind: Kind) -> [WrittenAttribute] {
    var sources: [Tag: String] = [:]
    let origin = kind == .rejection ? "the withdrawn instance" : "the scan"
    for tag in CaptureTemplate.copied where kind != .rejection || !notInRejections.contains(tag) {
      sources[tag] =
        CaptureTemplate.mayBeEmpty.contains(tag)
        ? "copied from \(origin), else empty" : "copied from \(origin) where present"
    }
    for tag in CaptureTemplate.mayBeEmpty where sources[tag] == nil {
      sources[tag] = "empty"
    }
    // Of the empty ones these do not belong to a presentation state or a rejection.
    if kind == .overlay || kind == .rejection { sources[.positionReferenceIndicator] = nil }
    if kind == .rejection { sources[.patientPosition] = nil }
    for (tag, source) in everywhere { sources[tag] = source }
    for (tag, source) in own(kind) { sources[tag] = source }
    if kind != .rejection { for (tag, source) in ofMaps { sources[tag] = source } }
    return sources.map { WrittenAttribute(tag: $0.key, source: $0.value) }
      .sorted { $0.tag < $1.tag }
  }

  private static let notInRejections: Set<Tag> = [.bodyPartExamined, .patientPosition]

  private static func own(_ kind: Kind) -> [(Tag, String)] {
    switch kind {
    case .capture: pixels + single
    case .multiFrame: pixels + frames
    case .overlay: presentation
    case .rejection: document
    }
  }

  private static let everywhere: [(Tag, String)] = [
    (.sopClassUID, "fixed: the class of the instance"),
    (.sopInstanceUID, "generated (2.25), the same for the same inputs and options"),
    (.seriesInstanceUID, "generated (2.25), the same for the same inputs and options"),
    (.seriesNumber, "generated"),
    (.modality, "fixed: OT, PR for presentation states, KO for rejections"),
    (.manufacturer, "fixed: push2pacs"),
    (.manufacturerModelName, "fixed: push2pacs"),
    (.softwareVersions, "fixed: the version of the program"),
    (.seriesDescription, "the label: dose, fractions and date; for a rejection its title"),
    (.instanceNumber, "generated, from 1 along the slice normal"),
    (.seriesDate, "the dose's creation; for a rejection the day it is made"),
    (.seriesTime, "the dose's creation; for a rejection the time it is made"),
    (.contentDate, "the dose's creation; for a rejection the day it is made"),
    (.contentTime, "the dose's creation; for a rejection the time it is made"),
  ]

  private static let ofMaps: [(Tag, String)] = [
    (.instanceCreationDate, "the dose's creation"),
    (.instanceCreationTime, "the dose's creation"),
    (.laterality, "empty, where the scan has no Body Part Examined"),
    (.frameOfReferenceUID, "copied from the scan where present"),
  ]

  private static let pixels: [(Tag, String)] = [
    (.imageType, "fixed: DERIVED\\SECONDARY\\ISODOSE"),
    (.conversionType, "fixed: WSD"),
    (.derivationDescription, "generated: how the map was made, in words"),
    (.derivationCodeSequence, "fixed: spatial resampling (DCM)"),
    (.sourceImageSequence, "the images of the scan that the pixels were made from"),
    (.referencedInstanceSequence, "dose, plan, registration, structures, with their purposes"),
    (.referencedSeriesSequence, "what is referred to in the scan's study"),
    (
      .studiesContainingOtherReferencedInstancesSequence,
      "what is referred to in other studies"
    ),
    (.burnedInAnnotation, "fixed: YES"),
    (.lossyImageCompression, "01 where the scan was ever compressed with loss, else 00"),
    (.lossyImageCompressionRatio, "copied from the scan where it was"),
    (.lossyImageCompressionMethod, "copied from the scan where it was"),
    (.samplesPerPixel, "fixed: 3"),
    (.photometricInterpretation, "fixed: RGB"),
    (.planarConfiguration, "fixed: 0"),
    (.bitsAllocated, "fixed: 8"),
    (.bitsStored, "fixed: 8"),
    (.highBit, "fixed: 7"),
    (.pixelRepresentation, "fixed: 0"),
    (.rows, "the scan's, times a whole number"),
    (.columns, "the scan's, times a whole number"),
    (.patientOrientation, "from the plane"),
    (.pixelData, "drawn: the windowed scan with lines and lettering"),
  ]

  private static let single: [(Tag, String)] = [
    (.sliceThickness, "copied from the scan, else empty"),
    (.pixelSpacing, "the scan's, divided by the same number"),
    (.imagePositionPatient, "the scan's, moved to the centre of the new first pixel"),
    (.imageOrientationPatient, "the scan's; of reformatted series the cut's"),
  ]

  private static let frames: [(Tag, String)] = [
    (.numberOfFrames, "the number of slices"),
    (.frameIncrementPointer, "fixed: Per-Frame Functional Groups Sequence"),
    (.sharedFunctionalGroupsSequence, "Pixel Measures, Plane Orientation"),
    (.perFrameFunctionalGroupsSequence, "Plane Position of each frame"),
  ]

  private static let presentation: [(Tag, String)] = [
    (.contentLabel, "fixed: ISODOSES"),
    (.contentDescription, "the title of the map"),
    (.contentCreatorName, "empty"),
    (.presentationCreationDate, "the dose's creation, else the last fraction's day"),
    (.presentationCreationTime, "the dose's creation, else 000000"),
    (.referencedSeriesSequence, "the scan's images that the lines lie on"),
    (.rescaleIntercept, "copied from the scan where present"),
    (.rescaleSlope, "copied from the scan where present"),
    (.rescaleType, "copied from the scan where present"),
    (.modalityLUTSequence, "copied from the scan where present"),
    (.softcopyVOILUTSequence, "the window of the map"),
    (.presentationLUTShape, "IDENTITY, INVERSE for MONOCHROME1"),
    (.displayedAreaSelectionSequence, "the whole image, SCALE TO FIT"),
    (.graphicLayerSequence, "one layer for each level, one for the lettering"),
    (.graphicAnnotationSequence, "the isodose lines as POLYLINE, title and legend as text"),
  ]

  private static let document: [(Tag, String)] = [
    (.referencedPerformedProcedureStepSequence, "empty"),
    (.valueType, "fixed: CONTAINER"),
    (.conceptNameCodeSequence, "the reason: patient safety or quality (IHE IOCM)"),
    (.continuityOfContent, "fixed: SEPARATE"),
    (.contentTemplateSequence, "fixed: TID 2010 (DCMR)"),
    (.contentSequence, "the typed explanation, and each rejected instance"),
    (.currentRequestedProcedureEvidenceSequence, "the rejected instances"),
  ]
}

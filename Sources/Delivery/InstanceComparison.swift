package import DICOM

/// What an archive did to an instance: the staged one beside the one that came back.
package struct InstanceComparison: Sendable, Equatable {
  /// Attributes that must come back as they were sent, and did not.
  package let altered: [Tag]
  /// Attributes that archives may put right (name, accession number, dates), and that they changed.
  package let coerced: [Tag]

  package var isUnaltered: Bool { altered.isEmpty }

  /// What a map means: pixels, geometry, whose and which study, what it is called and made from.
  private static let essential: Set<Tag> = [
    .sopClassUID, .sopInstanceUID, .studyInstanceUID, .seriesInstanceUID, .patientID, .modality,
    .seriesDescription, .frameOfReferenceUID, .imagePositionPatient, .imageOrientationPatient,
    .pixelSpacing, .rows, .columns, .samplesPerPixel, .bitsAllocated, .bitsStored, .highBit,
    .pixelRepresentation, .photometricInterpretation, .planarConfiguration,
    .instanceNumber, .sourceImageSequence, .referencedInstanceSequence, .referencedSeriesSequence,
    .derivationDescription, .burnedInAnnotation, .numberOfFrames, .frameIncrementPointer,
    .sharedFunctionalGroupsSequence, .perFrameFunctionalGroupsSequence,
    // Any of these would change how the pixels are shown.
    .windowCenter, .windowWidth, .rescaleSlope, .rescaleIntercept, .pixelAspectRatio,
    .presentationLUTShape, .voilutSequence, .modalityLUTSequence,
    // The lines of an overlay.
    .graphicAnnotationSequence, .graphicLayerSequence, .softcopyVOILUTSequence,
    .displayedAreaSelectionSequence,
  ]

  package init(staged: DICOMFile, fetched: DICOMFile) {
    var altered: [Tag] = []
    var coerced: [Tag] = []
    let (own, other) = (staged.dataSet, fetched.dataSet)
    let tags = Set(own.elements.map(\.tag)).union(other.elements.map(\.tag)).sorted()
    for tag in tags where !tag.isPrivate && tag != .pixelData {
      if Self.isEqual(own[tag], other[tag]) { continue }
      if Self.essential.contains(tag) { altered.append(tag) } else { coerced.append(tag) }
    }
    if !PixelComparison.areEqual(staged, fetched) { altered.append(.pixelData) }
    self.altered = altered
    self.coerced = coerced
  }

  /// Whether two elements say the same, whatever fills them up and however numbers are written.
  private static func isEqual(_ a: Element?, _ b: Element?) -> Bool {
    guard let a, let b else { return (a ?? b).map(isEmpty) ?? true }
    switch (a.value, b.value) {
    case (.bytes(let x), .bytes(let y)):
      if x.elementsEqual(y) { return true }
      let vr = a.vr == .UN ? b.vr : a.vr
      guard vr.isText else { return false }
      let (left, right) = (values(x), values(y))
      if left == right { return true }
      guard vr == .DS || vr == .IS, left.count == right.count else { return false }
      return zip(left, right).allSatisfy { a, b in
        guard let a = Double(a), let b = Double(b) else { return false }
        return a == b
      }
    case (.items(let x), .items(let y)):
      return x.count == y.count && zip(x, y).allSatisfy(isEqual)
    default: return false
    }
  }

  private static func isEqual(_ a: DataSet, _ b: DataSet) -> Bool {
    let tags = Set(a.elements.map(\.tag)).union(b.elements.map(\.tag))
    return tags.allSatisfy { isEqual(a[$0], b[$0]) }
  }

  private static func isEmpty(_ element: Element) -> Bool {
    switch element.value {
    case .bytes(let bytes): bytes.isEmpty
    case .items(let items): items.isEmpty
    default: false
    }
  }

  private static func values(_ bytes: ArraySlice<UInt8>) -> [String] {
    String(decoding: bytes, as: UTF8.self)
      .split(separator: "\\", omittingEmptySubsequences: false).map { $0.trimmed }
  }
}

extension InstanceComparison {
  /// What came back is no data set at all.
  init(unreadable: Void) {
    altered = [.pixelData]
    coerced = []
  }
}

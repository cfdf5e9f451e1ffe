package import DICOM
package import Geometry
package import Radiotherapy

/// The captures of a map: Secondary Capture Image Storage, one for each slice.
///
/// PS3.3 A.8.1.
///
/// Patient and study stand in them byte for byte as in the scan, with its character set. Dates are
/// the dose's, so that the same export gives the same bytes.
package struct CaptureTemplate: Sendable {
  /// What is the same in every capture.
  let shared: DataSet
  private let series: CaptureSeries
  private let scan: ScanSeries
  private let sources: [ReferencedSeries]

  /// Attributes that are copied as they are.
  ///
  /// PS3.3 C.7.1.1, C.7.2.1, C.7.2.2 and C.7.1.3.
  static let copied: [Tag] = [
    .specificCharacterSet, .timezoneOffsetFromUTC, .studyDate, .studyTime, .accessionNumber,
    .issuerOfAccessionNumberSequence, .referringPhysicianName, .studyDescription,
    .referencedStudySequence, .patientName, .patientID, .issuerOfPatientID, .typeOfPatientID,
    .issuerOfPatientIDQualifiersSequence, .patientBirthDate, .patientSex,
    .otherPatientIDsSequence, .patientAge, .patientSize, .patientWeight, .patientIdentityRemoved,
    .deidentificationMethod, .deidentificationMethodCodeSequence, .clinicalTrialSponsorName,
    .clinicalTrialProtocolID, .clinicalTrialProtocolName, .clinicalTrialSiteID,
    .clinicalTrialSiteName, .clinicalTrialSubjectID, .clinicalTrialSubjectReadingID,
    .studyInstanceUID, .studyID, .bodyPartExamined, .patientPosition,
  ]

  /// Type 2 attributes: written empty where the scan lacks them.
  static let mayBeEmpty: [Tag] = [
    .studyDate, .studyTime, .accessionNumber, .referringPhysicianName, .patientName, .patientID,
    .patientBirthDate, .patientSex, .studyID, .positionReferenceIndicator, .patientPosition,
  ]

  /// - Parameters:
  ///   - source: the data set of one image of the scan.
  ///   - sources: what else the map was made from.
  package init(
    scan: ScanSeries, source: DataSet, dose: RTDose, sources: MapSources, series: CaptureSeries,
    wasLossy: Bool
  ) throws(EncodingError) {
    self.series = series
    self.scan = scan
    var set = DataSet()
    for tag in Self.copied {
      if let element = source[tag] { set.set(element) }
    }
    for tag in Self.mayBeEmpty where !set.contains(tag) { set.setEmpty(tag) }
    if !set.contains(.bodyPartExamined) { set.setEmpty(.laterality) }
    try set.set(.sopClassUID, SOPClass.secondaryCapture)
    try set.set(.imageType, ["DERIVED", "SECONDARY", "ISODOSE"])
    try Self.setDates(of: dose, in: &set)
    try set.set(.modality, "OT")
    try set.set(.conversionType, "WSD")
    try set.set(.manufacturer, series.software.name)
    try set.set(.manufacturerModelName, series.software.name)
    try set.set(.softwareVersions, series.software.version)
    try set.set(.seriesInstanceUID, series.seriesInstanceUID)
    try set.set(.seriesNumber, integer: series.number)
    try set.set(.seriesDescription, series.description)
    try set.set(.derivationDescription, series.derivation)
    set.set(.derivationCodeSequence, items: [try CodedEntry.spatialResampling.item()])
    set.set(
      .referencedInstanceSequence,
      items: try sources.objects.map { object throws(EncodingError) in
        var item = try Self.item(object.reference)
        let purpose = object.role == .dose ? CodedEntry.sourceImage : .source
        item.set(.purposeOfReferenceCodeSequence, items: [try purpose.item()])
        return item
      })
    if let frame = scan.frameOfReferenceUID { try set.set(.frameOfReferenceUID, frame) }
    try set.set(.burnedInAnnotation, "YES")
    try set.set(.lossyImageCompression, wasLossy ? "01" : "00")
    if wasLossy {
      for tag in [Tag.lossyImageCompressionRatio, .lossyImageCompressionMethod] {
        if let element = source[tag] { set.set(element) }
      }
    }
    try set.set(.samplesPerPixel, integer: 3)
    try set.set(.photometricInterpretation, "RGB")
    try set.set(.planarConfiguration, integer: 0)
    try set.set(.bitsAllocated, integer: 8)
    try set.set(.bitsStored, integer: 8)
    try set.set(.highBit, integer: 7)
    try set.set(.pixelRepresentation, integer: 0)
    if let thickness = source[.sliceThickness] {
      set.set(thickness)
    } else {
      set.setEmpty(.sliceThickness)
    }
    self.sources = Self.grouped(sources)
    var others: [DataSet] = []
    for study in Set(self.sources.map(\.study)).sorted() where study != scan.studyInstanceUID {
      var item = DataSet()
      try item.set(.studyInstanceUID, study)
      item.set(
        .referencedSeriesSequence,
        items: try self.sources.filter { $0.study == study }.map { group throws(EncodingError) in
          try group.item()
        })
      others.append(item)
    }
    if !others.isEmpty {
      set.set(.studiesContainingOtherReferencedInstancesSequence, items: others)
    }
    shared = set
  }

  /// The capture of one picture.
  ///
  /// - Parameters:
  ///   - images: the images of the scan that it was made from.
  ///   - number: from 1, along the slice normal.
  ///   - plane: where the drawn pixels lie.
  ///   - rgb: `rows * columns * 3` bytes, row by row from the top left.
  package func capture(
    images: [ScanSlice], number: Int, sopInstanceUID: String, plane: ImagePlane, rgb: [UInt8]
  ) throws(EncodingError) -> DataSet {
    precondition(rgb.count == plane.rows * plane.columns * 3, "three bytes a pixel")
    var set = shared
    try set.set(.sopInstanceUID, sopInstanceUID)
    try set.set(.instanceNumber, integer: number)
    set.set(.sourceImageSequence, items: try sourceItems(images))
    try setReferencedSeries(for: images, in: &set)
    try set.set(.rows, integer: plane.rows)
    try set.set(.columns, integer: plane.columns)
    try set.set(.pixelSpacing, decimals: [plane.rowSpacing, plane.columnSpacing])
    try set.set(
      .imagePositionPatient, decimals: [plane.position.x, plane.position.y, plane.position.z])
    let along = plane.rowDirection
    let down = plane.columnDirection
    try set.set(
      .imageOrientationPatient, decimals: [along.x, along.y, along.z, down.x, down.y, down.z])
    try set.set(.patientOrientation, [Self.letters(of: along), Self.letters(of: down)])
    set.set(.pixelData, bytes: rgb, vr: .OB)
    return set
  }

  /// Patient Orientation (0020,0020) of a direction: letters by falling share.
  ///
  /// PS3.3 C.7.6.1.1.1.
  static func letters(of direction: PatientVector) -> String {
    let shares = [
      (abs(direction.x), direction.x > 0 ? "L" : "R"),
      (abs(direction.y), direction.y > 0 ? "P" : "A"),
      (abs(direction.z), direction.z > 0 ? "H" : "F"),
    ]
    // What is smaller than rounding of the cosines is no direction.
    return shares.filter { $0.0 > 1e-4 }.sorted { $0.0 > $1.0 }.map(\.1).joined()
  }

  static func setDates(of dose: RTDose, in set: inout DataSet) throws(EncodingError) {
    let date = dose.creationDate.flatMap { CalendarDate(dicom: $0)?.dicom }
    let time = dose.creationTime.flatMap { VR.TM.permits($0) ? $0 : nil }
    for tag in [Tag.instanceCreationDate, .seriesDate, .contentDate] {
      if let date { try set.set(tag, date) } else if tag == .contentDate { set.setEmpty(tag) }
    }
    for tag in [Tag.instanceCreationTime, .seriesTime, .contentTime] {
      if let time { try set.set(tag, time) } else if tag == .contentTime { set.setEmpty(tag) }
    }
  }

  static func item(_ reference: ObjectReference) throws(EncodingError) -> DataSet {
    var item = DataSet()
    try item.set(.referencedSOPClassUID, reference.sopClassUID)
    try item.set(.referencedSOPInstanceUID, reference.sopInstanceUID)
    return item
  }

  /// What the map refers to beside its own image, by study and series.
  ///
  /// PS3.3 C.12.2.
  private static func grouped(_ sources: MapSources) -> [ReferencedSeries] {
    var groups: [ReferencedSeries] = []
    for object in sources.objects {
      let index = groups.firstIndex {
        $0.study == object.studyInstanceUID && $0.series == object.seriesInstanceUID
      }
      if let index {
        groups[index].instances.append(object.reference)
      } else {
        groups.append(
          ReferencedSeries(
            study: object.studyInstanceUID, series: object.seriesInstanceUID,
            instances: [object.reference]))
      }
    }
    return groups
  }

  /// Source Image Sequence: the scan's images that the pixels were made from.
  func sourceItems(_ images: [ScanSlice]) throws(EncodingError) -> [DataSet] {
    try images.map { image throws(EncodingError) in
      var source = try Self.item(Self.reference(to: image))
      if let frame = image.frame { try source.set(.referencedFrameNumber, integer: frame + 1) }
      source.set(.purposeOfReferenceCodeSequence, items: [try CodedEntry.sourceImage.item()])
      return source
    }
  }

  static func reference(to image: ScanSlice) -> ObjectReference {
    ObjectReference(
      sopClassUID: image.identity.sopClassUID, sopInstanceUID: image.identity.sopInstanceUID)
  }

  /// Common Instance Reference of one capture: its own images of the scan, and the sources.
  func setReferencedSeries(
    for images: [ScanSlice], in set: inout DataSet
  ) throws(EncodingError) {
    // Frames of one file are one instance.
    var seen: Set<String> = []
    let instances = images.map(Self.reference).filter {
      seen.insert($0.sopInstanceUID).inserted
    }
    var own = [
      ReferencedSeries(
        study: scan.studyInstanceUID, series: scan.seriesInstanceUID, instances: instances)
    ]
    own += sources.filter { $0.study == scan.studyInstanceUID }
    set.set(
      .referencedSeriesSequence,
      items: try own.map { group throws(EncodingError) in try group.item() })
  }

  private struct ReferencedSeries: Sendable {
    let study: String
    let series: String
    var instances: [ObjectReference]

    func item() throws(EncodingError) -> DataSet {
      var item = DataSet()
      try item.set(.seriesInstanceUID, series)
      item.set(
        .referencedInstanceSequence,
        items: try instances.map { reference throws(EncodingError) in
          try CaptureTemplate.item(reference)
        })
      return item
    }
  }
}

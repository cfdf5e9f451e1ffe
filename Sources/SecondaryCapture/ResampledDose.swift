package import DICOM
package import Geometry
package import Radiotherapy

/// The header of an RT Dose whose frames lie on the slices of a scan.
///
/// PS3.3 A.18. Everything but the pixels: they follow frame by frame, 32 bits each.
package enum ResampledDose {
  /// How far a slice may lie beside the normal through the first one, mm: frames cannot lean.
  private static let leanTolerance = 1e-3

  /// Where the frames lie: the first slice's plane, and the others' distances from it.
  ///
  /// - Throws: where the slices do not lie straight above one another.
  package static func geometry(of scan: ScanSeries) throws(ResampledDoseError) -> GridGeometry {
    let first = scan.slices[0].plane
    var offsets: [Double] = []
    for slice in scan.slices {
      let step = slice.plane.position - first.position
      let offset = step.dot(first.normal)
      guard (step - first.normal * offset).length <= leanTolerance else { throw .leaning }
      offsets.append(offset)
    }
    do { return try GridGeometry(plane: first, offsets: offsets) } catch {
      throw .geometry(error)
    }
  }

  /// - Parameters:
  ///   - source: the data set of one image of the scan.
  ///   - comment: how the numbers came about, in words.
  package static func header(
    course: Course, source: DataSet, geometry: GridGeometry, grayPerCount: Double, join: FrameJoin,
    comment: String, instanceUID: String, seriesUID: String, software: CaptureSeries.Software
  ) throws(EncodingError) -> DataSet {
    let dose = course.newestDose
    var set = DataSet()
    for tag in CaptureTemplate.copied {
      if let element = source[tag] { set.set(element) }
    }
    for tag in CaptureTemplate.mayBeEmpty where !set.contains(tag) { set.setEmpty(tag) }
    set.setEmpty(.operatorsName)
    try CaptureTemplate.setDates(of: dose, in: &set)
    try set.set(.sopClassUID, SOPClass.rtDose)
    try set.set(.sopInstanceUID, instanceUID)
    try set.set(.seriesInstanceUID, seriesUID)
    try set.set(.seriesNumber, integer: 9500 + (course.scan.number ?? 0) % 500)
    try set.set(.instanceNumber, integer: 1)
    try set.set(.seriesDescription, "Dose on the grid of the scan")
    try set.set(.modality, "RTDOSE")
    try set.set(.manufacturer, software.name)
    try set.set(.manufacturerModelName, software.name)
    try set.set(.softwareVersions, software.version)
    if let frame = course.scan.frameOfReferenceUID { try set.set(.frameOfReferenceUID, frame) }

    let plane = geometry.plane
    try set.set(.samplesPerPixel, integer: 1)
    try set.set(.photometricInterpretation, "MONOCHROME2")
    try set.set(.rows, integer: plane.rows)
    try set.set(.columns, integer: plane.columns)
    try set.set(.bitsAllocated, integer: 32)
    try set.set(.bitsStored, integer: 32)
    try set.set(.highBit, integer: 31)
    try set.set(.pixelRepresentation, integer: 0)
    try set.set(.numberOfFrames, integer: geometry.offsets.count)
    set.set(.frameIncrementPointer, tags: [.gridFrameOffsetVector])
    try set.set(.gridFrameOffsetVector, decimals: geometry.offsets)
    try set.set(.pixelSpacing, decimals: [plane.rowSpacing, plane.columnSpacing])
    try set.set(
      .imagePositionPatient, decimals: [plane.position.x, plane.position.y, plane.position.z])
    let (along, down) = (plane.rowDirection, plane.columnDirection)
    try set.set(
      .imageOrientationPatient, decimals: [along.x, along.y, along.z, down.x, down.y, down.z])
    set.setEmpty(.sliceThickness)

    try set.set(.doseUnits, "GY")
    if let type = dose.type { try set.set(.doseType, type) }
    let isSum = course.doseParts.count > 1
    let sum = course.isOfSeveralPlans ? "MULTI_PLAN" : "PLAN"
    if let summation = isSum ? sum : dose.summation {
      try set.set(.doseSummationType, summation)
    }
    try set.set(.doseGridScaling, decimals: [grayPerCount])
    try set.set(.doseComment, "Resampled on the grid of the scan; 0 where unknown")
    try set.set(.derivationDescription, comment)
    set.set(.derivationCodeSequence, items: [try CodedEntry.spatialResampling.item()])
    try setReferences(course, join, in: &set)
    return set
  }

  private static func setReferences(
    _ course: Course, _ join: FrameJoin, in set: inout DataSet
  ) throws(EncodingError) {
    let plans = course.plans.compactMap(\.plan)
    if !plans.isEmpty {
      set.set(
        .referencedRTPlanSequence,
        items: try plans.map { plan throws(EncodingError) in
          try CaptureTemplate.item(
            ObjectReference(
              sopClassUID: plan.identity.sopClassUID, sopInstanceUID: plan.identity.sopInstanceUID))
        })
    }
    set.set(
      .referencedInstanceSequence,
      items: try course.doseParts.map { part throws(EncodingError) in
        var source = try CaptureTemplate.item(
          ObjectReference(
            sopClassUID: part.identity.sopClassUID, sopInstanceUID: part.identity.sopInstanceUID))
        source.set(.purposeOfReferenceCodeSequence, items: [try CodedEntry.source.item()])
        return source
      })
    guard !join.registrations.isEmpty else { return }
    // PS3.3 C.8.8.3: NON_RIGID for everything that is no rotation and shift.
    try set.set(.spatialTransformOfDose, join.kind == .rigid ? "RIGID" : "NON_RIGID")
    set.set(
      .referencedSpatialRegistrationSequence,
      items: try join.registrations.map { registration throws(EncodingError) in
        try CaptureTemplate.item(
          ObjectReference(
            sopClassUID: registration.identity.sopClassUID,
            sopInstanceUID: registration.identity.sopInstanceUID))
      })
  }
}

extension Tag {
  /// Referenced Spatial Registration Sequence (0070,0404).
  fileprivate static var referencedSpatialRegistrationSequence: Tag { Tag(0x0070, 0x0404) }
}

/// Why a dose cannot be written on a scan's grid.
package enum ResampledDoseError: Error, Equatable {
  /// The slices lie beside one another, as those of a tilted gantry do.
  case leaning
  case geometry(GeometryError)
}

extension ResampledDoseError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .leaning: "the scan's slices lean: frames of a dose lie straight above one another"
    case .geometry(let error): "\(error)"
    }
  }
}

package import DICOM
package import Geometry
package import Radiotherapy

/// All pictures of a series in one instance: Multi-frame True Color Secondary Capture.
///
/// PS3.3 A.8.5. Its functional groups are pixel measures, plane position and plane orientation; the
/// images of the scan stand in Source Image Sequence, in the order of the frames.
extension CaptureTemplate {
  /// Where a frame lies and what it was made from.
  package struct Frame: Sendable {
    package let images: [ScanSlice]
    package let plane: ImagePlane

    package init(images: [ScanSlice], plane: ImagePlane) {
      self.images = images
      self.plane = plane
    }
  }

  /// The instance without its pixels, which follow frame by frame.
  ///
  /// Frame Increment Pointer names the functional groups, not a time: viewers scroll, they do not
  /// play.
  ///
  /// - Parameter frames: in the order in which they are numbered; all of one size and orientation.
  package func multiFrame(
    _ frames: [Frame], sopInstanceUID: String
  ) throws(EncodingError) -> DataSet {
    guard let plane = frames.first?.plane else { throw .text(.numberOfFrames, vr: .IS, "0") }
    var set = shared
    set.remove(.sliceThickness)
    try set.set(.sopClassUID, SOPClass.multiFrameTrueColorSecondaryCapture)
    try set.set(.sopInstanceUID, sopInstanceUID)
    try set.set(.instanceNumber, integer: 1)
    let images = frames.flatMap(\.images)
    set.set(.sourceImageSequence, items: try sourceItems(images))
    try setReferencedSeries(for: images, in: &set)
    try set.set(.rows, integer: plane.rows)
    try set.set(.columns, integer: plane.columns)
    try set.set(.numberOfFrames, integer: frames.count)
    set.set(.frameIncrementPointer, tags: [.perFrameFunctionalGroupsSequence])
    try set.set(
      .patientOrientation,
      [Self.letters(of: plane.rowDirection), Self.letters(of: plane.columnDirection)])

    var groups = DataSet()
    var measures = DataSet()
    try measures.set(.pixelSpacing, decimals: [plane.rowSpacing, plane.columnSpacing])
    if let thickness = shared[.sliceThickness], thickness.bytes?.isEmpty == false {
      measures.set(thickness)
    }
    if let spacing = Self.spacing(of: frames) {
      try measures.set(.spacingBetweenSlices, decimals: [spacing])
    }
    groups.set(.pixelMeasuresSequence, items: [measures])
    var orientation = DataSet()
    let along = plane.rowDirection
    let down = plane.columnDirection
    try orientation.set(
      .imageOrientationPatient, decimals: [along.x, along.y, along.z, down.x, down.y, down.z])
    groups.set(.planeOrientationSequence, items: [orientation])
    set.set(.sharedFunctionalGroupsSequence, items: [groups])

    var own: [DataSet] = []
    for frame in frames {
      var groups = DataSet()
      var position = DataSet()
      let place = frame.plane.position
      try position.set(.imagePositionPatient, decimals: [place.x, place.y, place.z])
      groups.set(.planePositionSequence, items: [position])
      own.append(groups)
    }
    set.set(.perFrameFunctionalGroupsSequence, items: own)
    return set
  }

  /// The distance from each frame to the next one; `nil` where they differ.
  private static func spacing(of frames: [Frame]) -> Double? {
    guard let first = frames.first?.plane, frames.count > 1 else { return nil }
    let places = frames.map { ($0.plane.position - first.position).dot(first.normal) }
    let steps = zip(places.dropFirst(), places).map { abs($0 - $1) }
    guard let low = steps.min(), let high = steps.max(), low > 0, high - low < 0.01 else {
      return nil
    }
    return (steps.reduce(0, +) / Double(steps.count) * 1e4).rounded() / 1e4
  }
}

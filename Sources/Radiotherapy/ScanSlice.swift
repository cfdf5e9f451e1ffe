package import DICOM
package import Geometry

/// One image of a scan: a file, or a frame of a multi-frame file.
package struct ScanSlice: Sendable {
  package let identity: ObjectIdentity
  /// The frame in its file, from 0; `nil` for a file that is one image.
  package let frame: Int?
  /// Which volume of its file the frame belongs to; `nil` for a file that is one image.
  package let part: FramePart?
  package let plane: ImagePlane
  /// Instance Number, as people see it in a viewer; order never follows it.
  package let instanceNumber: Int?
  /// Whether the scanner calls it a localizer: an overview, not a part of the stack.
  package let isLocalizer: Bool
  /// Acquisition Date, else Series, Content, Study Date.
  package let date: CalendarDate?

  /// The planes of a file's images.
  ///
  /// - Throws: where an image has no position, orientation or spacing: nothing is assumed.
  package static func all(in file: DICOMFile) throws(FileError) -> [ScanSlice] {
    let identity = try ObjectIdentity(of: file)
    let dataSet = file.dataSet
    do {
      let rows = try dataSet.requiredInteger(.rows)
      let columns = try dataSet.requiredInteger(.columns)
      let number = try? dataSet.integer(.instanceNumber)
      let date =
        [Tag.acquisitionDate, .seriesDate, .contentDate, .studyDate].lazy
        .compactMap { dataSet.string($0).flatMap(CalendarDate.init(dicom:)) }.first
      let isLocalizer = dataSet.strings(.imageType).contains { $0.uppercased() == "LOCALIZER" }
      let frames = try groups(of: file)
      guard !frames.isEmpty else {
        let plane = try plane(
          position: dataSet, orientation: dataSet, measures: dataSet, rows: rows, columns: columns,
          path: file.path)
        return [
          ScanSlice(
            identity: identity, frame: nil, part: nil, plane: plane, instanceNumber: number,
            isLocalizer: isLocalizer, date: date)
        ]
      }
      let shared = dataSet.items(.sharedFunctionalGroupsSequence).first ?? DataSet()
      var slices: [ScanSlice] = []
      for (index, groups) in frames.enumerated() {
        func group(_ macro: Tag) -> DataSet {
          groups.items(macro).first ?? shared.items(macro).first ?? DataSet()
        }
        let plane = try plane(
          position: group(.planePositionSequence), orientation: group(.planeOrientationSequence),
          measures: group(.pixelMeasuresSequence), rows: rows, columns: columns, path: file.path)
        let types = frameTypes.flatMap { group($0).strings(.frameType) }
        slices.append(
          ScanSlice(
            identity: identity, frame: index,
            part: try FramePart(of: group(.frameContentSequence), in: dataSet), plane: plane,
            instanceNumber: number,
            isLocalizer: isLocalizer || types.contains { $0.uppercased() == "LOCALIZER" },
            date: date))
      }
      return slices
    } catch let error as AttributeError {
      throw .attribute(path: file.path, error)
    } catch let error as FileError {
      throw error
    } catch {
      throw .unreadable(path: file.path, reason: "\(error)")
    }
  }

  /// Where a frame says what it is: the Frame Type Sequences of CT, MR and PET.
  ///
  /// PS3.3 C.8.15.3.1, C.8.13.5.1 and C.8.22.5.1.
  private static let frameTypes = [
    Tag(0x0018, 0x9329), Tag(0x0018, 0x9226), Tag(0x0018, 0x9751),
  ]

  /// One item of functional groups for each frame; none for a file that is one image.
  ///
  /// - Throws: where frames have no groups of their own that could say where they lie.
  private static func groups(of file: DICOMFile) throws -> [DataSet] {
    let frames = file.dataSet.items(.perFrameFunctionalGroupsSequence)
    let count = try file.dataSet.integer(.numberOfFrames) ?? 1
    if frames.count == count { return frames }
    if frames.isEmpty, count == 1 {
      return file.dataSet.items(.sharedFunctionalGroupsSequence).isEmpty ? [] : [DataSet()]
    }
    throw FileError.unreadable(
      path: file.path,
      reason:
        "\(count) frames, and functional groups for \(frames.count) that say where they lie; export the series again, as single images if that is possible"
    )
  }

  private static func plane(
    position: DataSet, orientation: DataSet, measures: DataSet, rows: Int, columns: Int,
    path: String
  ) throws -> ImagePlane {
    let p = try position.requiredNumbers(.imagePositionPatient, count: 3)
    let spacing = try measures.requiredNumbers(.pixelSpacing, count: 2)
    do {
      return try ImagePlane(
        position: PatientPoint(p[0], p[1], p[2]),
        orientation: try orientation.requiredNumbers(.imageOrientationPatient, count: 6),
        rowSpacing: spacing[0], columnSpacing: spacing[1], rows: rows, columns: columns)
    } catch let error as GeometryError {
      throw FileError.unreadable(path: path, reason: "\(error); such an image has no place")
    }
  }
}

package import DICOM
package import Geometry

/// One image of a scan: a file, or a frame of a multi-frame file.
package struct ScanSlice: Sendable {
  package let identity: ObjectIdentity
  /// The frame in its file, from 0; `nil` for a file that is one image.
  package let frame: Int?
  package let plane: ImagePlane
  /// Instance Number, as people see it in a viewer; order never follows it.
  package let instanceNumber: Int?
  /// Whether the scanner calls it a localizer: an overview, not a part of the stack.
  package let isLocalizer: Bool

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
      let isLocalizer = dataSet.strings(.imageType).contains { $0.uppercased() == "LOCALIZER" }
      let frames = dataSet.items(.perFrameFunctionalGroupsSequence)
      guard !frames.isEmpty else {
        let plane = try plane(
          position: dataSet, orientation: dataSet, measures: dataSet, rows: rows, columns: columns,
          path: file.path)
        return [
          ScanSlice(
            identity: identity, frame: nil, plane: plane, instanceNumber: number,
            isLocalizer: isLocalizer)
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
        slices.append(
          ScanSlice(
            identity: identity, frame: index, plane: plane, instanceNumber: number,
            isLocalizer: isLocalizer))
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

package import DICOM
package import Geometry

/// An RT Structure Set: regions of interest as contours.
///
/// PS3.3 C.8.8.5 and C.8.8.6.
package struct StructureSet: Sendable {
  package let identity: ObjectIdentity
  package let label: String?
  package let regions: [Region]

  package struct Region: Sendable {
    package let number: Int
    package let name: String
    package let frameOfReferenceUID: String?
    /// The kind of region, such as `PTV` or `EXTERNAL`.
    package let interpretedType: String?
    package let description: String?
    /// What the region is in the body, as codes, each with its side.
    package let codes: [RecordedCode]
    package let contourItems: [DataSet]

    /// The closed contours: patient points in mm, the last joins the first.
    ///
    /// - Throws: where a contour's numbers cannot be read or are no triples.
    package func closedContours() throws(AttributeError) -> [[PatientPoint]] {
      var contours: [[PatientPoint]] = []
      for item in contourItems {
        let kind = item.string(.contourGeometricType)?.uppercased() ?? ""
        guard kind == "CLOSED_PLANAR" || kind == "CLOSEDPLANAR_XOR" else { continue }
        let values = try item.numbers(.contourData)
        guard values.count % 3 == 0 else {
          throw .count(.contourData, expected: values.count / 3 * 3, found: values.count)
        }
        contours.append(
          stride(from: 0, to: values.count, by: 3).map {
            PatientPoint(values[$0], values[$0 + 1], values[$0 + 2])
          })
      }
      return contours
    }
  }

  /// - Parameter file: read with everything in it.
  package init(of file: DICOMFile) throws(FileError) {
    identity = try ObjectIdentity(of: file)
    let dataSet = file.dataSet
    label = dataSet.string(.structureSetLabel)
    do {
      var contours: [Int: [DataSet]] = [:]
      for item in dataSet.items(.roiContourSequence) {
        guard let number = try item.integer(.referencedROINumber) else { continue }
        contours[number, default: []] += item.items(.contourSequence)
      }
      var types: [Int: String] = [:]
      var codes: [Int: [RecordedCode]] = [:]
      for item in dataSet.items(.rtroiObservationsSequence) {
        guard let number = try item.integer(.referencedROINumber) else { continue }
        types[number] = item.string(.rtroiInterpretedType)?.uppercased()
        codes[number] = RecordedCode.all(
          in: item, .rtroiIdentificationCodeSequence,
          modifiers: .segmentedPropertyTypeModifierCodeSequence)
      }
      var regions: [Region] = []
      for item in dataSet.items(.structureSetROISequence) {
        let number = try item.requiredInteger(.roiNumber)
        regions.append(
          Region(
            number: number, name: item.string(.roiName) ?? "",
            frameOfReferenceUID: item.string(.referencedFrameOfReferenceUID),
            interpretedType: types[number], description: item.string(.roiDescription),
            codes: codes[number] ?? [], contourItems: contours[number] ?? []))
      }
      self.regions = regions
    } catch { throw .attribute(path: file.path, error) }
  }
}

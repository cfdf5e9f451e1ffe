package import DICOM
package import Geometry

/// An RT Dose object.
///
/// PS3.3 C.8.8.3.
///
/// What is wrong with it is kept beside what is right: the checks say so, with the value.
package struct RTDose: Sendable {
  package let identity: ObjectIdentity
  /// `GY` or `RELATIVE`.
  package let units: String?
  /// `PHYSICAL`, `EFFECTIVE` or `ERROR`.
  package let type: String?
  /// `PLAN`, `MULTI_PLAN`, `BEAM`, …: what the dose is the sum of.
  package let summation: String?
  package let comment: String?
  /// Gy (where units say so) for each count.
  package let scaling: Result<Double, AttributeError>
  package let geometry: Result<GridGeometry, DoseGeometryError>
  package let pixels: Result<PixelDescription, PixelError>
  package let referencedPlans: [ObjectReference]
  /// The beams that a dose of beams is made of, by number.
  package let referencedBeams: [Int]
  package let referencedFractionGroups: [Int]
  package let creationDate: String?
  package let creationTime: String?
  package let file: DICOMFile

  package init(of file: DICOMFile) throws(FileError) {
    identity = try ObjectIdentity(of: file)
    let dataSet = file.dataSet
    units = dataSet.whole(.doseUnits)?.uppercased()
    type = dataSet.whole(.doseType)?.uppercased()
    summation = dataSet.whole(.doseSummationType)?.uppercased()
    comment = dataSet.string(.doseComment)
    scaling = Result { () throws(AttributeError) in
      try dataSet.requiredNumber(.doseGridScaling)
    }
    let pixels = Result { () throws(PixelError) in try PixelDescription(of: dataSet) }
    self.pixels = pixels
    geometry = Result { () throws(DoseGeometryError) in
      try DoseGridReading.geometry(of: dataSet, pixels: pixels)
    }
    referencedPlans = ObjectReference.all(in: dataSet, .referencedRTPlanSequence)
    referencedBeams = dataSet.items(.referencedRTPlanSequence)
      .flatMap { $0.items(.referencedFractionGroupSequence) }
      .flatMap { $0.items(.referencedBeamSequence) }
      .compactMap { try? $0.integer(.referencedBeamNumber) }
    referencedFractionGroups = dataSet.items(.referencedRTPlanSequence)
      .flatMap { $0.items(.referencedFractionGroupSequence) }
      .compactMap { try? $0.integer(.referencedFractionGroupNumber) }
    creationDate = dataSet.string(.instanceCreationDate) ?? dataSet.string(.contentDate)
    creationTime = dataSet.string(.instanceCreationTime) ?? dataSet.string(.contentTime)
    self.file = file
  }

  /// The counts of the whole grid: plane by plane, row by row.
  ///
  /// - Throws: where the pixels are not there in full, or are no unsigned 16 or 32 bit numbers.
  package func counts() throws(FileError) -> [UInt32] {
    let description: PixelDescription
    do { description = try pixels.get() } catch { throw .pixels(path: identity.path, error) }
    guard !description.isSigned, [16, 32].contains(description.bitsAllocated),
      description.samplesPerPixel == 1
    else {
      throw .pixels(
        path: identity.path,
        .format("a dose has unsigned pixels of 16 or 32 bits; export it again"))
    }
    var counts: [UInt32] = []
    do {
      let reader = try FrameReader(file, description: description)
      // Nothing is set aside before the first frame was really there.
      for index in 0..<description.frames {
        let bytes = try reader.frame(index).bytes
        if index == 0 {
          counts.reserveCapacity(
            min(file.byteCount, description.rows * description.columns * description.frames))
        }
        try StoredValues.counts(bytes, of: description, into: &counts)
      }
    } catch let error as PixelError {
      throw .pixels(path: identity.path, error)
    } catch let error as FileError {
      throw error
    } catch {
      throw .unreadable(path: identity.path, reason: "\(error)")
    }
    return counts
  }
}

package import DICOM
package import Geometry

/// A Spatial Registration: how frames of reference lie to one another.
///
/// PS3.3 C.20.2.
package struct SpatialRegistration: Sendable {
  package let identity: ObjectIdentity
  /// The frame that the others are mapped to.
  package let registeredFrame: String?
  package let items: [Item]
  package let contentDate: String?
  package let creator: String?
  package let label: String?

  package struct Item: Sendable {
    /// The frame whose points the matrices map.
    package let sourceFrame: String?
    /// The matrices as they stand, with their types.
    package let matrices: [Matrix]
    package let referencedImages: [ObjectReference]
  }

  package struct Matrix: Hashable, Sendable {
    /// `RIGID`, `RIGID_SCALE` or `AFFINE`.
    package let type: String
    /// 16 values row by row; `nil` map where they are no affine map.
    package let map: AffineMap?
    package let values: [Double]
  }

  package init(of file: DICOMFile) throws(FileError) {
    identity = try ObjectIdentity(of: file)
    let dataSet = file.dataSet
    registeredFrame = dataSet.string(.frameOfReferenceUID)
    contentDate = dataSet.string(.contentDate)
    creator = dataSet.string(.contentCreatorName)
    label = dataSet.string(.contentLabel)
    do {
      var items: [Item] = []
      for item in dataSet.items(.registrationSequence) {
        var matrices: [Matrix] = []
        for registration in item.items(.matrixRegistrationSequence) {
          for matrix in registration.items(.matrixSequence) {
            let values = try matrix.numbers(.frameOfReferenceTransformationMatrix)
            matrices.append(
              Matrix(
                type: matrix.string(.frameOfReferenceTransformationMatrixType)?.uppercased() ?? "",
                map: AffineMap(rowMajor: values), values: values))
          }
        }
        items.append(
          Item(
            sourceFrame: item.string(.frameOfReferenceUID), matrices: matrices,
            referencedImages: ObjectReference.all(in: item, .referencedImageSequence)))
      }
      self.items = items
    } catch { throw .attribute(path: file.path, error) }
  }
}

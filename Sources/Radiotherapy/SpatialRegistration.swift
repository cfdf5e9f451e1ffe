package import DICOM
package import Geometry

/// A Spatial Registration or Deformable Spatial Registration: how frames of reference lie to one another.
///
/// PS3.3 C.20.2 and C.20.3.
package struct SpatialRegistration: Sendable {
  package let identity: ObjectIdentity
  /// The frame that the others are joined to.
  package let registeredFrame: String?
  package let items: [Item]
  package let contentDate: String?
  package let creator: String?
  package let label: String?
  /// The study that each referenced instance is said to be of.
  ///
  /// PS3.3 C.12.2, Common Instance Reference.
  package let studies: [String: String]

  package struct Item: Sendable {
    /// The frame that is joined to the registered one.
    package let sourceFrame: String?
    package let way: Way
    package let referencedImages: [ObjectReference]
  }

  package enum Way: Sendable {
    /// Matrices that map the source frame into the registered one, as they stand.
    case matrices([Matrix])
    /// The other direction: from the registered frame into the source.
    case deformation(Result<Deformation, DeformationFault>)
  }

  package struct Deformation: Sendable {
    package let pre: Matrix?
    package let post: Matrix?
    /// `nil`: the two matrices are all there is.
    package let grid: DeformableGrid?
  }

  package enum DeformationFault: Error, Equatable {
    case severalMatrices
    case severalGrids
    case grid(reason: String)
  }

  package struct Matrix: Hashable, Sendable {
    /// `RIGID`, `RIGID_SCALE` or `AFFINE`.
    package let type: String
    /// `nil` where the values are no affine map.
    package let map: AffineMap?
    /// 16 values row by row.
    package let values: [Double]
  }

  package init(of file: DICOMFile) throws(FileError) {
    identity = try ObjectIdentity(of: file)
    let dataSet = file.dataSet
    registeredFrame = dataSet.whole(.frameOfReferenceUID)
    contentDate = dataSet.string(.contentDate)
    creator = dataSet.string(.contentCreatorName)
    label = dataSet.string(.contentLabel)
    studies = Self.studies(dataSet, own: identity.studyInstanceUID)
    do {
      var items: [Item] = []
      for item in dataSet.items(.registrationSequence) {
        var matrices: [Matrix] = []
        for registration in item.items(.matrixRegistrationSequence) {
          matrices += try registration.items(.matrixSequence).map(Self.matrix)
        }
        items.append(
          Item(
            sourceFrame: item.whole(.frameOfReferenceUID), way: .matrices(matrices),
            referencedImages: ObjectReference.all(in: item, .referencedImageSequence)))
      }
      for item in dataSet.items(.deformableRegistrationSequence) {
        items.append(
          Item(
            sourceFrame: item.string(.sourceFrameOfReferenceUID),
            way: .deformation(try Self.deformation(item)),
            referencedImages: ObjectReference.all(in: item, .referencedImageSequence)))
      }
      self.items = items
    } catch { throw .attribute(path: file.path, error) }
  }

  private static func matrix(_ item: DataSet) throws(AttributeError) -> Matrix {
    let values = try item.numbers(.frameOfReferenceTransformationMatrix)
    return Matrix(
      type: item.whole(.frameOfReferenceTransformationMatrixType)?.uppercased() ?? "",
      map: AffineMap(rowMajor: values), values: values)
  }

  private static func deformation(
    _ item: DataSet
  ) throws(AttributeError) -> Result<Deformation, DeformationFault> {
    let before = item.items(.preDeformationMatrixRegistrationSequence)
    let after = item.items(.postDeformationMatrixRegistrationSequence)
    let grids = item.items(.deformableRegistrationGridSequence)
    guard before.count <= 1, after.count <= 1 else { return .failure(.severalMatrices) }
    guard grids.count <= 1 else { return .failure(.severalGrids) }
    var grid: DeformableGrid?
    if let item = grids.first {
      switch try Self.grid(item) {
      case .success(let found): grid = found
      case .failure(let fault): return .failure(fault)
      }
    }
    return .success(
      Deformation(
        pre: try before.first.map(matrix), post: try after.first.map(matrix), grid: grid))
  }

  /// PS3.3 C.20.3.1.2 and C.20.3.1.3.
  private static func grid(
    _ item: DataSet
  ) throws(AttributeError) -> Result<DeformableGrid, DeformationFault> {
    let position = try item.requiredNumbers(.imagePositionPatient, count: 3)
    let orientation = try item.requiredNumbers(.imageOrientationPatient, count: 6)
    let sizes = try item.integers(.gridDimensions)
    let resolution = try item.requiredNumbers(.gridResolution, count: 3)
    guard sizes.count == 3, sizes.allSatisfy({ $0 > 0 && $0 <= Int(UInt32.max) }) else {
      return .failure(.grid(reason: "Grid Dimensions \(sizes) are not three numbers above 0"))
    }
    guard let element = item[.vectorGridData], let bytes = element.bytes,
      element.vr == .OF || element.vr == .UN
    else { return .failure(.grid(reason: "no Vector Grid Data")) }
    let plane: ImagePlane
    do {
      plane = try ImagePlane(
        position: PatientPoint(position[0], position[1], position[2]), orientation: orientation,
        rowSpacing: resolution[1], columnSpacing: resolution[0], rows: sizes[1],
        columns: sizes[0])
    } catch { return .failure(.grid(reason: "\(error)")) }
    // As many numbers as there are bytes for, whatever the dimensions say.
    let vectors = bytes.withUnsafeBytes { raw in
      (0..<raw.count / 4).map {
        Float(
          bitPattern: UInt32(
            littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
      }
    }
    guard
      let grid = DeformableGrid(
        plane: plane, planes: sizes[2], planeSpacing: resolution[2], vectors: vectors)
    else {
      return .failure(
        .grid(
          reason:
            "\(sizes[0]) x \(sizes[1]) x \(sizes[2]) vectors announced, \(vectors.count / 3) there, planes \(resolution[2]) mm apart"
        ))
    }
    return .success(grid)
  }

  private static func studies(_ dataSet: DataSet, own: String) -> [String: String] {
    var studies: [String: String] = [:]
    func note(_ item: DataSet, _ study: String) {
      for series in item.items(.referencedSeriesSequence) {
        for instance in series.items(.referencedInstanceSequence) {
          if let uid = instance.string(.referencedSOPInstanceUID) { studies[uid] = study }
        }
      }
    }
    note(dataSet, own)
    for item in dataSet.items(.studiesContainingOtherReferencedInstancesSequence) {
      if let study = item.string(.studyInstanceUID) { note(item, study) }
    }
    return studies
  }
}

extension SpatialRegistration {
  package var isDeformable: Bool { identity.sopClassUID == SOPClass.deformableSpatialRegistration }
}

import DICOM
import Radiotherapy

/// Registrations written attribute by attribute.
enum Registrations {
  typealias Matrix = (values: [Double], type: String)

  static let identity: [Double] = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]

  static func shift(_ x: Double, _ y: Double, _ z: Double) -> [Double] {
    [1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, z, 0, 0, 0, 1]
  }

  /// A Spatial Registration: for each item its frame, its matrices and the images it lists.
  static func rigid(
    _ uid: String = "1.2.3.66", registered: String?,
    _ items: [(frame: String?, matrices: [Matrix], images: [String])]
  ) throws -> SpatialRegistration {
    try SpatialRegistration(
      of: Objects.file { set in
        try set.set(.sopClassUID, SOPClass.spatialRegistration)
        try set.set(.sopInstanceUID, uid)
        if let registered { try set.set(.frameOfReferenceUID, registered) }
        set.set(
          .registrationSequence,
          items: try items.map { entry in
            var inner = DataSet()
            inner.set(.matrixSequence, items: try entry.matrices.map(matrix))
            var item = DataSet()
            if let frame = entry.frame { try item.set(.frameOfReferenceUID, frame) }
            item.set(
              .referencedImageSequence,
              items: try entry.images.map { image in
                var reference = DataSet()
                try reference.set(.referencedSOPInstanceUID, image)
                return reference
              })
            item.set(.matrixRegistrationSequence, items: [inner])
            return item
          })
      })
  }

  /// A grid of vectors, the first index fastest.
  struct Grid {
    var position = [0.0, 0, 0]
    var orientation = [1.0, 0, 0, 0, 1, 0]
    var dimensions = [2, 2, 2]
    var resolution = [1.0, 1, 1]
    var vectors: [Float] = []
  }

  /// A Deformable Spatial Registration with one item.
  static func deformable(
    _ uid: String = "1.2.3.67", registered: String, source: String, grid: Grid?,
    pre: [Matrix] = [], post: [Matrix] = []
  ) throws -> SpatialRegistration {
    try SpatialRegistration(
      of: Objects.file { set in
        try set.set(.sopClassUID, SOPClass.deformableSpatialRegistration)
        try set.set(.sopInstanceUID, uid)
        try set.set(.frameOfReferenceUID, registered)
        var item = DataSet()
        try item.set(.sourceFrameOfReferenceUID, source)
        item.set(.preDeformationMatrixRegistrationSequence, items: try pre.map(matrix))
        item.set(.postDeformationMatrixRegistrationSequence, items: try post.map(matrix))
        if let grid {
          var field = DataSet()
          try field.set(.imagePositionPatient, decimals: grid.position)
          try field.set(.imageOrientationPatient, decimals: grid.orientation)
          field.set(
            Element(
              tag: .gridDimensions, vr: .UL,
              value: .bytes(bytes(grid.dimensions.map { UInt32($0) })[...])))
          field.set(
            Element(
              tag: .gridResolution, vr: .FD,
              value: .bytes(bytes(grid.resolution.map(\.bitPattern))[...])))
          field.set(
            Element(
              tag: .vectorGridData, vr: .OF,
              value: .bytes(bytes(grid.vectors.map(\.bitPattern))[...])))
          item.set(.deformableRegistrationGridSequence, items: [field])
        }
        set.set(.deformableRegistrationSequence, items: [item])
      })
  }

  private static func matrix(_ matrix: Matrix) throws -> DataSet {
    var item = DataSet()
    try item.set(.frameOfReferenceTransformationMatrixType, matrix.type)
    try item.set(.frameOfReferenceTransformationMatrix, decimals: matrix.values)
    return item
  }

  private static func bytes<T: FixedWidthInteger>(_ words: [T]) -> [UInt8] {
    words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
  }
}

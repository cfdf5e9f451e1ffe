import DICOM
import Geometry
import Radiotherapy
import Testing

/// PS3.3 C.20.2.1.1: a matrix maps points of its source frame into the registered frame.
@Suite("Joining frames of reference") struct FrameJoinTests {
  /// 90 degrees about z, then 10 mm to the left: (x, y, z) -> (-y + 10, x, z).
  static let quarterTurn: [Double] = [0, -1, 0, 10, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
  static let identity: [Double] = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]

  private func registration(
    registered: String, _ items: [(frame: String, matrix: [Double], type: String)]
  ) throws -> SpatialRegistration {
    try SpatialRegistration(
      of: Objects.file { set in
        try set.set(.sopClassUID, SOPClass.spatialRegistration)
        try set.set(.frameOfReferenceUID, registered)
        set.set(
          .registrationSequence,
          items: try items.map { entry in
            var matrix = DataSet()
            try matrix.set(.frameOfReferenceTransformationMatrixType, entry.type)
            try matrix.set(.frameOfReferenceTransformationMatrix, decimals: entry.matrix)
            var inner = DataSet()
            inner.set(.matrixSequence, items: [matrix])
            var item = DataSet()
            try item.set(.frameOfReferenceUID, entry.frame)
            item.set(.matrixRegistrationSequence, items: [inner])
            return item
          })
      })
  }

  @Test("dose moves, scan is registered: the matrix itself")
  func forward() throws {
    let join = try FrameJoin.find(
      doseFrame: "1.1", scanFrame: "1.2",
      registrations: [
        registration(
          registered: "1.2",
          [("1.2", Self.identity, "RIGID"), ("1.1", Self.quarterTurn, "RIGID")])
      ])
    #expect(join.toScan(PatientPoint(1, 2, 3)) == PatientPoint(8, 1, 3))
    #expect(join.toDose(PatientPoint(8, 1, 3)) == PatientPoint(1, 2, 3))
    #expect(join.kind == .rigid)
  }

  @Test("scan moves, dose is registered: its inverse")
  func backward() throws {
    let join = try FrameJoin.find(
      doseFrame: "1.1", scanFrame: "1.2",
      registrations: [registration(registered: "1.1", [("1.2", Self.quarterTurn, "RIGID")])])
    #expect(join.toScan(PatientPoint(8, 1, 3)) == PatientPoint(1, 2, 3))
  }

  @Test("both are sources of a third frame")
  func chained() throws {
    let join = try FrameJoin.find(
      doseFrame: "1.1", scanFrame: "1.2",
      registrations: [
        registration(
          registered: "1.9",
          [
            ("1.1", Self.quarterTurn, "RIGID"),
            ("1.2", [1, 0, 0, 5, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], "RIGID"),
          ])
      ])
    #expect(join.toScan(PatientPoint(1, 2, 3)) == PatientPoint(3, 1, 3))
  }

  @Test("the same frame needs no registration")
  func same() throws {
    let join = try FrameJoin.find(doseFrame: "1.1", scanFrame: "1.1", registrations: [])
    #expect(join.kind == .sameFrame)
  }

  @Test("no path is an error, not an identity")
  func noPath() throws {
    #expect(throws: FrameJoin.Failure.noPath) {
      _ = try FrameJoin.find(doseFrame: "1.1", scanFrame: "1.2", registrations: [])
    }
    #expect(throws: FrameJoin.Failure.frameMissing(of: "dose")) {
      _ = try FrameJoin.find(doseFrame: nil, scanFrame: "1.2", registrations: [])
    }
  }

  @Test("two paths are a choice that nobody made")
  func ambiguous() throws {
    let one = try registration(registered: "1.2", [("1.1", Self.quarterTurn, "RIGID")])
    let two = try registration(registered: "1.2", [("1.1", Self.identity, "RIGID")])
    #expect(throws: FrameJoin.Failure.ambiguous(count: 2)) {
      _ = try FrameJoin.find(doseFrame: "1.1", scanFrame: "1.2", registrations: [one, two])
    }
  }

  @Test(
    "what is called rigid must be rigid",
    arguments: [
      [1.1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
      [-1.0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
      [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0.5, 1],
      [1, 0.2, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    ])
  func notRigid(matrix: [Double]) throws {
    let registration = try registration(registered: "1.2", [("1.1", matrix, "RIGID")])
    #expect(throws: FrameJoin.Failure.self) {
      _ = try FrameJoin.find(
        doseFrame: "1.1", scanFrame: "1.2", registrations: [registration])
    }
  }
}

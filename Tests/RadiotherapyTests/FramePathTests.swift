import DICOM
import Geometry
import Radiotherapy
import Testing

@Suite("Ways between frames of reference") struct FramePathTests {
  static let turn: [Double] = [0, -1, 0, 10, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
  static let box = [-100.0, 100].flatMap { x in
    [-100.0, 100].flatMap { y in [-100.0, 100].map { PatientPoint(x, y, $0) } }
  }

  private func find(
    _ registrations: [SpatialRegistration], chosen: String? = nil,
    imageFrames: [String: String] = [:]
  ) throws(FrameJoin.Failure) -> FrameJoin {
    try FrameJoin.find(
      doseFrame: "1.1", scanFrame: "1.2", registrations: registrations, chosen: chosen,
      reach: Self.box, imageFrames: imageFrames)
  }

  private func one(
    _ uid: String = "1.2.3.66", from: String, to: String, _ matrices: Registrations.Matrix...
  ) throws -> SpatialRegistration {
    try Registrations.rigid(uid, registered: to, [(from, matrices, [])])
  }

  @Test("two registrations make a way over a third frame, whichever way round they are written")
  func twoRegistrations() throws {
    // Dose -> 1.5 by a turn; scan -> 1.5 is not written, but 1.5 -> scan is: 7 mm along x.
    let a = try one("1.2.3.1", from: "1.1", to: "1.5", (Self.turn, "RIGID"))
    let b = try one("1.2.3.2", from: "1.5", to: "1.2", (Registrations.shift(7, 0, 0), "RIGID"))
    let c = try one("1.2.3.2", from: "1.2", to: "1.5", (Registrations.shift(-7, 0, 0), "RIGID"))
    for second in [b, c] {
      for registrations in [[a, second], [second, a]] {
        let join = try find(registrations)
        // (1, 2, 3) -> (-2 + 10, 1, 3) -> (15, 1, 3).
        let place = try #require(join.toScan(PatientPoint(1, 2, 3)))
        #expect(place.distance(to: PatientPoint(15, 1, 3)) < 1e-12)
        #expect(join.registrations.map(\.identity.sopInstanceUID) == ["1.2.3.1", "1.2.3.2"])
      }
    }
  }

  @Test("three registrations in a row are no way")
  func threeRegistrations() throws {
    let chain = [
      try one("1.2.3.1", from: "1.1", to: "1.5", (Self.turn, "RIGID")),
      try one("1.2.3.2", from: "1.5", to: "1.6", (Self.turn, "RIGID")),
      try one("1.2.3.3", from: "1.6", to: "1.2", (Self.turn, "RIGID")),
    ]
    #expect(throws: FrameJoin.Failure.noPath) { _ = try find(chain) }
  }

  @Test("ways that agree are one, ways that differ by more than 0.01 mm are a choice")
  func agreement() throws {
    let near = try one("1.2.3.1", from: "1.1", to: "1.2", (Self.turn, "RIGID"))
    var other = Self.turn
    other[3] += 0.009
    let same = try one("1.2.3.2", from: "1.1", to: "1.2", (other, "RIGID"))
    #expect(try find([near, same]).registrations.count == 1)
    other[3] += 0.002
    let differs = try one("1.2.3.3", from: "1.1", to: "1.2", (other, "RIGID"))
    #expect(throws: FrameJoin.Failure.ambiguous(count: 2)) { _ = try find([near, differs]) }
    let chosen = try #require(try find([near, differs], chosen: "1.2.3.3").doseToScan)
    #expect(abs(chosen.translation.x - 10.011) < 1e-12)
  }

  @Test("a direct way and a roundabout one that disagree are a choice")
  func roundabout() throws {
    let direct = try one("1.2.3.1", from: "1.1", to: "1.2", (Self.turn, "RIGID"))
    let a = try one("1.2.3.2", from: "1.1", to: "1.5", (Self.turn, "RIGID"))
    let b = try one("1.2.3.3", from: "1.5", to: "1.2", (Registrations.shift(7, 0, 0), "RIGID"))
    #expect(throws: FrameJoin.Failure.ambiguous(count: 2)) { _ = try find([direct, a, b]) }
    #expect(try find([direct, a, b], chosen: "1.2.3.1").registrations.count == 1)
    #expect(try find([direct, a, b], chosen: "1.2.3.3").registrations.count == 2)
  }

  @Test("items are found by their frame, never by their place in the list")
  func itemsByFrame() throws {
    let stray: Registrations.Matrix = (Registrations.shift(0, 0, 500), "RIGID")
    let join = try find([
      Registrations.rigid(
        registered: "1.2",
        [
          ("1.7", [stray], []), ("1.1", [(Self.turn, "RIGID")], []),
          ("1.2", [(Registrations.identity, "RIGID")], []), ("1.8", [stray], []),
        ])
    ])
    #expect(join.toScan(PatientPoint(1, 2, 3)) == PatientPoint(8, 1, 3))
  }

  @Test("an item that lists images and no frame is of the images' frame")
  func frameOfImages() throws {
    let registration = try Registrations.rigid(
      registered: "1.2", [(nil, [(Self.turn, "RIGID")], ["1.9.1", "1.9.2"])])
    #expect(throws: FrameJoin.Failure.noPath) { _ = try find([registration]) }
    let join = try find([registration], imageFrames: ["1.9.1": "1.1", "1.9.2": "1.1"])
    #expect(join.toScan(PatientPoint(1, 2, 3)) == PatientPoint(8, 1, 3))
  }

  @Test("an item whose images are of another frame contradicts itself")
  func imagesOfAnotherFrame() throws {
    let registration = try Registrations.rigid(
      registered: "1.2", [("1.1", [(Self.turn, "RIGID")], ["1.9.1"])])
    #expect(throws: FrameJoin.Failure.self) {
      _ = try find([registration], imageFrames: ["1.9.1": "1.2"])
    }
  }

  @Test("several matrices are multiplied where their order does not matter")
  func commuting() throws {
    let join = try find([
      one(
        from: "1.1", to: "1.2", (Registrations.shift(1, 2, 3), "RIGID"),
        (Registrations.shift(10, 20, 30), "RIGID"))
    ])
    #expect(join.toScan(.origin) == PatientPoint(11, 22, 33))
  }

  @Test("several matrices whose order matters are refused")
  func orderMatters() throws {
    let registration = try one(
      from: "1.1", to: "1.2", (Self.turn, "RIGID"), (Registrations.shift(0.02, 0, 0), "RIGID"))
    let error = #expect(throws: FrameJoin.Failure.self) { _ = try find([registration]) }
    #expect(
      error
        == .matrix(
          reason:
            "2 matrices in one item whose order matters, and readers disagree on it; export the registration as one matrix"
        ))
  }

  @Test("two items of one frame that disagree are a choice")
  func twoItems() throws {
    let registration = try Registrations.rigid(
      registered: "1.2",
      [
        ("1.1", [(Self.turn, "RIGID")], []), ("1.1", [(Registrations.identity, "RIGID")], []),
      ])
    #expect(throws: FrameJoin.Failure.ambiguous(count: 2)) { _ = try find([registration]) }
  }

  @Test("a registered frame that is moved against itself is a contradiction")
  func registeredFrameMoved() throws {
    let registration = try Registrations.rigid(
      registered: "1.2",
      [("1.1", [(Self.turn, "RIGID")], []), ("1.2", [(Registrations.shift(1, 0, 0), "RIGID")], [])])
    #expect(throws: FrameJoin.Failure.self) { _ = try find([registration]) }
    #expect(throws: FrameJoin.Failure.self) {
      _ = try FrameJoin.find(doseFrame: "1.2", scanFrame: "1.2", registrations: [registration])
    }
  }

  @Test("without a registered frame nothing is joined")
  func noRegisteredFrame() throws {
    let registration = try Registrations.rigid(
      registered: nil,
      [("1.1", [(Self.turn, "RIGID")], []), ("1.2", [(Registrations.identity, "RIGID")], [])])
    #expect(throws: FrameJoin.Failure.noPath) { _ = try find([registration]) }
  }

  @Test("rigid with scale has columns at right angles, affine need not")
  func scales() throws {
    // Rotation times scales: orthogonal columns, rows that are not.
    let scaled: [Double] = [0.8, -0.9, 0, 0, 0.6, 1.2, 0, 0, 0, 0, 1.1, 0, 0, 0, 0, 1]
    // Its transpose: orthogonal rows, columns that are not.
    let sheared: [Double] = [0.8, 0.6, 0, 0, -0.9, 1.2, 0, 0, 0, 0, 1.1, 0, 0, 0, 0, 1]
    #expect(
      try find([one(from: "1.1", to: "1.2", (scaled, "RIGID_SCALE"))]).kind == .rigidWithScale)
    #expect(throws: FrameJoin.Failure.matrix(reason: "called rigid with scale, but not orthogonal"))
    {
      _ = try find([one(from: "1.1", to: "1.2", (sheared, "RIGID_SCALE"))])
    }
    #expect(try find([one(from: "1.1", to: "1.2", (sheared, "AFFINE"))]).kind == .affine)
    var mirrored = scaled
    mirrored[10] = -1.1
    #expect(throws: FrameJoin.Failure.self) {
      _ = try find([one(from: "1.1", to: "1.2", (mirrored, "RIGID_SCALE"))])
    }
  }
}

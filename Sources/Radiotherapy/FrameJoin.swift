package import Geometry

/// How the dose's frame of reference and the scan's are joined.
package struct FrameJoin: Sendable {
  package enum Kind: String, Sendable {
    case sameFrame = "same frame of reference"
    case rigid
    case rigidWithScale = "rigid with scale"
    case affine
  }

  package let kind: Kind
  /// Maps points of the dose's frame to the scan's.
  package let doseToScan: AffineMap
  package let scanToDose: AffineMap
  package let registration: SpatialRegistration?

  package static let same = FrameJoin(
    kind: .sameFrame, doseToScan: .identity, scanToDose: .identity, registration: nil)

  package enum Failure: Error, Equatable {
    case frameMissing(of: String)
    case noPath
    case ambiguous(count: Int)
    case matrix(reason: String)
  }

  /// Finds the way from one frame to another by the frames' UIDs, over one registration.
  ///
  /// PS3.3 C.20.2.1.1: each item's matrix maps its source frame into the registered frame.
  package static func find(
    doseFrame: String?, scanFrame: String?, registrations: [SpatialRegistration]
  ) throws(Failure) -> FrameJoin {
    guard let doseFrame else { throw .frameMissing(of: "dose") }
    guard let scanFrame else { throw .frameMissing(of: "scan") }
    if doseFrame == scanFrame { return .same }
    var found: [FrameJoin] = []
    for registration in registrations {
      guard let registered = registration.registeredFrame else { continue }
      guard let dose = try map(of: doseFrame, in: registration, registered: registered),
        let scan = try map(of: scanFrame, in: registration, registered: registered)
      else { continue }
      guard let scanBack = scan.0.inverse else { throw .matrix(reason: "it cannot be inverted") }
      let doseToScan = scanBack.after(dose.0)
      guard let scanToDose = doseToScan.inverse else {
        throw .matrix(reason: "it cannot be inverted")
      }
      found.append(
        FrameJoin(
          kind: max(dose.1, scan.1), doseToScan: doseToScan, scanToDose: scanToDose,
          registration: registration))
    }
    guard let first = found.first else { throw .noPath }
    guard found.count == 1 else { throw .ambiguous(count: found.count) }
    return first
  }

  /// The map of one frame into the registered one; `nil` where the registration has none.
  private static func map(
    of frame: String, in registration: SpatialRegistration, registered: String
  ) throws(Failure) -> (AffineMap, Kind)? {
    let items = registration.items.filter { $0.sourceFrame == frame && !$0.matrices.isEmpty }
    if items.isEmpty { return frame == registered ? (.identity, .rigid) : nil }
    guard items.count == 1, let item = items.first else { throw .ambiguous(count: items.count) }
    // The order in which several matrices are meant is read in two ways in the field.
    guard item.matrices.count == 1, let matrix = item.matrices.first else {
      throw .matrix(reason: "several matrices in one item")
    }
    guard let map = matrix.map else {
      throw .matrix(reason: "not 16 finite numbers ending in 0 0 0 1")
    }
    let kind: Kind
    switch matrix.type {
    case "RIGID":
      try requireRigid(map)
      kind = .rigid
    case "RIGID_SCALE": kind = .rigidWithScale
    case "AFFINE": kind = .affine
    default: throw .matrix(reason: "type '\(matrix.type)' is none of RIGID, RIGID_SCALE, AFFINE")
    }
    guard map.determinant > 0 else {
      throw .matrix(reason: "it mirrors the patient (determinant \(map.determinant))")
    }
    return (map, kind)
  }

  private static func requireRigid(_ map: AffineMap) throws(Failure) {
    let rows = [map.row0, map.row1, map.row2]
    for (index, row) in rows.enumerated() {
      let next = rows[(index + 1) % 3]
      guard abs(row.length - 1) < 1e-3, abs(row.dot(next)) < 1e-3 else {
        throw .matrix(reason: "called rigid, but not orthonormal")
      }
    }
    guard abs(map.determinant - 1) < 1e-3 else {
      throw .matrix(reason: "called rigid, but its determinant is \(map.determinant)")
    }
  }
}

extension FrameJoin.Kind: Comparable {
  package static func < (a: FrameJoin.Kind, b: FrameJoin.Kind) -> Bool { a.rank < b.rank }

  private var rank: Int {
    switch self {
    case .sameFrame: 0
    case .rigid: 1
    case .rigidWithScale: 2
    case .affine: 3
    }
  }
}

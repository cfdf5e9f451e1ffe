package import Geometry

/// How the dose's frame of reference and the scan's are joined: over one registration, or two.
package struct FrameJoin: Sendable {
  package enum Kind: String, Sendable {
    case sameFrame = "same frame of reference"
    case rigid
    case rigidWithScale = "rigid with scale"
    case affine
    case deformable
  }

  package let kind: Kind
  /// The ways to go one after the other from the dose's frame to the scan's.
  let steps: [FrameStep]
  /// In the order of the way from the dose to the scan; empty where the frame is the same.
  package let registrations: [SpatialRegistration]
  /// Maps points of the dose's frame to the scan's; `nil` where a deformation is on the way.
  package let doseToScan: AffineMap?
  package let scanToDose: AffineMap?

  init(kind: Kind, steps: [FrameStep], registrations: [SpatialRegistration]) {
    self.kind = kind
    self.steps = steps
    self.registrations = registrations
    var forth: AffineMap? = .identity
    var back: AffineMap? = .identity
    for step in steps {
      guard case .affine(let map, let inverse) = step else {
        (forth, back) = (nil, nil)
        break
      }
      forth = forth.map { map.after($0) }
      back = back.map { $0.after(inverse) }
    }
    doseToScan = forth
    scanToDose = back
  }

  package static let same = FrameJoin(kind: .sameFrame, steps: [], registrations: [])

  /// For what lies in the scan's frame already, and what brought it there.
  package static func standing(kind: Kind, registrations: [SpatialRegistration]) -> FrameJoin {
    FrameJoin(kind: kind, steps: [], registrations: registrations)
  }

  /// The registration next to the dose; `nil` where none is needed.
  package var registration: SpatialRegistration? { registrations.first }

  package var isDeformable: Bool { kind == .deformable }

  /// The place in the scan's frame of a point of the dose's frame; `nil` where it has none.
  package func toScan(_ point: PatientPoint) -> PatientPoint? {
    var point: PatientPoint? = point
    for step in steps { point = point.flatMap(step.forth) }
    return point
  }

  /// The place in the dose's frame of a point of the scan's frame; `nil` where it has none.
  package func toDose(_ point: PatientPoint) -> PatientPoint? {
    var point: PatientPoint? = point
    for step in steps.reversed() { point = point.flatMap(step.back) }
    return point
  }

  /// Whether the ways can be gone both forth and back at a point of the dose's frame, and no
  /// deformation on them folds there.
  package func isInvertible(at point: PatientPoint) -> Bool {
    var place = point
    for step in steps {
      guard let next = step.forth(place) else { return false }
      if case .deformation(let map, let isTowardsSource) = step,
        !map.isUnfolded(around: isTowardsSource ? place : next)
      {
        return false
      }
      place = next
    }
    guard let back = toDose(place) else { return false }
    return back.distance(to: point) < Self.returnTolerance
  }

  /// How far from where it began a way forth and back may end, mm.
  package static let returnTolerance = 1e-3

  package enum Failure: Error, Equatable {
    case frameMissing(of: String)
    case noPath
    case ambiguous(count: Int)
    case matrix(reason: String)
    /// The registration says two things that cannot both be.
    case contradiction(reason: String)
  }
}

/// One way between two frames of reference, forth and back.
enum FrameStep: Sendable {
  case affine(AffineMap, inverse: AffineMap)
  /// Forth is towards the source, as the deformation is written, or against it.
  case deformation(DeformableMap, isTowardsSource: Bool)

  var reversed: FrameStep {
    switch self {
    case .affine(let map, let inverse): .affine(inverse, inverse: map)
    case .deformation(let map, let isTowardsSource):
      .deformation(map, isTowardsSource: !isTowardsSource)
    }
  }

  func forth(_ point: PatientPoint) -> PatientPoint? {
    switch self {
    case .affine(let map, _): map(point)
    case .deformation(let map, true): map.source(of: point)
    case .deformation(let map, false): map.registered(of: point)
    }
  }

  func back(_ point: PatientPoint) -> PatientPoint? { reversed.forth(point) }
}

extension FrameJoin.Kind: Comparable {
  package static func < (a: FrameJoin.Kind, b: FrameJoin.Kind) -> Bool { a.rank < b.rank }

  private var rank: Int {
    switch self {
    case .sameFrame: 0
    case .rigid: 1
    case .rigidWithScale: 2
    case .affine: 3
    case .deformable: 4
    }
  }
}

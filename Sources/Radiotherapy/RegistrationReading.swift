import Geometry

/// What one registration says of the frames it joins, judged only where it is used.
struct RegistrationReading {
  let registration: SpatialRegistration
  /// The frames it joins: the registered one and those of its items.
  let frames: Set<String>
  private let items: [(frame: String?, item: SpatialRegistration.Item)]
  private let reach: [PatientPoint]
  private let imageFrames: [String: String]

  var uid: String { registration.identity.sopInstanceUID }

  init(
    _ registration: SpatialRegistration, _ imageFrames: [String: String], _ reach: [PatientPoint]
  ) {
    self.registration = registration
    self.reach = reach
    self.imageFrames = imageFrames
    items = registration.items.map { item in
      let listed = Set(item.referencedImages.compactMap { imageFrames[$0.sopInstanceUID] })
      // PS3.3 C.20.2.1: the frame may be left out where images are listed.
      return (item.sourceFrame ?? (listed.count == 1 ? listed.first : nil), item)
    }
    if let registered = registration.registeredFrame {
      frames = Set(
        items.filter { $0.item.isUsable }.compactMap(\.frame) + [registered])
    } else {
      frames = []
    }
  }

  /// Refuses a registration that moves a frame against itself.
  func requireStill(_ frame: String) throws(FrameJoin.Failure) {
    guard registration.registeredFrame == frame, frames.contains(frame) else { return }
    for (source, item) in items where source == frame && item.isUsable {
      _ = try way(of: item, isRegisteredFrame: true)
    }
  }

  /// The ways from one frame to another: into the registered frame, and out of it.
  func steps(
    from: String, to: String
  ) throws(FrameJoin.Failure) -> ([FrameStep], FrameJoin.Kind) {
    var steps: [FrameStep] = []
    var kind = FrameJoin.Kind.rigid
    if let (step, itsKind) = try wayIn(of: from) {
      steps.append(step)
      kind = max(kind, itsKind)
    }
    if let (step, itsKind) = try wayIn(of: to) {
      steps.append(step.reversed)
      kind = max(kind, itsKind)
    }
    return (steps, kind)
  }

  /// The way of a frame into the registered one; `nil` for the registered frame itself.
  private func wayIn(
    of frame: String
  ) throws(FrameJoin.Failure) -> (FrameStep, FrameJoin.Kind)? {
    let isRegistered = frame == registration.registeredFrame
    var ways: [(FrameStep, FrameJoin.Kind)] = []
    for (source, item) in items where source == frame && item.isUsable {
      for image in item.referencedImages {
        if let real = imageFrames[image.sopInstanceUID], real != frame {
          throw .contradiction(
            reason: "it lists an image of another frame of reference under the frame \(frame)")
        }
      }
      ways.append(try way(of: item, isRegisteredFrame: isRegistered))
    }
    if isRegistered { return nil }
    guard let first = ways.first else { throw .noPath }
    for other in ways.dropFirst() {
      guard case .affine(let a, _) = first.0, case .affine(let b, _) = other.0,
        FrameJoin.agree(a, b, over: reach)
      else { throw .ambiguous(count: ways.count) }
    }
    return first
  }

  private func way(
    of item: SpatialRegistration.Item, isRegisteredFrame: Bool
  ) throws(FrameJoin.Failure) -> (FrameStep, FrameJoin.Kind) {
    let found: (FrameStep, FrameJoin.Kind)
    switch item.way {
    case .matrices(let matrices): found = try Self.step(matrices, over: reach)
    case .deformation(.success(let deformation)): found = try Self.step(deformation)
    case .deformation(.failure(let fault)):
      throw .matrix(
        reason: {
          switch fault {
          case .severalMatrices: "several matrices before or after a deformation"
          case .severalGrids: "several grids of vectors in one item"
          case .grid(let reason): reason
          }
        }())
    }
    if isRegisteredFrame {
      guard case .affine(let map, _) = found.0, FrameJoin.agree(map, .identity, over: reach) else {
        throw .contradiction(reason: "it moves the registered frame of reference against itself")
      }
    }
    return found
  }

  /// The way of an item of matrices: their product, where their order does not matter.
  ///
  /// PS3.3 C.20.2.1.1: the last matrix is applied first. Readers in the field disagree on that;
  /// where it matters nobody can know what was meant.
  private static func step(
    _ matrices: [SpatialRegistration.Matrix], over reach: [PatientPoint]
  ) throws(FrameJoin.Failure) -> (FrameStep, FrameJoin.Kind) {
    var map = AffineMap.identity
    var reversed = AffineMap.identity
    var kind = FrameJoin.Kind.rigid
    for matrix in matrices {
      let (one, itsKind) = try judged(matrix)
      map = map.after(one)
      reversed = one.after(reversed)
      kind = max(kind, itsKind)
    }
    guard FrameJoin.agree(map, reversed, over: reach) else {
      throw .matrix(
        reason:
          "\(matrices.count) matrices in one item whose order matters, and readers disagree on it; export the registration as one matrix"
      )
    }
    return (try affine(map), kind)
  }

  /// PS3.3 C.20.3.1.1: source = post * (pre * registered + displacement).
  private static func step(
    _ deformation: SpatialRegistration.Deformation
  ) throws(FrameJoin.Failure) -> (FrameStep, FrameJoin.Kind) {
    let (pre, preKind) = try deformation.pre.map(judged) ?? (.identity, .rigid)
    let (post, postKind) = try deformation.post.map(judged) ?? (.identity, .rigid)
    guard let grid = deformation.grid else {
      return (try affine(post.after(pre)).reversed, max(preKind, postKind))
    }
    guard let map = DeformableMap(pre: pre, grid: grid, post: post) else {
      throw .matrix(reason: "it cannot be inverted")
    }
    return (.deformation(map, isTowardsSource: false), .deformable)
  }

  private static func affine(_ map: AffineMap) throws(FrameJoin.Failure) -> FrameStep {
    guard let inverse = map.inverse else { throw .matrix(reason: "it cannot be inverted") }
    return .affine(map, inverse: inverse)
  }
}

extension SpatialRegistration.Item {
  /// Whether the item says anything of where its frame lies.
  var isUsable: Bool {
    if case .matrices(let matrices) = way { !matrices.isEmpty } else { true }
  }
}

extension RegistrationReading {
  /// How far a matrix may be from what its type says.
  private static let tolerance = 1e-3

  /// A matrix that is what its type says it is.
  ///
  /// PS3.3 C.20.2.1.2.
  private static func judged(
    _ matrix: SpatialRegistration.Matrix
  ) throws(FrameJoin.Failure) -> (AffineMap, FrameJoin.Kind) {
    guard let map = matrix.map else {
      throw .matrix(reason: "not 16 finite numbers ending in 0 0 0 1")
    }
    let kind: FrameJoin.Kind
    switch matrix.type {
    case "RIGID":
      try requireColumns(of: map, areUnits: true, "rigid")
      guard abs(abs(map.determinant) - 1) < tolerance else {
        throw .matrix(reason: "called rigid, but its determinant is \(map.determinant)")
      }
      kind = .rigid
    case "RIGID_SCALE":
      try requireColumns(of: map, areUnits: false, "rigid with scale")
      kind = .rigidWithScale
    case "AFFINE": kind = .affine
    default: throw .matrix(reason: "type '\(matrix.type)' is none of RIGID, RIGID_SCALE, AFFINE")
    }
    guard map.determinant > 0 else {
      throw .matrix(reason: "it mirrors the patient (determinant \(map.determinant))")
    }
    return (map, kind)
  }

  /// A rotation times a scaling of the axes has columns at right angles; a rotation unit ones.
  private static func requireColumns(
    of map: AffineMap, areUnits: Bool, _ name: String
  ) throws(FrameJoin.Failure) {
    let columns = [
      PatientVector(map.row0.x, map.row1.x, map.row2.x),
      PatientVector(map.row0.y, map.row1.y, map.row2.y),
      PatientVector(map.row0.z, map.row1.z, map.row2.z),
    ]
    for (index, column) in columns.enumerated() {
      let next = columns[(index + 1) % 3]
      guard let a = column.normalized, let b = next.normalized, abs(a.dot(b)) < tolerance,
        !areUnits || abs(column.length - 1) < tolerance
      else {
        throw .matrix(
          reason: "called \(name), but not \(areUnits ? "orthonormal" : "orthogonal")")
      }
    }
  }
}

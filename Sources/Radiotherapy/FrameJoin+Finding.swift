package import Geometry

extension FrameJoin {
  /// How far apart two readings of a registration may put a point of the dose, mm.
  package static let agreement = 0.01

  /// Finds the way from one frame to another by the frames' UIDs, over at most two registrations.
  ///
  /// Two ways that put every corner of the dose at the same place are one; any other two are a
  /// choice that nobody made.
  ///
  /// - Parameters:
  ///   - chosen: SOP Instance UID of a registration that must be on the way.
  ///   - reach: corners of what is to be mapped, in the dose's frame: where agreement counts.
  ///   - imageFrames: the frames of the images that are there, by SOP Instance UID; for items that
  ///     name images and no frame.
  package static func find(
    doseFrame: String?, scanFrame: String?, registrations: [SpatialRegistration],
    chosen: String? = nil, reach: [PatientPoint] = [], imageFrames: [String: String] = [:]
  ) throws(Failure) -> FrameJoin {
    guard let doseFrame else { throw .frameMissing(of: "dose") }
    guard let scanFrame else { throw .frameMissing(of: "scan") }
    let reach = reach.isEmpty ? everywhere : reach
    if doseFrame == scanFrame {
      for registration in registrations {
        try RegistrationReading(registration, imageFrames, reach).requireStill(doseFrame)
      }
      return .same
    }
    let readings = registrations.map { RegistrationReading($0, imageFrames, reach) }
    var paths: [[(RegistrationReading, from: String, to: String)]] = []
    for first in readings where first.frames.contains(doseFrame) {
      if first.frames.contains(scanFrame) {
        paths.append([(first, doseFrame, scanFrame)])
        continue
      }
      for second in readings
      where second.uid != first.uid && second.frames.contains(scanFrame)
        && !second.frames.contains(doseFrame)
      {
        for middle in first.frames.intersection(second.frames).sorted() {
          paths.append([(first, doseFrame, middle), (second, middle, scanFrame)])
        }
      }
    }
    if let chosen {
      paths = paths.filter { $0.contains { $0.0.uid == chosen } }
      let alone = paths.filter { $0.count == 1 }
      if !alone.isEmpty { paths = alone }
    }
    var found: [FrameJoin] = []
    for path in paths {
      var steps: [FrameStep] = []
      var kind = Kind.rigid
      for (reading, from, to) in path {
        let (more, itsKind) = try reading.steps(from: from, to: to)
        steps += more
        kind = max(kind, itsKind)
      }
      found.append(
        FrameJoin(kind: kind, steps: steps, registrations: path.map(\.0.registration)))
    }
    // The shortest first: one that others agree with is the one that is named.
    found.sort { $0.registrations.count < $1.registrations.count }
    guard let first = found.first else { throw .noPath }
    guard found.dropFirst().allSatisfy({ $0.agrees(with: first, over: reach) }) else {
      throw .ambiguous(count: found.count)
    }
    return first
  }

  private func agrees(with other: FrameJoin, over reach: [PatientPoint]) -> Bool {
    guard let own = doseToScan, let others = other.doseToScan else { return false }
    return Self.agree(own, others, over: reach)
  }

  /// Whether two maps put every point between the corners at the same place.
  ///
  /// The distance between two affine maps' images is convex: nowhere larger than at a corner.
  static func agree(_ a: AffineMap, _ b: AffineMap, over reach: [PatientPoint]) -> Bool {
    reach.allSatisfy { a($0).distance(to: b($0)) <= agreement }
  }

  /// A box no patient is larger than, for doses whose corners are not known.
  private static let everywhere: [PatientPoint] = [-1000.0, 1000].flatMap { x in
    [-1000.0, 1000].flatMap { y in [-1000.0, 1000].map { z in PatientPoint(x, y, z) } }
  }
}

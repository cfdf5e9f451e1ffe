import DICOM
package import DoseMap
package import Geometry
package import Radiotherapy

/// The dose of a map: the field that is drawn, and one grid that it is judged by.
package struct MapDose: Sendable {
  /// The dose of one plan, as its file or files hold it.
  struct Part: Sendable {
    /// Which plan of the course.
    let plan: Int
    let grid: DoseGrid
    /// What the grid is multiplied with to be the delivered dose.
    let factor: Double
    /// Whether the dose counts as zero beyond its grid.
    var isZeroBeyond: Bool
    /// What the files are called, for messages.
    let name: String
    /// The files' SOP Instance UIDs.
    let instances: [String]
  }

  let parts: [Part]
  /// The delivered dose in the scan's frame; `nil` where a part cannot be brought there.
  package let field: DoseField?
  /// The planned dose on one grid: times the factor of the facts it is what was delivered.
  ///
  /// Of one dose, or doses on one grid, it is that grid. Of others it is a lattice in the scan's
  /// frame, for the checks and the review: what is drawn and saved comes from ``field``.
  package let grid: DoseGrid
  /// The way from the grid's frame to the scan's.
  package let join: FrameJoin?
  /// The highest dose of the grid where the dose ends, in the grid's own Gy.
  package let edgeGray: Double
  /// What of a sum lies beyond a part's grid; `nil` where all is on one grid.
  let extent: SumExtent?

  /// Whether parts count as zero where they are not known: then the map says `AT LEAST`.
  package var isAtLeast: Bool { extent?.isCut ?? false }
  /// Whether ``grid`` is a lattice that was made to judge a sum by.
  package var isLattice: Bool { extent != nil }

  /// The highest dose as delivered, Gy, and where in the scan's frame.
  package let maximum: (gray: Double, position: PatientPoint?)

  /// - Parameters:
  ///   - facts: `nil` where they are not known; then nothing is scaled.
  ///   - lowest: the lowest isodose, Gy as delivered.
  /// - Throws: where the pixels of a dose cannot be read.
  init?(
    of course: Course, facts: CourseFacts?, lowest: Double?
  ) throws(PreparationError) {
    let found = try Self.parts(of: course, facts: facts)
    guard let first = found.first else { return nil }
    let joins = course.plans.map { try? $0.join.get() }
    // What the judged grid is multiplied with, so that nothing else changes with the fractions.
    let whole = facts?.factor ?? 1
    let frames = Set(course.doseParts.map(\.identity.frameOfReferenceUID))
    let areOnOneGrid =
      frames.count == 1 && SummedGrid.shareOneGrid(found.map(\.grid.geometry))
    do {
      if found.count == 1 || areOnOneGrid {
        var (grid, factor) = (first.grid, first.factor)
        if found.count > 1 {
          guard let sum = try SummedGrid.grid(of: found.map { ($0.grid, $0.factor) }) else {
            return nil
          }
          (grid, factor) = (sum, 1)
        }
        let join = joins[first.plan]
        field = try join.map { join throws(DoseMapError) in
          try DoseField(parts: [.init(grid: grid, factor: factor, map: join.frameMap)])
        }
        let judged = try Self.scaled(grid, by: factor / whole)
        self.grid = judged
        self.join = join
        edgeGray = judged.maximumOnBoundary
        extent = nil
        parts = found
        let highest = judged.maximum
        maximum = (highest.gray * whole, join?.toScan(highest.position))
        return
      }
      guard joins.allSatisfy({ $0 != nil }) else {
        // Parts that cannot be brought together: what joins them has its own check.
        (parts, field, join, extent) = (found, nil, nil, nil)
        grid = first.grid
        edgeGray = first.grid.maximumOnBoundary
        maximum = (first.grid.maximum.gray, nil)
        return
      }
      func fieldParts(_ parts: [Part]) throws(DoseMapError) -> [DoseField.Part] {
        var list: [DoseField.Part] = []
        for part in parts {
          list.append(
            try DoseField.Part(
              grid: part.grid, factor: part.factor, map: joins[part.plan]?.frameMap ?? .same,
              isZeroBeyondGrid: part.isZeroBeyond))
        }
        return list
      }
      guard let lattice = SumLattice(try fieldParts(found), lowest: lowest) else { return nil }
      var drawn = found
      if lattice.isCut { for index in drawn.indices { drawn[index].isZeroBeyond = true } }
      let sum = try DoseField(parts: fieldParts(drawn))
      parts = drawn
      field = sum
      extent = SumExtent(
        isCut: lattice.isCut, cutCubicCentimetres: lattice.cutVolume,
        cutBy: lattice.cutting.map { found[$0].name }, parts: found,
        isUnknownAnywhere: lattice.isUnknownAnywhere)
      grid = try Self.scaled(try lattice.grid(), by: 1 / whole)
      join = FrameJoin.inScan(joins.compactMap(\.self))
      edgeGray = max(lattice.edgeGray, Self.edge(of: found, sum)) / whole
      maximum = sum.maximum.map { ($0.gray, $0.position) } ?? (0, nil)
    } catch { throw .drawing(error) }
  }

  /// The delivered dose at points in Gy, `nil` where it is unknown; nothing at all where nobody
  /// knows the way from their frame of reference to the dose's.
  func delivered(
    at points: [PatientPoint], frame: String?, in course: Course, factor: Double
  ) -> [Double?]? {
    if !isLattice, frame == course.dose.identity.frameOfReferenceUID {
      return grid.doses(at: points).map { dose in dose.map { $0 * factor } }
    }
    guard let way = course.way(from: frame), let field else { return nil }
    return points.map { point in way.toScan(point).flatMap { field.dose(at: $0) } }
  }

  /// One part for each plan whose doses share a grid, else one for each dose.
  private static func parts(
    of course: Course, facts: CourseFacts?
  ) throws(PreparationError) -> [Part] {
    var parts: [Part] = []
    for (index, plan) in course.plans.enumerated() {
      let own = facts?.plans[index]
      var grids: [(RTDose, DoseGrid)] = []
      for dose in plan.doses { grids.append((dose, try grid(of: dose))) }
      guard !grids.isEmpty else { continue }
      let factor = own?.doseFactor ?? 1
      func part(_ grid: DoseGrid, _ name: String, _ doses: [RTDose]) -> Part {
        Part(
          plan: index, grid: grid, factor: factor,
          isZeroBeyond: isNegligible(
            grid.maximumBeyond * factor, prescribed: own.map { $0.highestGy * $0.share }),
          name: name, instances: doses.map(\.identity.sopInstanceUID))
      }
      if grids.count > 1, SummedGrid.shareOneGrid(grids.map(\.1.geometry)) {
        do {
          guard let sum = try SummedGrid.grid(of: grids.map { ($0.1, 1) }) else { return [] }
          parts.append(part(sum, "plan \(plan.name)", plan.doses))
        } catch { throw .drawing(error) }
      } else {
        for (dose, grid) in grids {
          parts.append(
            part(grid, grids.count > 1 ? dose.identity.fileName : "plan \(plan.name)", [dose]))
        }
      }
    }
    return parts
  }

  private static func grid(of dose: RTDose) throws(PreparationError) -> DoseGrid {
    do { return try SoundDose.grid(of: dose) } catch {
      switch error {
      case .file(let trouble): throw .file(trouble)
      case .drawing(let trouble): throw .drawing(trouble)
      case .check(let check):
        throw .file(.unreadable(path: dose.identity.path, reason: check.detail))
      }
    }
  }

  /// A part whose whole boundary lies below this share of its prescription ends where its dose does.
  static let negligibleShare = 0.01

  static func isNegligible(_ edge: Double, prescribed: Double?) -> Bool {
    guard let prescribed, prescribed > 0 else { return false }
    return edge < negligibleShare * prescribed
  }

  private static func scaled(
    _ grid: DoseGrid, by factor: Double
  ) throws(DoseMapError) -> DoseGrid {
    factor == 1
      ? grid
      : try DoseGrid(
        geometry: grid.geometry, counts: grid.counts, grayPerCount: grid.grayPerCount * factor)
  }

  /// The highest sum on the boundary of the grids beyond which nothing is known.
  private static func edge(of parts: [Part], _ field: DoseField) -> Double {
    var highest = 0.0
    for (part, own) in zip(parts, field.parts) where !own.isZeroBeyondGrid {
      part.grid.forEachOnBoundary { point in
        if let place = own.map.toScan(point), let gray = field.dose(at: place) {
          highest = max(highest, gray)
        }
      }
    }
    return highest
  }
}

extension FrameJoin {
  /// For what lies in the scan's frame already: no way to go, and all that led there.
  static func inScan(_ joins: [FrameJoin]) -> FrameJoin {
    var seen: Set<String> = []
    return FrameJoin.standing(
      kind: joins.map(\.kind).max() ?? .sameFrame,
      registrations: joins.flatMap(\.registrations).filter {
        seen.insert($0.identity.sopInstanceUID).inserted
      })
  }
}

extension DoseGrid {
  /// The highest dose where the grid ends: of a single plane, row or column any of its points.
  var maximumBeyond: Double {
    planes > 1 && rows > 1 && columns > 1 ? maximumOnBoundary : maximum.gray
  }

  /// Calls for each sample point on the boundary, in the grid's own frame.
  func forEachOnBoundary(_ visit: (PatientPoint) -> Void) {
    for plane in 0..<planes {
      for row in 0..<rows {
        let isFace = plane == 0 || plane == planes - 1 || row == 0 || row == rows - 1
        let step = isFace ? 1 : max(1, columns - 1)
        for column in stride(from: 0, to: columns, by: step) {
          visit(geometry.position(column: column, row: row, plane: plane))
        }
      }
    }
  }
}

import DICOM
import DoseMap
import Geometry
import Radiotherapy

/// Whether the dose lies on this scan, and where.
enum GeometryChecks {
  static func frame(_ course: Course, _ part: CoursePlan) -> Check {
    let id = CheckID.geometryFrame
    switch part.join {
    case .success(let join):
      if join.kind == .sameFrame {
        let dose = part.doses.first ?? course.dose
        return course.scan.studyInstanceUID == dose.identity.studyInstanceUID
          ? .pass(id, "dose and scan share the frame of reference and the study")
          : .warning(
            id,
            "dose and scan share the frame of reference, but not the study: how they were joined is not recorded"
          )
      }
      let count = join.registrations.count
      return .pass(
        id,
        "dose and scan are joined by \(count == 1 ? "a registration" : "\(count) registrations") (\(join.kind.rawValue))"
      )
    case .failure(.frameMissing(let what)):
      return .blocked(
        id, "the \(what) has no \(Tag.frameOfReferenceUID): where it lies cannot be known")
    case .failure(.noPath):
      return .blocked(
        id,
        "dose and scan lie in different frames of reference and no registration joins them; export the registration and add it"
      )
    case .failure(.ambiguous(let count)):
      return .blocked(
        id,
        "\(count) ways lead from the dose's frame of reference to the scan's; choose one with --registration UID"
      )
    case .failure(.matrix(let reason)):
      return .blocked(id, "the registration cannot be used: \(reason)")
    case .failure(.contradiction(let reason)):
      return .blocked(id, "the registration contradicts itself: \(reason); export it again")
    }
  }

  static func slices(_ course: Course, dose: MapDose?, lowest: Double?) -> Check {
    let id = CheckID.geometrySlices
    let scan = course.scan
    if let turned = scan.leftOut.first(where: { !$0.isLocalizer }) {
      return .blocked(
        id,
        "\(turned.identity.fileName) lies across the other slices of the series; leave it out, or choose a series of parallel slices"
      )
    }
    guard let spacing = scan.spacing else {
      return .pass(id, "a single slice")
    }
    let gaps = scan.gaps
    let tilted = scan.isTilted ? ", a leaning stack" : ""
    guard let gap = gaps.first else {
      return .pass(
        id, "\(scan.slices.count) parallel slices, \(DoseText.gray(spacing)) mm apart\(tilted)")
    }
    let text =
      "\(gaps.count) gap\(gaps.count == 1 ? "" : "s") between slices: \(DoseText.gray(gap.distance)) mm behind slice \(gap.after + 1), where \(DoseText.gray(spacing)) mm are usual"
    if let grid = dose?.grid, let lowest, let join = dose?.join,
      gaps.contains(where: { reaches(grid, lowest, inGap: $0, of: scan, join) })
    {
      return .overridable(id, text + ", within the lowest isodose; add the missing images")
    }
    return .warning(id, text)
  }

  private static func reaches(
    _ grid: DoseGrid, _ lowest: Double, inGap gap: ScanSeries.Gap, of scan: ScanSeries,
    _ join: FrameJoin
  ) -> Bool {
    let normal = scan.normal
    let low = scan.slices[gap.after].plane.distance(along: normal)
    let high = scan.slices[gap.after + 1].plane.distance(along: normal)
    return anyPoint(of: grid, atOrAbove: lowest, join) { point in
      let distance = (point - .origin).dot(normal)
      return distance > low && distance < high
    }
  }

  private static func anyPoint(
    of grid: DoseGrid, atOrAbove gray: Double, _ join: FrameJoin,
    _ isWanted: (PatientPoint) -> Bool
  ) -> Bool {
    for plane in 0..<grid.planes {
      for row in 0..<grid.rows {
        for column in 0..<grid.columns
        where grid.dose(column: column, row: row, plane: plane) >= gray {
          let point = grid.geometry.position(column: column, row: row, plane: plane)
          if let place = join.toScan(point), isWanted(place) { return true }
        }
      }
    }
    return false
  }

  /// How much of the volume of a dose lies in the stack of slices: points inside, points in all.
  static func inside(
    _ scan: ScanSeries, _ grid: DoseGrid, atOrAbove gray: Double, _ join: FrameJoin
  ) -> (inside: Int, all: Int) {
    let normal = scan.normal
    let distances = scan.slices.map { $0.plane.distance(along: normal) }
    guard let first = distances.first, let last = distances.last else { return (0, 0) }
    // A slice stands for half the way to its neighbours.
    let half = (scan.spacing ?? 0) / 2
    var inside = 0
    var all = 0
    for plane in 0..<grid.planes {
      for row in 0..<grid.rows {
        for column in 0..<grid.columns
        where grid.dose(column: column, row: row, plane: plane) >= gray {
          all += 1
          guard
            let point = join.toScan(
              grid.geometry.position(column: column, row: row, plane: plane))
          else { continue }
          let distance = (point - .origin).dot(normal)
          guard distance >= first - half - 1e-6, distance <= last + half + 1e-6 else { continue }
          let nearest = nearestIndex(to: distance, in: distances)
          let image = scan.slices[nearest].plane
          let index = image.index(of: point)
          if index.column >= -0.5, index.column <= Double(image.columns) - 0.5,
            index.row >= -0.5, index.row <= Double(image.rows) - 0.5
          {
            inside += 1
          }
        }
      }
    }
    return (inside, all)
  }

  /// Which of some ascending positions lies nearest.
  static func nearestIndex(to distance: Double, in sorted: [Double]) -> Int {
    var low = 0
    var high = sorted.count - 1
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < distance { low = middle + 1 } else { high = middle }
    }
    return low > 0 && distance - sorted[low - 1] < sorted[low] - distance ? low - 1 : low
  }

  static func overlap(_ course: Course, dose: MapDose, facts: CourseFacts) -> Check {
    let id = CheckID.geometryOverlap
    let grid = dose.grid
    guard let join = dose.join else {
      return .blocked(id, "dose and scan are not joined")
    }
    let prescribed = facts.plannedPrescriptionGy
    // A dose that reaches half the prescription nowhere has a place all the same.
    let threshold = min(prescribed, grid.maximum.gray) / 2
    let half = inside(course.scan, grid, atOrAbove: threshold, join)
    guard half.inside > 0 else {
      return .blocked(
        id,
        "no point of \(DoseText.gray(threshold)) Gy or more lies in this scan; choose the scan of the treated region"
      )
    }
    let whole = inside(course.scan, grid, atOrAbove: prescribed, join)
    guard whole.inside == whole.all else {
      let percent = max(1, 100 * (whole.all - whole.inside) / max(1, whole.all))
      return .warning(id, "\(percent) % of the prescription volume is outside this scan")
    }
    let body = BodyCheck(scan: course.scan)
    if let outside = body.outside(grid, atOrAbove: prescribed, count: whole.all, join),
      outside > BodyCheck.tolerance
    {
      return .warning(
        id,
        "\(Int((100 * outside).rounded())) % of the prescription volume is outside the body that this scan shows"
      )
    }
    return .pass(id, "all of the prescription volume lies in the scan")
  }

  static func prior(
    _ course: Course, _ facts: Result<CourseFacts, CourseFacts.Missing>
  ) -> Check {
    let id = CheckID.geometryPrior
    switch facts {
    case .success(let facts):
      guard let date = course.scan.date else {
        return .warning(
          id,
          "the scan has no date; a \(facts.isPrior ? "follow-up" : "planning") scan on the reviewer's word"
        )
      }
      if let last = course.scan.lastDate, (last > facts.completed) != facts.isPrior {
        return .blocked(
          id,
          "the scan's images are of \(date.iso) to \(last.iso), before and after the last fraction of \(facts.completed.iso): they are no one scan; export the series again"
        )
      }
      if let said = course.request.isPrior, said != facts.isPrior {
        return .blocked(
          id,
          "\(said ? "--prior" : "--planning") contradicts the dates: scan \(date.iso), last fraction \(facts.completed.iso)"
        )
      }
      return .pass(
        id,
        "scan of \(date.iso), last fraction \(facts.completed.iso): \(facts.isPrior ? "a PRIOR map" : "no PRIOR map")"
      )
    case .failure(.scanDate):
      return .blocked(
        id, "the scan has no date; say whether it is a follow-up: --prior or --planning")
    case .failure:
      return .blocked(id, "without the date of the last fraction this cannot be told")
    }
  }
}

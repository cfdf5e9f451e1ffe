import DICOM
import DoseMap
import Geometry
import Radiotherapy
import Workers

/// Whether the registration that joins dose and scan is one, and is meant for this scan.
enum RegistrationChecks {
  private static let id = CheckID.geometryRegistration

  /// - Parameter lowest: the lowest isodose, Gy as delivered.
  static func verdict(
    _ course: Course, _ plan: CoursePlan, dose: MapDose?, lowest: Double?
  ) -> Check {
    guard let join = try? plan.join.get() else {
      return .blocked(id, "no registration that could be judged")
    }
    guard !join.registrations.isEmpty else { return .pass(id, "none needed") }
    let images = join.registrations.map { listed(in: $0, for: course.scan) }
    if let blocked = images.first(where: { $0?.remedy == .blocked }) ?? nil { return blocked }
    let shape: Check
    if let map = join.doseToScan {
      shape = .pass(
        id, "\(join.kind.rawValue), determinant \((map.determinant * 1e4).rounded() / 1e4)")
    } else {
      shape = invertible(join, course, plan, dose: dose, lowest: lowest)
    }
    guard shape.status == .pass, let warning = images.first(where: { $0 != nil }) ?? nil else {
      return shape
    }
    return warning
  }

  /// What is to be said of the images that a registration lists for the scan's frame.
  private static func listed(in registration: SpatialRegistration, for scan: ScanSeries) -> Check? {
    let instances = Set(scan.slices.map(\.identity.sopInstanceUID))
    for item in registration.items
    where item.sourceFrame == scan.frameOfReferenceUID && !item.referencedImages.isEmpty {
      let images = item.referencedImages.map(\.sopInstanceUID)
      if images.contains(where: instances.contains) { continue }
      guard images.allSatisfy({ registration.studies[$0] == scan.studyInstanceUID }) else {
        return .blocked(
          id,
          "the registration was made for images that are not of this scan's study; use the registration of this scan"
        )
      }
      return .warning(
        id,
        "the registration lists another series of the study in the scan's frame of reference, not this one"
      )
    }
    return nil
  }

  /// A deformation must be one to one wherever the dose is drawn.
  private static func invertible(
    _ join: FrameJoin, _ course: Course, _ plan: CoursePlan, dose: MapDose?, lowest: Double?
  ) -> Check {
    let index = course.plans.firstIndex {
      $0.plan?.identity.sopInstanceUID == plan.plan?.identity.sopInstanceUID
    }
    // A plan without a dose of its own shares the first one's.
    let own = dose?.parts.filter { $0.plan == index } ?? []
    let parts = own.isEmpty ? dose?.parts ?? [] : own
    guard let lowest, !parts.isEmpty else {
      return .blocked(id, "without dose and isodoses a deformation cannot be judged")
    }
    // Where a sum reaches the isodose, one of its parts at least has its share of it.
    let least = lowest / Double(dose?.parts.count ?? 1)
    let checks = parts.map { invertible(join, grid: $0.grid, lowest: least / $0.factor) }
    return checks.first { $0.status != .pass } ?? checks[0]
  }

  private static func invertible(_ join: FrameJoin, grid: DoseGrid?, lowest: Double?) -> Check {
    guard let grid, let lowest else {
      return .blocked(id, "without dose and isodoses a deformation cannot be judged")
    }
    let faults = inParallel(grid.planes) { plane -> (points: Int, fault: PatientPoint?) in
      var points = 0
      for row in 0..<grid.rows {
        for column in 0..<grid.columns
        where isNear(grid, column, row, plane, atOrAbove: lowest) {
          points += 1
          let point = grid.geometry.position(column: column, row: row, plane: plane)
          guard join.isInvertible(at: point) else { return (points, point) }
        }
      }
      return (points, nil)
    }
    if let fault = faults.lazy.compactMap(\.fault).first {
      return .blocked(
        id,
        "the deformation folds or is not defined within the \(DoseText.gray(lowest)) Gy isodose, at (\(short(fault.x)), \(short(fault.y)), \(short(fault.z))) mm of the dose; no map can be made with it"
      )
    }
    let count = faults.map(\.points).reduce(0, +)
    return .pass(
      id,
      "deformable, one to one at all \(count) points of the dose within the \(DoseText.gray(lowest)) Gy isodose"
    )
  }

  /// Whether a point or a neighbour of it reaches a dose: the isodose may pass between the two.
  private static func isNear(
    _ grid: DoseGrid, _ column: Int, _ row: Int, _ plane: Int, atOrAbove gray: Double
  ) -> Bool {
    for p in max(0, plane - 1)...min(grid.planes - 1, plane + 1) {
      for r in max(0, row - 1)...min(grid.rows - 1, row + 1) {
        for c in max(0, column - 1)...min(grid.columns - 1, column + 1)
        where grid.dose(column: c, row: r, plane: p) >= gray {
          return true
        }
      }
    }
    return false
  }

  private static func short(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}

import DICOM
import DoseMap
import Radiotherapy

/// How well the targets of a plan are covered: the dose that 95 % of each of them gets.
struct TargetCoverage: Sendable {
  let name: String
  let prescribedGy: Double
  /// The dose that covers 95 % of the target, Gy; what lies outside the grid counts as nothing.
  let d95Gy: Double

  /// A target should get this share of its prescription at least.
  static let least = 0.9

  var isCovered: Bool { d95Gy >= Self.least * prescribedGy }

  /// Those targets whose contours are there, in the dose's own frame of reference.
  static func all(in course: Course, grid: DoseGrid) -> [TargetCoverage] {
    guard let plan = course.plan, let set = course.structureSet else { return [] }
    return plan.targets.compactMap { target in
      guard let prescribed = target.doseGy, let number = target.roiNumber,
        let region = set.regions.first(where: { $0.number == number }),
        region.frameOfReferenceUID == course.dose.identity.frameOfReferenceUID,
        let interior = try? RegionInterior(of: region), !interior.points.isEmpty
      else { return nil }
      let doses = interior.points.map { grid.dose(at: $0) ?? 0 }.sorted(by: >)
      let index = min(doses.count - 1, Int(Double(doses.count) * 0.95))
      return TargetCoverage(name: region.name, prescribedGy: prescribed, d95Gy: doses[index])
    }
  }
}

import DICOM
import DoseMap
import Radiotherapy

/// How well the targets of a course are covered: the dose that 95 % of each of them gets.
struct TargetCoverage: Sendable {
  let name: String
  /// Gy as delivered.
  let prescribedGy: Double
  /// The dose that covers 95 % of the target, Gy as delivered; what lies outside the grid counts as
  /// nothing.
  let d95Gy: Double

  /// A target should get this share of its prescription at least.
  static let least = 0.9

  var isCovered: Bool { d95Gy >= Self.least * prescribedGy }

  /// Those targets whose contours are there, in the frame of reference of a dose or the scan.
  static func all(in course: Course, _ facts: CourseFacts, dose: MapDose) -> [TargetCoverage] {
    facts.targets.compactMap { target in
      guard let region = target.region,
        let interior = try? RegionInterior(of: region), !interior.points.isEmpty,
        let found = dose.delivered(
          at: interior.points, frame: region.frameOfReferenceUID, in: course, factor: facts.factor)
      else { return nil }
      let doses = found.map { $0 ?? 0 }.sorted(by: >)
      let index = min(doses.count - 1, Int(Double(doses.count) * 0.95))
      return TargetCoverage(
        name: region.name, prescribedGy: target.deliveredGy, d95Gy: doses[index])
    }
  }
}

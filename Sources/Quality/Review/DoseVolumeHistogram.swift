import DoseMap
import Radiotherapy

/// How much of a structure gets how much dose.
struct DoseVolumeHistogram: Sendable {
  let name: String
  /// cm3.
  let volume: Double
  /// What was prescribed to it, Gy as delivered; `nil` where nothing was.
  let prescribedGy: Double?
  /// Gy at the points of the structure, ascending; nothing is known of points outside the grid,
  /// which count as zero.
  private let doses: [Double]
  /// Whether part of the structure lies where no dose was calculated.
  let isCut: Bool

  /// No more structures are shown.
  static let most = 8

  init(name: String, volume: Double, prescribedGy: Double? = nil, doses: [Double?]) {
    self.name = name
    self.volume = volume
    self.prescribedGy = prescribedGy
    self.doses = doses.map { $0 ?? 0 }.sorted()
    isCut = doses.contains { $0 == nil }
  }

  var meanGy: Double { doses.isEmpty ? 0 : doses.reduce(0, +) / Double(doses.count) }
  var maximumGy: Double { doses.last ?? 0 }

  /// V100: the share of the volume that gets its prescription at least.
  var prescribedShare: Double? { prescribedGy.map { share(atOrAbove: $0) } }

  /// The dose that a share of the volume gets at least, Gy.
  func dose(toShare share: Double) -> Double {
    guard !doses.isEmpty else { return 0 }
    let index = Int((Double(doses.count) * (1 - share)).rounded(.down))
    return doses[min(max(index, 0), doses.count - 1)]
  }

  /// The share of the volume that gets a dose at least.
  func share(atOrAbove gray: Double) -> Double {
    guard !doses.isEmpty else { return 0 }
    var (low, high) = (0, doses.count)
    while low < high {
      let middle = (low + high) / 2
      if doses[middle] < gray { low = middle + 1 } else { high = middle }
    }
    return Double(doses.count - low) / Double(doses.count)
  }

  /// Those of the plans' targets, else of all structures that are called targets.
  static func targets(
    of course: Course, _ facts: CourseFacts, dose: MapDose
  ) -> [DoseVolumeHistogram] {
    var regions = facts.targets.compactMap { target in
      target.region.map { (region: $0, prescribedGy: Optional(target.deliveredGy)) }
    }
    if regions.isEmpty {
      regions = course.structureSets.flatMap(\.regions).filter {
        ["PTV", "CTV", "GTV"].contains($0.interpretedType ?? "")
      }.map { ($0, nil) }
    }
    return regions.filter { course.way(from: $0.region.frameOfReferenceUID) != nil }.prefix(most)
      .compactMap { region, prescribedGy in
        guard let interior = try? RegionInterior(of: region), !interior.points.isEmpty,
          let doses = dose.delivered(
            at: interior.points, frame: region.frameOfReferenceUID, in: course,
            factor: facts.factor)
        else { return nil }
        let stretch = course.way(from: region.frameOfReferenceUID)?.stretch ?? 1
        return DoseVolumeHistogram(
          name: region.name,
          volume: Double(interior.points.count) * interior.volumePerPoint * stretch / 1000,
          prescribedGy: prescribedGy, doses: doses)
      }
  }
}

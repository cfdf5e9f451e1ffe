import Geometry

/// What the review page shows.
struct ReviewContent: Sendable {
  struct Slice: Sendable {
    /// From 1, as burned in.
    let number: Int
    /// The bare scan and the ink over it, below the review folder.
    let scan: String
    let ink: String
    /// Along the stack's normal, mm.
    let distance: Double
    /// The highest dose in the slice, Gy; `nil` where none was calculated.
    let maximumGy: Double?
  }

  /// A series whose pictures the page shows; the first one is the map itself.
  struct Series: Sendable {
    /// As the page's menu calls it.
    let name: String
    let slices: [Slice]
    /// The pictures' size in pixels of what they are drawn on.
    let columns: Int
    let rows: Int
    /// Width over height in the patient: pixels need not be square.
    let aspect: Double
    /// Whether its pictures lie where the map's slices lie.
    let isOnSlices: Bool
  }

  struct Row: Sendable {
    let name: String
    let value: String

    init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// A level, the volume inside it, and between which volumes it lies whatever the dose does
  /// between the points of its grid, all in cm3.
  struct Isodose: Sendable {
    let color: String
    let text: String
    let gray: Double
    let volume: Double
    /// About how much the grid's coarseness takes from it.
    let coarseness: Double
    let surely: Double
    let perhaps: Double
  }

  let label: String
  /// `Gy` or `Gy(RBE)`.
  let unit: String
  /// Patient, scan, dose, plan, evidence, registration.
  let facts: [Row]
  let isodoses: [Isodose]
  /// The spacing of the dose grid, in words.
  let gridSpacing: String
  let regions: [HotRegion]
  /// Regions too many to list.
  let regionsLeftOut: Int
  let histograms: [DoseVolumeHistogram]
  let checks: [Check]
  /// What the site has loosened.
  let loosened: [String]
  /// Warnings that the site expects, by id.
  let expected: [String]
  let series: [Series]
  let reformats: [Reformats.View]
  /// Why there are none, in words.
  let reformatsMissing: String
  let outlines: [Outline]
}

extension ReviewContent.Series {
  init(_ plan: SeriesPlan, slices: [ReviewContent.Slice]) {
    let plane = plan.source.planes[0]
    self.init(
      name: plan.kind?.suffix ?? "Dose map", slices: slices, columns: plane.columns,
      rows: plane.rows,
      aspect: Double(plane.columns) * plane.columnSpacing / (Double(plane.rows) * plane.rowSpacing),
      isOnSlices: plan.kind?.isOnSlices ?? true)
  }
}

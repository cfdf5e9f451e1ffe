import DoseMap
import Foundation
import Geometry
import Testing

/// A slice whose picture is kept.
struct GoldenScene: CustomTestStringConvertible, Sendable {
  var name: String
  var phantom = HeadPhantom()
  var peaks: [(x: Double, y: Double, z: Double, sigma: Double, gray: Double)]
  var half = (70.0, 90.0, 40.0)
  var plateau = 5.0
  var fractions = 1
  var targets: [MapPrescription.Target]
  var style = LineStyle.solid
  var text: MapText
  var scheme = IsodoseScheme.standard
  var scale = 2
  var orientation: [Double] = [1, 0, 0, 0, 1, 0]
  var hasLocator = true
  var wash = 0
  /// Outlines: name, centre, and radii in mm.
  var outlines: [(name: String, x: Double, y: Double, a: Double, b: Double)] = []
  var maximumAt: PatientPoint?
  var levels: [IsodoseRequest]?

  var testDescription: String { name }

  func renderer() throws -> MapRenderer {
    let grid = try HeadPhantom.dose(
      peaks: peaks, half: half, spacing: 2, plateau: plateau)
    let levels = try scheme.levels(
      self.levels, for: MapPrescription(targets: targets, fractions: fractions))
    let design = try MapDesign(
      levels: levels, lineStyle: style, scale: scale, text: text, maximum: grid.maximum.gray,
      wash: wash,
      structures: MapStructure.list(outlines.map { ($0.name, "") }, beside: levels))
    return MapRenderer(field: DoseField(grid: grid), design: design)
  }

  func slice() throws -> MapSlice {
    let plane = try phantom.plane(orientation: orientation)
    var locator: MapLocator?
    if hasLocator {
      var other = phantom
      var planes: [ImagePlane] = []
      var lines: [[UInt8]] = []
      for index in 0..<48 {
        other.height = Double(index - 24) * 4
        let plane = try other.plane(orientation: orientation)
        planes.append(plane)
        let pixels = other.pixels(on: plane)
        switch MapLocator.Line.best(for: plane) {
        case .row:
          let middle = other.rows / 2 * other.columns
          lines.append(Array(pixels[middle..<middle + other.columns]))
        case .column:
          lines.append((0..<other.rows).map { pixels[$0 * other.columns + other.columns / 2] })
        }
      }
      locator = MapLocator(stack: planes, middle: .best(for: plane), lines: lines)
    }
    return MapSlice(
      number: 25 + Int(phantom.height / 4), count: 48, plane: plane,
      pixels: phantom.pixels(on: plane), locator: locator,
      structures: outlines.indices.map {
        StructureLine(structure: $0, path: outline($0, on: plane))
      },
      maximum: maximumAt.map {
        let place = plane.index(of: $0)
        return MaximumMark(
          place: PixelPoint(column: place.column, row: place.row), gray: peaks[0].gray)
      })
  }

  private func outline(_ index: Int, on plane: ImagePlane) -> PixelPath {
    let outline = outlines[index]
    let points = (0..<72).map { step in
      let angle = Double(step) * .pi / 36
      let place = plane.index(
        of: PatientPoint(outline.x + outline.a * cos(angle), outline.y + outline.b * sin(angle), 0))
      return PixelPoint(column: place.column, row: place.row)
    }
    return PixelPath(points: points, isClosed: true)
  }

  static let srs = GoldenScene(
    name: "brain-srs",
    peaks: [(30, -20, 0, 5, 22), (-25, 30, 4, 4, 20)], targets: [.init(name: "GTV", gray: 18)],
    text: MapText(
      title: "RT_18Gy_1Fx_04.23.2020", fractions: 1,
      ended: MapText.ended(year: 2020, month: 4, day: 23),
      contact: "Radiation Oncology, ext. 1234"))

  static let headNeck = GoldenScene(
    name: "head-neck-boost", peaks: [(10, 5, 0, 30, 62)], half: (50, 90, 40), plateau: 22,
    fractions: 33,
    targets: [.init(name: "PTV_high", gray: 59.4), .init(name: "PTV_low", gray: 54)],
    text: MapText(
      title: "RT_59.4Gy_33Fx_03.02.2017", fractions: 33,
      ended: MapText.ended(year: 2017, month: 3, day: 2)))

  static let prior = GoldenScene(
    name: "prior-dashed", peaks: [(30, -20, 0, 12, 22)],
    targets: [.init(name: "GTV", gray: 18)], style: .dashed,
    text: MapText(
      title: "PRIOR_RT_18Gy_1Fx_04.23.2020", fractions: 1,
      alerts: [
        "PRIOR RT, 8 months before this scan, rigid registration; lines may be off by "
          + "millimetres, anatomy may have changed"
      ], ended: MapText.ended(year: 2020, month: 4, day: 23)))

  static let bright: GoldenScene = {
    var scene = GoldenScene(
      name: "bright-ground", peaks: [(20, 10, 0, 10, 22)],
      targets: [.init(name: "GTV", gray: 18)], style: .dotted,
      text: MapText(
        title: "RT_18Gy_1Fx_04.23.2020", fractions: 1, alerts: ["QA OVERRIDE: dose.plausible"],
        contact: "Strahlenklinik Görlitz, Tür 3 (ß, é, ñ, ø)"))
    scene.phantom.isBright = true
    return scene
  }()

  static let noDose: GoldenScene = {
    var scene = srs
    scene.name = "no-dose"
    scene.phantom.height = 60
    return scene
  }()

  static let oblique: GoldenScene = {
    var scene = headNeck
    scene.name = "oblique-edge"
    let (c, s) = (0.8, 0.6)
    scene.orientation = [c, s, 0, 0, 0, -1]
    scene.hasLocator = false
    return scene
  }()

  /// A scene like the first one without grain, changed as told.
  private static func plain(_ name: String, _ change: (inout GoldenScene) -> Void) -> GoldenScene {
    var scene = srs
    scene.name = name
    scene.phantom.grain = 0
    change(&scene)
    return scene
  }

  static let feetFirst = plain("feet-first") { $0.orientation = [-1, 0, 0, 0, 1, 0] }
  static let prone = plain("prone") { $0.orientation = [-1, 0, 0, 0, -1, 0] }
  static let sagittal = plain("sagittal") {
    $0.orientation = [0, 1, 0, 0, 0, -1]
    $0.phantom.height = -30
  }
  static let air = plain("dark-ground") { $0.phantom.isEmpty = true }

  static let extras = plain("wash-outlines-maximum") {
    $0.wash = 25
    $0.maximumAt = PatientPoint(30, -20, 0)
    $0.outlines = [
      ("GTV_right", 30, -20, 8, 7), ("GTV_left", -25, 30, 6, 6), ("Brain", 0, 0, 66, 86),
      ("Brainstem", 0, 12, 14, 12),
    ]
  }

  static let second = plain("dotted-six-levels") {
    $0.style = .dotted
    $0.levels = [22, 18, 12, 8, 5, 3].map(IsodoseRequest.gray)
    $0.peaks = [(30, -20, 0, 16, 24)]
  }

  static let rbe = plain("rbe-stopped-early") {
    $0.text = MapText(
      title: "RT_50.4GyRBE_28Fx_12.09.2019", unit: "Gy(RBE)", fractions: 28,
      quantity: "RBE-weighted dose, not EQD2",
      alerts: ["STOPPED EARLY: 28 of 33 fractions delivered"],
      ended: MapText.ended(year: 2019, month: 12, day: 9))
    $0.fractions = 28
    $0.peaks = [(0, 20, 0, 24, 52)]
    $0.targets = [.init(name: "PTV", gray: 50.4)]
  }

  static let longWords = plain("long-words") {
    $0.text = MapText(
      title: "PRIOR_RT_59.37Gy_33Fx_03.02.2017_Nasopharynx_Boost_left_and_right", fractions: 33,
      alerts: [
        "PRIOR RT, 14 months before this scan, rigid registration; lines may be off by millimetres, anatomy may have changed",
        "QA OVERRIDE: dose.plausible", "QA OVERRIDE: treatment.fractions",
        "12.5 % of the prescription volume is outside this scan",
      ],
      notes: [
        MapText.notForDiagnosis, MapText.thisCourseOnly, "scan was lossy compressed",
      ], ended: MapText.ended(year: 2017, month: 3, day: 2),
      contact:
        "Klinik und Poliklinik für Strahlentherapie und Radioonkologie, Haus 4, Tel. 030 1234")
    $0.fractions = 33
    $0.style = .dashed
    $0.peaks = [(10, 25, 0, 20, 62)]
    $0.targets = [
      .init(name: "PTV_59.37_Nasopharynx", gray: 59.37),
      .init(name: "PTV_54_Lymph nodes", gray: 54),
    ]
  }

  static let letters = plain("letters") {
    $0.hasLocator = false
    $0.phantom.isEmpty = true
    $0.peaks = [(60, 60, 0, 4, 22)]
    let blocks = [0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF, 0x100...0x17F].map { range in
      range.compactMap { UnicodeScalar($0).map { String(Character($0)) } }.joined(separator: " ")
    }
    $0.text = MapText(
      title: "RT_18Gy_1Fx", fractions: 1, alerts: blocks,
      notes: ["− – — ± × · … → ≤ ≥ ‘ ’ “ ” „ Ș ș Ț ț"])
  }

  /// The matrix of a scan and the scale it is drawn at.
  private static func sized(
    _ name: String, rows: Int, columns: Int, scale: Int, spacing: Double
  ) -> GoldenScene {
    plain(name) {
      $0.phantom.rows = rows
      $0.phantom.columns = columns
      $0.phantom.spacing = spacing
      $0.scale = scale
    }
  }

  static let pet = sized("matrix-64", rows: 64, columns: 64, scale: 8, spacing: 4)
  static let once = sized("scale-1", rows: 512, columns: 512, scale: 1, spacing: 0.47)
  static let threefold = sized("scale-3", rows: 192, columns: 176, scale: 3, spacing: 1.25)
  static let fourfold = sized("scale-4", rows: 128, columns: 144, scale: 4, spacing: 1.8)
  static let wide = sized("wide", rows: 96, columns: 224, scale: 6, spacing: 2)
  static let narrow = sized("narrow", rows: 224, columns: 96, scale: 6, spacing: 2)

  static let all = [
    srs, headNeck, prior, bright, noDose, oblique, feetFirst, prone, sagittal, air, extras, second,
    rbe, longWords, letters, pet, once, threefold, fourfold, wide, narrow,
  ]
}

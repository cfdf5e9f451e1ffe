import DoseMap
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

  var testDescription: String { name }

  func renderer() throws -> MapRenderer {
    let grid = try HeadPhantom.dose(
      peaks: peaks, half: half, spacing: 2, plateau: plateau)
    let levels = try scheme.levels(
      nil, for: MapPrescription(targets: targets, fractions: fractions))
    let design = try MapDesign(
      levels: levels, lineStyle: style, scale: scale, text: text, maximum: grid.maximum.gray)
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
        let middle = other.rows / 2 * other.columns
        lines.append(Array(pixels[middle..<middle + other.columns]))
      }
      locator = MapLocator(stack: planes, middleRows: lines)
    }
    return MapSlice(
      number: 25 + Int(phantom.height / 4), count: 48, plane: plane,
      pixels: phantom.pixels(on: plane), locator: locator)
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

  static let all = [srs, headNeck, prior, bright, noDose, oblique]
}

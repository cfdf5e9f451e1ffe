import DoseMap
import Geometry
import TestSupport

/// A head and a dose by formula, for pictures: skin, skull, brain, ventricles, and spheres of dose.
struct HeadPhantom {
  var rows = 256
  var columns = 256
  /// mm; the field of view is 240 mm unless changed.
  var spacing = 240.0 / 256
  /// Height of the slice above the middle of the head, mm.
  var height = 0.0
  /// Whether the grey values fill the picture with bright tissue up to its corners.
  var isBright = false
  /// Whether there is nothing but air.
  var isEmpty = false
  /// How far the grain goes to either side of the grey values; without any, pictures are small.
  var grain = 7.5

  func plane(orientation: [Double] = [1, 0, 0, 0, 1, 0]) throws -> ImagePlane {
    let half = PatientVector(orientation[0], orientation[1], orientation[2])
    let down = PatientVector(orientation[3], orientation[4], orientation[5])
    let corner =
      .origin + half.cross(down) * height - half * (spacing * Double(columns - 1) / 2)
      - down * (spacing * Double(rows - 1) / 2)
    return try ImagePlane(
      position: corner, orientation: orientation, rowSpacing: spacing, columnSpacing: spacing,
      rows: rows, columns: columns)
  }

  func pixels(on plane: ImagePlane) -> [UInt8] {
    var noise = SeededGenerator(seed: 7)
    var pixels: [UInt8] = []
    for row in 0..<rows {
      for column in 0..<columns {
        let p = plane.position(column: Double(column), row: Double(row))
        let grain = (Double(noise.next() & 15) - 7.5) / 7.5 * grain
        pixels.append(UInt8(min(max(grey(p) + grain, 0), 255)))
      }
    }
    return pixels
  }

  private func grey(_ p: PatientPoint) -> Double {
    if isEmpty { return 3 }
    if isBright { return 215 + 25 * ((p.x + p.y) / 120).clamped }
    func inside(_ x: Double, _ y: Double, _ a: Double, _ b: Double, _ c: Double = 90) -> Double {
      let (dx, dy, dz) = ((p.x - x) / a, (p.y - y) / b, p.z / c)
      return dx * dx + dy * dy + dz * dz
    }
    if inside(0, 0, 78, 98) > 1 { return 8 }
    if inside(0, 0, 73, 93) > 1 { return 150 }
    if inside(0, 0, 66, 86) > 1 { return 235 }
    if inside(-9, -8, 7, 22, 30) < 1 || inside(9, -8, 7, 22, 30) < 1 { return 45 }
    return inside(0, 0, 58, 78) > 1 ? 120 : 98
  }

  /// Gaussian peaks on a grid of the given spacing that covers the given box.
  static func dose(
    peaks: [(x: Double, y: Double, z: Double, sigma: Double, gray: Double)],
    half: (Double, Double, Double), spacing: Double, plateau: Double = 0
  ) throws -> DoseGrid {
    let columns = Int(2 * half.0 / spacing) + 1
    let rows = Int(2 * half.1 / spacing) + 1
    let planes = Int(2 * half.2 / spacing) + 1
    let plane = try ImagePlane(
      position: PatientPoint(-half.0, -half.1, -half.2), orientation: [1, 0, 0, 0, 1, 0],
      rowSpacing: spacing, columnSpacing: spacing, rows: rows, columns: columns)
    let grid = try GridGeometry(plane: plane, offsets: (0..<planes).map { Double($0) * spacing })
    var counts: [UInt32] = []
    for k in 0..<planes {
      for r in 0..<rows {
        for c in 0..<columns {
          let p = grid.position(column: c, row: r, plane: k)
          var dose = 0.0
          for peak in peaks {
            let d = p.distance(to: PatientPoint(peak.x, peak.y, peak.z))
            // A flat top inside the radius `plateau`, a bell beyond it.
            let beyond = max(d - plateau, 0) / peak.sigma
            dose = max(dose, peak.gray / (1 + beyond * beyond * beyond))
          }
          counts.append(UInt32(dose / 1e-5))
        }
      }
    }
    return try DoseGrid(geometry: grid, counts: counts, grayPerCount: 1e-5)
  }
}

extension Double {
  fileprivate var clamped: Double { Swift.min(Swift.max(self, -1), 1) }
}

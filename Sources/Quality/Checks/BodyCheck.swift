import DICOM
import DoseMap
import Geometry
import Radiotherapy
import Workers

/// Whether a dose lies in the body that a scan shows: a registration that went wrong throws it out.
struct BodyCheck: Sendable {
  let scan: ScanSeries

  /// More than this share of the volume outside is told.
  static let tolerance = 0.1

  /// So many points of the dose, on so many images, are looked at.
  private static let mostPoints = 20_000
  private static let mostImages = 12

  /// The share of the points at or above a dose that lie outside the body.
  ///
  /// - Parameter count: how many points there are.
  /// - Returns: `nil` where the scan does not tell body from air.
  func outside(
    _ grid: DoseGrid, atOrAbove gray: Double, count: Int, _ join: FrameJoin
  ) -> Double? {
    guard ["CT", "MR"].contains(scan.modality) else { return nil }
    var places: [Int: [(row: Int, column: Int)]] = [:]
    let normal = scan.normal
    let distances = scan.slices.map { $0.plane.distance(along: normal) }
    let step = max(1, count / Self.mostPoints)
    var number = 0
    for plane in 0..<grid.planes {
      for row in 0..<grid.rows {
        for column in 0..<grid.columns
        where grid.dose(column: column, row: row, plane: plane) >= gray {
          number += 1
          guard number % step == 0,
            let point = join.toScan(
              grid.geometry.position(column: column, row: row, plane: plane))
          else { continue }
          let slice = GeometryChecks.nearestIndex(
            to: (point - .origin).dot(normal), in: distances)
          let index = scan.slices[slice].plane.index(of: point)
          guard abs(index.row) < 1e6, abs(index.column) < 1e6 else { continue }
          places[slice, default: []].append(
            (Int(index.row.rounded()), Int(index.column.rounded())))
        }
      }
    }
    let all = places.keys.sorted()
    let every = max(1, (all.count + Self.mostImages - 1) / Self.mostImages)
    let chosen = stride(from: 0, to: all.count, by: every).map { [places] in
      (slice: scan.slices[all[$0]], places: places[all[$0]] ?? [])
    }
    let found = inParallel(chosen.count) { index -> (outside: Int, all: Int) in
      let places = chosen[index].places
      guard let body = Body(of: chosen[index].slice) else { return (0, 0) }
      return (places.count { !body.holds(row: $0.row, column: $0.column) }, places.count)
    }
    let judged = found.map(\.all).reduce(0, +)
    return judged == 0 ? nil : Double(found.map(\.outside).reduce(0, +)) / Double(judged)
  }
}

/// What of an image is body: all that air cannot be followed to from the image's edge.
private struct Body {
  private let step: Int
  private let rows: Int
  private let columns: Int
  private var isAir: [Bool]

  /// Between air and fat, HU.
  private static let airOfCT = -400.0
  /// Of what is bright in an MR image: its background is darker.
  private static let airOfMR = 0.1
  /// No side is looked at more finely.
  private static let longestSide = 256

  /// - Returns: `nil` where the image cannot be read, or shows no body.
  init?(of slice: ScanSlice) {
    guard let file = try? DICOMFile.read(path: slice.identity.path) else { return nil }
    let groups = file.dataSet.displayAttributes(frame: slice.frame)
    guard groups.string(.photometricInterpretation) == "MONOCHROME2",
      let description = try? PixelDescription(of: file.dataSet), description.samplesPerPixel == 1,
      let bytes = try? file.frame(slice.frame ?? 0, of: description),
      let stored = try? StoredValues.signed(bytes, of: description),
      let modality = try? ModalityTransform(of: groups),
      stored.count == description.rows * description.columns
    else { return nil }
    let longest = max(description.rows, description.columns)
    let step = max(1, (longest + Self.longestSide - 1) / Self.longestSide)
    let rows = (description.rows + step - 1) / step
    let columns = (description.columns + step - 1) / step
    var values: [Double] = []
    values.reserveCapacity(rows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        values.append(
          modality.apply(stored[row * step * description.columns + column * step]))
      }
    }
    let threshold: Double
    if slice.identity.modality == "CT" {
      threshold = Self.airOfCT
    } else {
      let sorted = values.sorted()
      let (dark, bright) = (sorted[0], sorted[sorted.count - 1 - sorted.count / 100])
      threshold = dark + Self.airOfMR * (bright - dark)
    }
    (self.step, self.rows, self.columns) = (step, rows, columns)
    isAir = Self.air(values.map { $0 < threshold }, rows: rows, columns: columns)
    // An image of nothing, or without anything around the patient, tells nothing.
    let air = isAir.count { $0 }
    guard air > 0, isAir.count - air > isAir.count / 50 else { return nil }
  }

  func holds(row: Int, column: Int) -> Bool {
    let (row, column) = (row / step, column / step)
    guard row >= 0, row < rows, column >= 0, column < columns else { return false }
    return !isAir[row * columns + column]
  }

  /// What of the dark can be reached from the edge.
  private static func air(_ isDark: [Bool], rows: Int, columns: Int) -> [Bool] {
    var isAir = [Bool](repeating: false, count: isDark.count)
    var open: [Int] = []
    func take(_ index: Int) {
      guard isDark[index], !isAir[index] else { return }
      isAir[index] = true
      open.append(index)
    }
    for row in 0..<rows {
      for column in 0..<columns
      where row == 0 || row == rows - 1 || column == 0 || column == columns - 1 {
        take(row * columns + column)
      }
    }
    while let index = open.popLast() {
      let (row, column) = (index / columns, index % columns)
      if row > 0 { take(index - columns) }
      if row < rows - 1 { take(index + columns) }
      if column > 0 { take(index - 1) }
      if column < columns - 1 { take(index + 1) }
    }
    return isAir
  }
}

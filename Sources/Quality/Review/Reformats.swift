import DoseMap
import Files
import Geometry
import Pictures
import Radiotherapy
import Workers

/// Pictures across the stack: the scan cut along a row or a column of its slices, with the isodose
/// lines.
///
/// They show whether the dose lies right in the third direction. Their lines are drawn in another
/// way than those of the slices: where a pixel reaches a level and a neighbour does not.
struct Reformats: Sendable {
  /// One direction of cutting: its pictures and how a point of the scan is found on them.
  struct View: Sendable {
    /// `Coronal`, `Sagittal` or `Axial`.
    let name: String
    /// Whether its pictures run along rows of the slices rather than along columns.
    let alongRows: Bool
    let rows: Int
    let columns: Int
    /// Whether the stack runs down the picture rather than across it, and against its direction.
    let isStackDown: Bool
    let isStackReversed: Bool
    let isAcrossReversed: Bool
    /// The pixel index along the row or column at the first and the last pixel of the picture.
    let first: Double
    let last: Double
    let letters: OrientationLetters
    /// Where each picture cuts, as pixel index of the scan, and its file below the review folder.
    let pictures: [(at: Double, file: String)]
  }

  let scan: ScanSeries
  /// Where the coarse slices are.
  let store: SliceStore
  let field: DoseField
  /// Highest dose first.
  let levels: [IsodoseLevel]

  /// The most pictures in one direction that are spread over the dose; those through the hottest
  /// points come on top.
  private static let most = 32
  /// The longest side of a picture.
  private static let longest = 640

  private let factor: Int
  private let distances: [Double]
  private let base: ImagePlane

  /// `nil` where the stack is none that can be cut: too few slices, leaning, or with gaps.
  init?(scan: ScanSeries, store: SliceStore, field: DoseField, levels: [IsodoseLevel]) {
    guard Self.canCut(scan), !levels.isEmpty else { return nil }
    self.scan = scan
    self.store = store
    self.field = field
    self.levels = levels
    base = scan.slices[0].plane
    factor = CoarseSlice.factor(rows: base.rows, columns: base.columns)
    let origin = base.distance(along: scan.normal)
    distances = scan.slices.map { $0.plane.distance(along: scan.normal) - origin }
  }

  static func canCut(_ scan: ScanSeries) -> Bool {
    scan.slices.count > 2 && !scan.isTilted && scan.gaps.isEmpty
  }

  /// Cuts in both directions.
  ///
  /// - Parameters:
  ///   - box: the pixels of the scan that the dose of interest lies in.
  ///   - peaks: points that get pictures of their own.
  ///   - write: takes a finished picture; called on several threads at once.
  func make(
    columns box: ClosedRange<Double>, rows rowBox: ClosedRange<Double>,
    peaks: [(column: Double, row: Double)],
    write: @Sendable (_ file: String, _ png: [UInt8]) throws(FileTrouble) -> Void
  ) throws(FileTrouble) -> [View] {
    var views: [View] = []
    for alongRows in [true, false] {
      let places = Self.places(
        alongRows ? rowBox : box, peaks.map { alongRows ? $0.row : $0.column },
        count: alongRows ? store.rows : store.columns, factor: factor)
      guard let cut = Cut(self, alongRows: alongRows) else { continue }
      let prefix = alongRows ? "r" : "c"
      let files = places.map { place in
        let digits = String(place)
        return
          "across/\(prefix)\(String(repeating: "0", count: max(0, 3 - digits.count)))\(digits).png"
      }
      let outcomes = inParallel(places.count) { index in
        Result { () throws(FileTrouble) in try write(files[index], cut.drawn(places[index])) }
      }
      for outcome in outcomes { try outcome.get() }
      views.append(cut.view(zip(places.map(fine), files).map { (at: $0, file: $1) }))
    }
    return views
  }

  /// The pixel index of the scan at a coarse index.
  fileprivate func fine(_ coarse: Int) -> Double {
    Double(coarse * factor) + Double(factor - 1) / 2
  }

  private static func places(
    _ box: ClosedRange<Double>, _ peaks: [Double], count: Int, factor: Int
  ) -> [Int] {
    func coarse(_ fine: Double) -> Int {
      guard fine.isFinite else { return 0 }
      let place = (fine - Double(factor - 1) / 2) / Double(factor)
      return Int(min(max(place.rounded(), 0), Double(count - 1)))
    }
    let (low, high) = (coarse(box.lowerBound), coarse(box.upperBound))
    let step = max(1, (high - low + most) / most)
    return Set(Array(stride(from: low, through: high, by: step)) + peaks.map(coarse)).sorted()
  }

  /// A direction of cutting.
  private struct Cut: Sendable {
    let stack: Reformats
    let alongRows: Bool
    let isStackDown: Bool
    let isStackReversed: Bool
    let isAcrossReversed: Bool
    let spacing: Double
    let rows: Int
    let columns: Int
    /// Of the coarse pixels along the cut.
    let count: Int
    let down: PatientVector
    let right: PatientVector

    init?(_ stack: Reformats, alongRows: Bool) {
      self.stack = stack
      self.alongRows = alongRows
      let plane = stack.base
      let across = alongRows ? plane.rowDirection : plane.columnDirection
      let normal = stack.scan.normal
      count = alongRows ? stack.store.columns : stack.store.rows
      let width =
        Double(count - 1)
        * (alongRows ? plane.columnSpacing : plane.rowSpacing) * Double(stack.factor)
      let length = stack.distances.last ?? 0
      guard count > 1, length > 0, length.isFinite, width.isFinite else { return nil }
      spacing = max(width / Double(count - 1), max(length, width) / Double(longest - 1))
      // Head upwards; without a head, front upwards.
      isStackDown =
        abs(normal.z) == abs(across.z)
        ? abs(normal.y) >= abs(across.y) : abs(normal.z) > abs(across.z)
      func isReversed(_ direction: PatientVector, down: Bool) -> Bool {
        if abs(direction.z) >= max(abs(direction.x), abs(direction.y)) {
          return down ? direction.z > 0 : direction.z < 0
        }
        return abs(direction.y) > abs(direction.x) ? direction.y < 0 : direction.x < 0
      }
      isStackReversed = isReversed(normal, down: isStackDown)
      isAcrossReversed = isReversed(across, down: !isStackDown)
      let stackStep = isStackReversed ? -normal : normal
      let acrossStep = isAcrossReversed ? -across : across
      down = isStackDown ? stackStep : acrossStep
      right = isStackDown ? acrossStep : stackStep
      let (stackCount, acrossCount) = (Int(length / spacing) + 1, Int(width / spacing) + 1)
      rows = isStackDown ? stackCount : acrossCount
      columns = isStackDown ? acrossCount : stackCount
    }

    func view(_ pictures: [(at: Double, file: String)]) -> View {
      let across = alongRows ? stack.base.columnDirection : stack.base.rowDirection
      let name: String
      if abs(across.y) >= max(abs(across.x), abs(across.z)) {
        name = "Coronal"
      } else {
        name = abs(across.x) >= abs(across.z) ? "Sagittal" : "Axial"
      }
      return View(
        name: name, alongRows: alongRows, rows: rows, columns: columns, isStackDown: isStackDown,
        isStackReversed: isStackReversed, isAcrossReversed: isAcrossReversed,
        first: stack.fine(0), last: stack.fine(count - 1),
        letters: (try? plane(0)).map(OrientationLetters.init)
          ?? OrientationLetters(stack.base),
        pictures: pictures)
    }

    /// Where a picture lies in the patient.
    func plane(_ place: Int) throws(GeometryError) -> ImagePlane {
      let fixed = stack.fine(place)
      let along = isAcrossReversed ? stack.fine(count - 1) : stack.fine(0)
      let corner =
        stack.base.position(column: alongRows ? along : fixed, row: alongRows ? fixed : along)
        + stack.scan.normal * (isStackReversed ? stack.distances.last ?? 0 : 0)
      return try ImagePlane(
        position: corner, orientation: [right.x, right.y, right.z, down.x, down.y, down.z],
        rowSpacing: spacing, columnSpacing: spacing, rows: rows, columns: columns)
    }

    func drawn(_ place: Int) throws(FileTrouble) -> [UInt8] {
      var samples = try grey(place)
      if let plane = try? plane(place) {
        drawLines(stack.field.sampled(on: plane).values, &samples)
      }
      return PNGImage(rows: rows, columns: columns, color: .rgb, samples: samples).serializedFast
    }

    /// The scan, linear between slices and along the cut.
    private func grey(_ place: Int) throws(FileTrouble) -> [UInt8] {
      var samples = [UInt8](repeating: 0, count: rows * columns * 3)
      let perSpacing =
        spacing / (alongRows ? stack.base.columnSpacing : stack.base.rowSpacing)
        / Double(stack.factor)
      let acrossCount = isStackDown ? columns : rows
      let stackCount = isStackDown ? rows : columns
      func line(_ slice: Int) throws(FileTrouble) -> [UInt8] {
        try stack.store.line(place, isRow: alongRows, of: slice)
      }
      var slice = 0
      var (near, far) = (try line(0), try line(1))
      for step in 0..<stackCount {
        let distance = Double(step) * spacing
        while slice + 2 < stack.distances.count, stack.distances[slice + 1] < distance {
          slice += 1
          (near, far) = (far, try line(slice + 1))
        }
        let gap = stack.distances[slice + 1] - stack.distances[slice]
        let share = gap > 0 ? min(max((distance - stack.distances[slice]) / gap, 0), 1) : 0
        let line = isStackReversed ? stackCount - 1 - step : step
        for along in 0..<acrossCount {
          let exact = Double(along) * perSpacing
          let first = min(Int(exact), count - 1)
          let second = min(first + 1, count - 1)
          let part = exact - Double(first)
          func value(_ index: Int) -> Double {
            Double(near[index]) * (1 - share) + Double(far[index]) * share
          }
          let grey = UInt8(min(max(value(first) * (1 - part) + value(second) * part, 0), 255))
          let across = isAcrossReversed ? acrossCount - 1 - along : along
          let pixel = isStackDown ? line * columns + across : across * columns + line
          samples[pixel * 3] = grey
          samples[pixel * 3 + 1] = grey
          samples[pixel * 3 + 2] = grey
        }
      }
      return samples
    }

    private func drawLines(_ dose: [Double], _ samples: inout [UInt8]) {
      drawEdge(dose, &samples)
      // Lowest dose first: the higher one lies on top. A neighbour of unknown dose makes no line.
      for level in levels.reversed() {
        for row in 0..<rows {
          for column in 0..<columns {
            let pixel = row * columns + column
            guard dose[pixel] >= level.gray else { continue }
            let isEdge =
              (column > 0 && dose[pixel - 1] < level.gray)
              || (column + 1 < columns && dose[pixel + 1] < level.gray)
              || (row > 0 && dose[pixel - columns] < level.gray)
              || (row + 1 < rows && dose[pixel + columns] < level.gray)
            guard isEdge else { continue }
            samples[pixel * 3] = level.color.red
            samples[pixel * 3 + 1] = level.color.green
            samples[pixel * 3 + 2] = level.color.blue
          }
        }
      }
    }

    /// Where the dose ends, as on the slices: beyond it nothing is known.
    private func drawEdge(_ dose: [Double], _ samples: inout [UInt8]) {
      for row in 0..<rows {
        for column in 0..<columns {
          let pixel = row * columns + column
          guard !dose[pixel].isNaN else { continue }
          let isEdge =
            (column > 0 && dose[pixel - 1].isNaN)
            || (column + 1 < columns && dose[pixel + 1].isNaN)
            || (row > 0 && dose[pixel - columns].isNaN)
            || (row + 1 < rows && dose[pixel + columns].isNaN)
          guard isEdge else { continue }
          for channel in 0..<3 { samples[pixel * 3 + channel] = 160 }
        }
      }
    }

    private var levels: [IsodoseLevel] { stack.levels }
  }
}

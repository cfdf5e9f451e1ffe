/// Where pictures across a stack of slices lie: cut along the slices' rows or columns.
///
/// Their pixels are square, as large as the smaller side of the slices' pixels. Each picture cuts
/// through the centres of one row (or column) of pixels of every slice; neighbouring pictures are at
/// least as far apart as the slices are. A stack that is much thinner than it is wide stands in the
/// middle of a picture of half its width.
package struct StackReformat: Sendable {
  /// Along which plane of the patient pictures lie, about.
  package enum Direction: String, CaseIterable, Sendable {
    case axial, coronal, sagittal
  }

  /// Why a stack cannot be cut.
  package enum Refusal: Error, Equatable {
    /// The slices lie in that plane themselves.
    case acquired(Direction)
    case tooFewSlices(Int)
    /// The slices lie beside one another, as those of a tilted gantry do.
    case leaning
    /// The slices do not follow one another, or lie too far apart here and there.
    case gaps
    case plane(GeometryError)
  }

  package let direction: Direction
  /// Whether pictures follow the rows of the slices, rather than their columns.
  package let isAlongRows: Bool
  /// The row (or column) of the slices that each picture cuts along.
  package let cuts: [Int]
  /// Where the pictures lie, in ascending order along their normal.
  package let planes: [ImagePlane]
  /// How far apart the pictures lie, mm.
  package let distance: Double
  /// Whether the stack runs down the pictures rather than across them.
  package let isStackDown: Bool
  /// For each line of pixels at right angles to the stack, in the order of the picture: how far
  /// along the stack it lies, in mm from the first slice; `nil` beyond the stack.
  package let depths: [Double?]
  /// For each pixel of such a line, in the order of the picture: its place along the row (or column)
  /// of the slices as pixel index; `nil` beyond it.
  package let places: [Double?]

  /// How far a slice may lie beside the normal through the first one, in pixels.
  private static let leanTolerance = 0.5
  /// How much wider than usual a distance of neighbouring slices may be.
  private static let gapTolerance = 1.5

  /// - Parameter slices: parallel and of one size, in ascending order along their normal.
  package init(
    _ direction: Direction, across slices: [ImagePlane]
  ) throws(Refusal) {
    guard let base = slices.first, slices.count > 2 else { throw .tooFewSlices(slices.count) }
    let normal = base.normal
    let depths = slices.map { ($0.position - base.position).dot(normal) }
    let pixel = min(base.rowSpacing, base.columnSpacing)
    for (slice, depth) in zip(slices, depths) {
      let sideways = (slice.position - base.position) - normal * depth
      guard sideways.length <= Self.leanTolerance * pixel else { throw .leaning }
    }
    let steps = zip(depths.dropFirst(), depths).map(-)
    let usual = steps.sorted()[steps.count / 2]
    guard usual > 0, steps.allSatisfy({ $0 > 0.01 && $0 <= Self.gapTolerance * usual }) else {
      throw .gaps
    }
    let names = Self.names(base)
    guard names.slices != direction else { throw .acquired(direction) }
    self.direction = direction
    isAlongRows = names.columns == direction
    let across = isAlongRows ? base.rowDirection : base.columnDirection
    let acrossSpacing = isAlongRows ? base.columnSpacing : base.rowSpacing
    let acrossCount = isAlongRows ? base.columns : base.rows
    let cutCount = isAlongRows ? base.rows : base.columns
    let cutSpacing = isAlongRows ? base.rowSpacing : base.columnSpacing

    // The head is up, or the front; left and back are at the right.
    isStackDown = Self.isMoreUpright(normal, than: across)
    let down = Self.turned(isStackDown ? normal : across, isDown: true)
    let right = Self.turned(isStackDown ? across : normal, isDown: false)
    let isStackReversed = (isStackDown ? down : right).dot(normal) < 0
    let isAcrossReversed = (isStackDown ? right : down).dot(across) < 0

    let length = depths[depths.count - 1]
    let width = Double(acrossCount - 1) * acrossSpacing
    var lines = Self.samples(along: length, spacing: pixel, isReversed: isStackReversed)
    var places = Self.samples(along: width, spacing: pixel, isReversed: isAcrossReversed)
    Self.widen(&lines, to: (places.count + 1) / 2)
    Self.widen(&places, to: (lines.count + 1) / 2)
    // The first line's and pixel's own places, which may lie beyond the stack.
    let (line0, place0) = (lines[0], places[0])
    self.depths = lines.map { Self.inside($0, length) }
    self.places = places.map { Self.inside($0, width).map { $0 / acrossSpacing } }

    let stride = max(1, Int((usual / cutSpacing - 1e-6).rounded(.up)))
    let count = (cutCount - 1) / stride + 1
    let first = (cutCount - 1 - stride * (count - 1)) / 2
    var cuts = (0..<count).map { first + $0 * stride }
    distance = Double(stride) * cutSpacing
    let (rows, columns) =
      isStackDown ? (lines.count, places.count) : (places.count, lines.count)
    var planes: [ImagePlane] = []
    for cut in cuts {
      let (row, column) =
        isAlongRows
        ? (Double(cut), place0 / acrossSpacing) : (place0 / acrossSpacing, Double(cut))
      do throws(GeometryError) {
        planes.append(
          try ImagePlane(
            position: base.position(column: column, row: row) + normal * line0,
            orientation: [right.x, right.y, right.z, down.x, down.y, down.z],
            rowSpacing: pixel, columnSpacing: pixel, rows: rows, columns: columns))
      } catch { throw .plane(error) }
    }
    let toward = planes[0].normal
    if planes[0].distance(along: toward) > planes[planes.count - 1].distance(along: toward) {
      cuts.reverse()
      planes.reverse()
    }
    self.cuts = cuts
    self.planes = planes
  }

  /// The plane of the patient that each of three directions is the normal of, each plane once.
  private static func names(
    _ plane: ImagePlane
  ) -> (slices: Direction, rows: Direction, columns: Direction) {
    let all: [(Direction, Direction, Direction)] = [
      (.axial, .sagittal, .coronal), (.axial, .coronal, .sagittal),
      (.coronal, .sagittal, .axial), (.coronal, .axial, .sagittal),
      (.sagittal, .coronal, .axial), (.sagittal, .axial, .coronal),
    ]
    func share(_ v: PatientVector, _ direction: Direction) -> Double {
      switch direction {
      case .axial: abs(v.z)
      case .coronal: abs(v.y)
      case .sagittal: abs(v.x)
      }
    }
    func fit(_ names: (Direction, Direction, Direction)) -> Double {
      share(plane.normal, names.0) + share(plane.rowDirection, names.1)
        + share(plane.columnDirection, names.2)
    }
    // Of equally good ones the first: cosines of 45 degrees are no reason to change sides.
    var best = all[0]
    for names in all.dropFirst() where fit(names) > fit(best) + 1e-9 { best = names }
    return (best.0, best.1, best.2)
  }

  private static func isMoreUpright(_ a: PatientVector, than b: PatientVector) -> Bool {
    if max(abs(a.z), abs(b.z)) > 0.5 { return abs(a.z) >= abs(b.z) }
    return abs(a.y) >= abs(b.y)
  }

  /// A direction or its opposite: down is toward the feet or the back, right toward the left or the
  /// back or, where nothing else is left, the head.
  private static func turned(_ v: PatientVector, isDown: Bool) -> PatientVector {
    let (x, y, z) = (abs(v.x), abs(v.y), abs(v.z))
    let isWrong: Bool
    if z >= max(x, y) {
      isWrong = isDown ? v.z > 0 : v.z < 0
    } else if y >= x {
      isWrong = v.y < 0
    } else {
      isWrong = v.x < 0
    }
    return isWrong ? -v : v
  }

  /// Places at even distances along a length, in mm from its beginning.
  private static func samples(
    along length: Double, spacing: Double, isReversed: Bool
  ) -> [Double] {
    let count = Int(min(length / spacing + 1e-6, 65_535)) + 1
    return (0..<count).map {
      isReversed ? length - Double($0) * spacing : Double($0) * spacing
    }
  }

  /// Adds places at both ends until there are enough.
  private static func widen(_ places: inout [Double], to count: Int) {
    guard places.count < count, places.count > 1 else { return }
    let step = places[1] - places[0]
    let before = (count - places.count) / 2
    let first = places[0] - step * Double(before)
    places = (0..<count).map { first + step * Double($0) }
  }

  private static func inside(_ place: Double, _ length: Double) -> Double? {
    place >= -1e-6 && place <= length + 1e-6 ? min(max(place, 0), length) : nil
  }
}

extension StackReformat.Refusal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .acquired(let direction): "the scan's own slices are \(direction.rawValue)"
    case .tooFewSlices(let count): "a stack of \(count) slices cannot be cut across"
    case .leaning: "the slices lean, and a leaning stack is not cut across"
    case .gaps: "slices are missing from the stack, and it is not cut across its gaps"
    case .plane(let error): "\(error)"
    }
  }
}

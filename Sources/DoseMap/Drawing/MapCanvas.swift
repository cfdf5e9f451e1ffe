/// The picture being drawn, and where anything was drawn on it.
struct MapCanvas {
  private(set) var image: RGBImage
  /// One for each pixel, row by row: whether any ink, however faint, was laid on it.
  private(set) var ink: [Bool]

  init(_ image: RGBImage) {
    self.image = image
    ink = [Bool](repeating: false, count: image.rows * image.columns)
  }

  @inline(__always)
  mutating func lay(_ color: RGBColor, at pixel: Int, share: Float) {
    guard share > 0 else { return }
    image.blend(color, at: pixel, share: share)
    ink[pixel] = true
  }

  /// How dark a casing is: dark enough for bone, but never the pure black of air.
  static let casing = RGBColor(grey: 0)
  /// The edge of the dose grid.
  static let gridEdge = RGBColor(grey: 160)
  /// How wide casings are on each side of a line.
  static let casingWidth = 1.0

  /// Lines of one colour that are no isodose.
  struct Stroke {
    /// What it is, for reports.
    let name: String
    let runs: [[PixelPoint]]
    let width: Double
    let color: RGBColor
  }

  /// Draws the edge of the grid, structures, then all casings and the lines, lowest dose first, so
  /// that the higher dose lies on top.
  ///
  /// - Parameters:
  ///   - levels: highest dose first.
  ///   - strokes: what lies below the isodose lines: outlines of structures, the maximum's mark.
  mutating func draw(levels: [LevelLines], strokes: [Stroke], gridEdges: [PixelPath]) {
    stroke(gridEdges.map(\.run), width: 1, color: Self.gridEdge, casing: 0.6)
    for line in strokes { stroke(line.runs, width: line.width, color: line.color, casing: 1) }
    let fields = levels.map { lines in
      field(lines.pieces, reach: lines.level.lineWidth / 2 + Self.casingWidth + 0.5)
    }
    let touched = fields.map(\.rows).filter { !$0.isEmpty }
    let low = touched.map(\.lowerBound).min() ?? 0
    let high = touched.map(\.upperBound).max() ?? 0
    let first = low * image.columns
    var casing = [Float](repeating: 0, count: (high - low) * image.columns)
    for (lines, field) in zip(levels, fields) {
      let edge = Float(lines.level.lineWidth / 2 + Self.casingWidth + 0.5)
      field.forEach { pixel, distance in
        casing[pixel - first] = max(casing[pixel - first], min(max(edge - distance, 0), 1))
      }
    }
    for index in casing.indices where casing[index] > 0 {
      lay(Self.casing, at: first + index, share: casing[index])
    }
    for (lines, field) in zip(levels, fields).reversed() {
      let edge = Float(lines.level.lineWidth / 2 + 0.5)
      let color = lines.level.color
      field.forEach { pixel, distance in
        lay(color, at: pixel, share: min(max(edge - distance, 0), 1))
      }
    }
  }

  /// Draws lines of one colour with a casing of their own.
  mutating func stroke(_ runs: [[PixelPoint]], width: Double, color: RGBColor, casing: Float) {
    guard !runs.isEmpty else { return }
    let outer = Float(width / 2 + Self.casingWidth + 0.5)
    let inner = Float(width / 2 + 0.5)
    let field = field(runs, reach: Double(outer))
    field.forEach { pixel, distance in
      lay(Self.casing, at: pixel, share: min(max(outer - distance, 0), 1) * casing)
      lay(color, at: pixel, share: min(max(inner - distance, 0), 1))
    }
  }

  /// Lays a rendered block of lettering with its top left pixel at a place of the picture.
  mutating func lay(_ block: InkBlock, row: Int, column: Int) {
    for y in 0..<block.rows {
      for x in 0..<block.columns {
        let spot = block.spots[y * block.columns + x]
        if spot.casing <= 0 && spot.ink <= 0 { continue }
        let pixel = (row + y) * image.columns + column + x
        lay(Self.casing, at: pixel, share: spot.casing)
        lay(spot.color, at: pixel, share: spot.ink)
      }
    }
  }

  private func field(_ runs: [[PixelPoint]], reach: Double) -> DistanceField {
    DistanceField(runs, rows: image.rows, columns: image.columns, reach: reach)
  }
}

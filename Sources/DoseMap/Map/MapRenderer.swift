import Geometry

/// Draws the slices of a map, in any order and from any number of threads.
///
/// The same slice gives the same bytes, whenever and wherever it is drawn.
package struct MapRenderer: Sendable {
  package let field: DoseField
  package let design: MapDesign
  private let legend: MapLegend
  private let rendered = RenderedBlocks()

  /// The most pixels that a side of a picture may have: Rows (0028,0010) is a US value, and no
  /// viewer is at ease beyond this.
  private static let longestSide = 16_384

  package init(field: DoseField, design: MapDesign) {
    self.field = field
    self.design = design
    legend = MapLegend(of: design)
  }

  /// Draws a slice and looks at the result.
  package func draw(_ slice: MapSlice) throws(DoseMapError) -> DrawnSlice {
    let (rows, columns) = (slice.plane.rows, slice.plane.columns)
    guard rows <= Self.longestSide / design.scale, columns <= Self.longestSide / design.scale else {
      throw .tooLarge(rows: rows, columns: columns)
    }
    guard slice.pixels.count == rows * columns else {
      throw .pixelCount(expected: rows * columns, found: slice.pixels.count)
    }
    let plane = slice.plane.scaled(by: design.scale)
    let tracer = IsodoseTracer(field, on: plane)
    let isDoseKnown = tracer.dose.isKnownAnywhere
    let levels = design.levels.map { level in
      let paths = isDoseKnown ? tracer.lines(at: level.gray) : []
      return LevelLines(level: level, paths: paths, style: design.lineStyle)
    }
    let edges =
      isDoseKnown ? KnownRegion(sampler: tracer.sampler, dose: tracer.dose).edges() : []

    var picture = RGBImage(grey: slice.pixels, rows: rows, columns: columns, factor: design.scale)
    let wash = wash(tracer.dose)
    if let wash {
      ColourWash(percent: wash.percent, levels: design.levels).lay(on: &picture, doses: wash.doses)
    }
    var canvas = MapCanvas(picture)
    let strokes = strokes(of: slice, plane)
    canvas.draw(levels: levels, strokes: strokes, gridEdges: edges)
    let layout = layout(slice, plane, tracer.dose, levels, isDoseKnown)
    for block in layout.blocks {
      canvas.lay(block.ink, row: block.rect.row, column: block.rect.column)
    }
    let meant = MeantDrawing(
      slice: slice, scale: design.scale, levels: levels, gridEdges: edges, strokes: strokes,
      wash: wash, blocks: layout.blocks, blocked: layout.blocked, omitted: layout.omitted)
    let words = layout.blocks.flatMap { $0.lines.map(\.text) }
    return DrawnSlice(
      image: canvas.image, plane: plane, ink: canvas.ink, levels: levels, gridEdges: edges,
      isDoseKnown: isDoseKnown, maximum: tracer.dose.maximum,
      missingCharacters: StrokeFont.standard.missing(in: words.joined()),
      checks: meant.checks(of: canvas.image), words: words,
      letteringRects: layout.blocks.map(\.rect), strokes: strokes)
  }

  /// Looks at a finished picture of a slice anew, as after it was written and read again.
  package func checks(of image: RGBImage, for slice: MapSlice) throws(DoseMapError) -> RenderChecks
  {
    let drawn = try meant(slice)
    return drawn.checks(of: image)
  }

  private func meant(_ slice: MapSlice) throws(DoseMapError) -> MeantDrawing {
    guard slice.pixels.count == slice.plane.rows * slice.plane.columns else {
      throw .pixelCount(
        expected: slice.plane.rows * slice.plane.columns, found: slice.pixels.count)
    }
    let plane = slice.plane.scaled(by: design.scale)
    let tracer = IsodoseTracer(field, on: plane)
    let isDoseKnown = tracer.dose.isKnownAnywhere
    let levels = design.levels.map {
      LevelLines(level: $0, paths: tracer.lines(at: $0.gray), style: design.lineStyle)
    }
    let edges = KnownRegion(sampler: tracer.sampler, dose: tracer.dose).edges()
    let layout = layout(slice, plane, tracer.dose, levels, isDoseKnown)
    return MeantDrawing(
      slice: slice, scale: design.scale, levels: levels, gridEdges: edges,
      strokes: strokes(of: slice, plane), wash: wash(tracer.dose), blocks: layout.blocks,
      blocked: layout.blocked, omitted: layout.omitted)
  }

  private func wash(_ dose: DosePlane) -> MeantDrawing.Wash? {
    design.wash > 0 ? MeantDrawing.Wash(percent: design.wash, doses: dose.values) : nil
  }

  /// The outlines of the structures, then the mark of the maximum.
  private func strokes(of slice: MapSlice, _ plane: ImagePlane) -> [MapCanvas.Stroke] {
    var strokes: [MapCanvas.Stroke] = design.structures.enumerated().compactMap {
      index, structure in
      let lines = slice.structures.filter { $0.structure == index }
      guard !lines.isEmpty else { return nil }
      return MapCanvas.Stroke(
        name: structure.name, runs: lines.map { scaled($0.path).run },
        width: MapStructure.lineWidth, color: structure.color)
    }
    if let maximum = slice.maximum {
      let place = scaled(PixelPath(points: [maximum.place], isClosed: false)).points[0]
      strokes.append(
        MapCanvas.Stroke(
          name: "mark of the maximum",
          runs: MaximumMark.arms(at: place, shorterSide: min(plane.rows, plane.columns)),
          width: MaximumMark.lineWidth, color: .white))
    }
    return strokes
  }

  private func layout(
    _ slice: MapSlice, _ plane: ImagePlane, _ dose: DosePlane, _ levels: [LevelLines],
    _ isDoseKnown: Bool
  ) -> MapLayout {
    // Without a prescription among the levels, the highest one is what must not be covered.
    var guarded = levels.filter(\.level.isPrescription)
    if guarded.isEmpty { guarded = Array(levels.prefix(1)) }
    let threshold = guarded.map(\.level.gray).min() ?? .infinity
    let space = FreeSpace(prescription: guarded, dose: dose, threshold: threshold)
    var layout = MapLayout(
      rows: plane.rows, columns: plane.columns, space: space, rendered: rendered)
    layout.fill(design: design, legend: legend, slice: slice, isDoseKnown: isDoseKnown)
    return layout
  }

  /// A line in pixels of the scan as a line in pixels of the finished picture.
  private func scaled(_ path: PixelPath) -> PixelPath {
    let factor = Double(design.scale)
    return PixelPath(
      points: path.points.map {
        PixelPoint(
          column: ($0.column + 0.5) * factor - 0.5, row: ($0.row + 0.5) * factor - 0.5)
      }, isClosed: path.isClosed)
  }
}

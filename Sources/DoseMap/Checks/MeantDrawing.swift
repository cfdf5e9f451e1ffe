import Geometry

/// What a picture is meant to show; compares it with finished pixels.
///
/// The pixels are judged from the lines' points alone, not from the masks that the drawing used,
/// so that a fault of the drawing shows.
struct MeantDrawing {
  let slice: MapSlice
  let scale: Int
  /// Highest dose first.
  let levels: [LevelLines]
  let gridEdges: [PixelPath]
  /// In the order in which they are drawn, below the isodose lines.
  let strokes: [MapCanvas.Stroke]
  let wash: Wash?
  let blocks: [PlacedBlock]
  let blocked: [String]
  let omitted: [String]

  /// How the scan is tinted.
  struct Wash {
    let percent: Int
    /// One for each pixel of the finished picture, not a number where unknown.
    let doses: [Double]
  }

  var rows: Int { slice.plane.rows * scale }
  var columns: Int { slice.plane.columns * scale }

  func checks(of image: RGBImage) -> RenderChecks {
    guard image.rows == rows, image.columns == columns else {
      let verdict = RenderChecks.Verdict(
        holds: false,
        detail: "the picture has \(image.rows) x \(image.columns) pixels, "
          + "\(rows) x \(columns) were meant")
      return RenderChecks(background: verdict, lines: verdict, lettering: verdict)
    }
    return RenderChecks(
      background: background(of: image), lines: lines(of: image), lettering: lettering(of: image))
  }
}

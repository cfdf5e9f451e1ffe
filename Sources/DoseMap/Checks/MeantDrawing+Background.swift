import Geometry

extension MeantDrawing {
  /// `render.background`: away from the ink every pixel is the windowed scan.
  func background(of image: RGBImage) -> RenderChecks.Verdict {
    var mask = PixelMask(rows: rows, columns: columns)
    for block in blocks { mask.mark(block.rect) }
    for lines in levels {
      let reach = lines.level.lineWidth / 2 + MapCanvas.casingWidth + 0.5
      for piece in lines.pieces { mask.mark(along: piece, reach: reach) }
    }
    for path in gridEdges { mask.mark(along: path.run, reach: 2) }
    for path in structures { mask.mark(along: path.run, reach: 2.1) }
    var wrong = 0
    var first: (row: Int, column: Int)?
    for row in 0..<rows {
      let source = row / scale * slice.plane.columns
      for column in 0..<columns where !mask[row, column] {
        let grey = slice.pixels[source + column / scale]
        let start = (row * columns + column) * 3
        if image.bytes[start] != grey || image.bytes[start + 1] != grey
          || image.bytes[start + 2] != grey
        {
          wrong += 1
          if first == nil { first = (row, column) }
        }
      }
    }
    let away = mask.unmarkedCount
    guard let first else {
      return .init(holds: true, detail: "\(away) pixels away from the ink are the windowed scan")
    }
    return .init(
      holds: false,
      detail: "\(wrong) of \(away) pixels away from the ink are not the windowed scan, "
        + "the first at row \(first.row), column \(first.column)")
  }
}

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
    for stroke in strokes {
      let reach = stroke.width / 2 + MapCanvas.casingWidth + 0.5
      for run in stroke.runs { mask.mark(along: run, reach: reach) }
    }
    var wrong = 0
    var first: (row: Int, column: Int)?
    for row in 0..<rows {
      let source = row / scale * slice.plane.columns
      for column in 0..<columns where !mask[row, column] {
        let grey = slice.pixels[source + column / scale]
        let start = (row * columns + column) * 3
        if let color = tint(of: row * columns + column) {
          guard image[row, column] != tinted(grey, color) else { continue }
          wrong += 1
          if first == nil { first = (row, column) }
          continue
        }
        if image.bytes[start] != grey || image.bytes[start + 1] != grey
          || image.bytes[start + 2] != grey
        {
          wrong += 1
          if first == nil { first = (row, column) }
        }
      }
    }
    let away = mask.unmarkedCount
    let scan = wash == nil ? "the windowed scan" : "the windowed scan, tinted as its dose asks"
    guard let first else {
      return .init(holds: true, detail: "\(away) pixels away from the ink are \(scan)")
    }
    return .init(
      holds: false,
      detail: "\(wrong) of \(away) pixels away from the ink are not \(scan), "
        + "the first at row \(first.row), column \(first.column)")
  }

  /// The colour that a pixel is tinted with: that of the highest level its dose reaches.
  private func tint(of pixel: Int) -> RGBColor? {
    guard let wash else { return nil }
    var color: RGBColor?
    // From the lowest up: the last one reached is the highest.
    for lines in levels.reversed() where wash.doses[pixel] >= lines.level.gray {
      color = lines.level.color
    }
    return color
  }

  private func tinted(_ grey: UInt8, _ color: RGBColor) -> RGBColor {
    let percent = wash?.percent ?? 0
    func mixed(_ part: UInt8) -> UInt8 {
      UInt8(truncatingIfNeeded: (Int(grey) * (100 - percent) + Int(part) * percent + 50) / 100)
    }
    return RGBColor(red: mixed(color.red), green: mixed(color.green), blue: mixed(color.blue))
  }
}

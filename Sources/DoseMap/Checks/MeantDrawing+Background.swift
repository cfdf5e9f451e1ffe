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
    let (wrong, first) = wash == nil ? strayed(image, mask) : strayedFromTint(image, mask)
    let away = mask.unmarkedCount
    let scan = wash == nil ? "the windowed scan" : "the windowed scan, tinted as its dose asks"
    guard let first = first.map({ (row: $0 / columns, column: $0 % columns) }) else {
      return .init(holds: true, detail: "\(away) pixels away from the ink are \(scan)")
    }
    return .init(
      holds: false,
      detail: "\(wrong) of \(away) pixels away from the ink are not \(scan), "
        + "the first at row \(first.row), column \(first.column)")
  }

  /// How many pixels off the mask are not the scan's grey, and the first of them.
  private func strayed(_ image: RGBImage, _ mask: PixelMask) -> (count: Int, first: Int?) {
    var count = 0
    var first: Int?
    let width = slice.plane.columns
    mask.withMarks { marks in
      image.withPixels { finished in
        slice.pixels.withUnsafeBufferPointer { pixels in
          for row in 0..<rows {
            let (line, source) = (row * columns, row / scale * width)
            var (column, repeats) = (0, 0)
            for pixel in line..<line + columns {
              if !finished.isGrey(pixels[source + column], at: pixel), !marks[pixel] {
                count += 1
                if first == nil { first = pixel }
              }
              repeats += 1
              if repeats == scale { (column, repeats) = (column + 1, 0) }
            }
          }
        }
      }
    }
    return (count, first)
  }

  /// The same for a scan that is tinted as its dose asks.
  private func strayedFromTint(_ image: RGBImage, _ mask: PixelMask) -> (count: Int, first: Int?) {
    var count = 0
    var first: Int?
    for row in 0..<rows {
      let source = row / scale * slice.plane.columns
      for column in 0..<columns where !mask[row, column] {
        let grey = slice.pixels[source + column / scale]
        let pixel = row * columns + column
        let meant = tint(of: pixel).map { tinted(grey, $0) } ?? RGBColor(grey: grey)
        guard image[row, column] != meant else { continue }
        count += 1
        if first == nil { first = pixel }
      }
    }
    return (count, first)
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

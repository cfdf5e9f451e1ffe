import Geometry

extension MapLocator {
  /// The colour of the line that marks a slice: none that an isodose has.
  private static let markColor = RGBColor.white

  /// The view in true proportions, at most `side` pixels long and wide, with the slice marked.
  func ink(slice: ImagePlane, side: Int) -> InkBlock {
    let height = Double(plane.rows) * plane.rowSpacing
    let width = Double(plane.columns) * plane.columnSpacing
    let scale = Double(max(side - 2, 8)) / max(height, width)
    let rows = max(8, Int((height * scale).rounded()))
    let columns = max(8, Int((width * scale).rounded()))
    var block = InkBlock(rows: rows + 2, columns: columns + 2)
    let rowStep = Double(plane.rows) / Double(rows)
    let columnStep = Double(plane.columns) / Double(columns)
    for row in 0..<rows + 2 {
      for column in 0..<columns + 2 {
        let isFrame = row == 0 || column == 0 || row == rows + 1 || column == columns + 1
        let y = (Double(row) - 0.5) * rowStep - 0.5
        let x = (Double(column) - 0.5) * columnStep - 0.5
        let grey = isFrame ? 120 : value(row: y, column: x)
        block[row, column] = InkBlock.Spot(casing: 0, ink: 1, color: RGBColor(grey: grey))
      }
    }
    guard let (a, b) = mark(of: slice) else { return block }
    func place(_ point: PixelPoint) -> PixelPoint {
      PixelPoint(
        column: (point.column + 0.5) / columnStep + 0.5, row: (point.row + 0.5) / rowStep + 0.5)
    }
    block.paint(from: place(a), to: place(b), color: Self.markColor)
    return block
  }

  /// The grey value between pixels, bilinear; at the rim the nearest pixel's.
  private func value(row: Double, column: Double) -> UInt8 {
    let y = min(max(row, 0), Double(plane.rows - 1))
    let x = min(max(column, 0), Double(plane.columns - 1))
    let (r, c) = (min(Int(y), max(plane.rows - 2, 0)), min(Int(x), max(plane.columns - 2, 0)))
    func pixel(_ row: Int, _ column: Int) -> Double {
      Double(pixels[min(row, plane.rows - 1) * plane.columns + min(column, plane.columns - 1)])
    }
    let top = pixel(r, c) + (pixel(r, c + 1) - pixel(r, c)) * (x - Double(c))
    let bottom = pixel(r + 1, c) + (pixel(r + 1, c + 1) - pixel(r + 1, c)) * (x - Double(c))
    return UInt8(min(max((top + (bottom - top) * (y - Double(r))).rounded(), 0), 255))
  }
}

extension InkBlock {
  /// Paints a line two pixels wide with a dark rim over opaque spots.
  mutating func paint(from a: PixelPoint, to b: PixelPoint, color: RGBColor) {
    DistanceField([[a, b]], rows: rows, columns: columns, reach: 2.5).forEach {
      pixel, distance in
      let (row, column) = pixel.quotientAndRemainder(dividingBy: columns)
      var spot = self[row, column]
      let rim = min(max(2.5 - distance, 0), 1)
      let core = min(max(1.5 - distance, 0), 1)
      func mixed(_ old: UInt8, _ new: UInt8) -> UInt8 {
        let dark = Float(old) * (1 - rim)
        return UInt8((dark + (Float(new) - dark) * core).rounded())
      }
      spot.color = RGBColor(
        red: mixed(spot.color.red, color.red), green: mixed(spot.color.green, color.green),
        blue: mixed(spot.color.blue, color.blue))
      self[row, column] = spot
    }
  }
}

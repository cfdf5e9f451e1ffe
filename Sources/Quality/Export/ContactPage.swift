import DoseMap

/// A white page that is being drawn; what does not fit on it is cut off.
struct ContactPage {
  private(set) var image: RGBImage

  init(rows: Int, columns: Int) {
    image = RGBImage(
      rows: rows, columns: columns, bytes: [UInt8](repeating: 255, count: rows * columns * 3))
  }

  /// Lays a picture with its top left pixel at a place.
  mutating func lay(_ picture: RGBImage, row: Int, column: Int) {
    image.lay(picture, row: row, column: column)
  }

  /// Writes black letters.
  mutating func lay(_ line: LetteredLine, row: Int, column: Int) {
    for y in 0..<line.rows {
      for x in 0..<line.columns where line.ink[y * line.columns + x] > 0 {
        let grey = UInt8((1 - min(line.ink[y * line.columns + x], 1)) * 255)
        set(RGBColor(grey: grey), row: row + y, column: column + x)
      }
    }
  }

  /// Draws a piece of an isodose line, as it looks on the slices.
  mutating func swatch(_ sample: LineSample, width: Int, row: Int, column: Int) {
    let half = sample.width >= 3 ? 5 : sample.width >= 2 ? 3 : 1
    for x in 0..<width {
      switch sample.style {
      case .solid: break
      case .dashed: if x % 22 >= 14 { continue }
      case .dotted: if x % 14 >= 6 { continue }
      }
      for y in -half - 2...half + 2 {
        set(
          abs(y) > half ? RGBColor(grey: 0) : sample.color, row: row + y, column: column + x)
      }
    }
  }

  private mutating func set(_ color: RGBColor, row: Int, column: Int) {
    guard row >= 0, row < image.rows, column >= 0, column < image.columns else { return }
    image[row, column] = color
  }
}

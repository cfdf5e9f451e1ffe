/// A rectangle of ink to be laid on a picture: casing below, colour above.
struct InkBlock {
  struct Spot {
    /// How much of the dark casing lies here, 0 to 1.
    var casing: Float = 0
    /// How much of the colour lies over it, 0 to 1.
    var ink: Float = 0
    var color = RGBColor.white
  }

  let rows: Int
  let columns: Int
  /// `rows * columns` spots, row by row.
  private(set) var spots: [Spot]

  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    spots = [Spot](repeating: Spot(), count: rows * columns)
  }

  subscript(row: Int, column: Int) -> Spot {
    get { spots[row * columns + column] }
    set { spots[row * columns + column] = newValue }
  }

  /// Draws runs of points, with round caps, into the block.
  mutating func stroke(
    _ runs: [[PixelPoint]], width: Double, color: RGBColor, casingWidth: Double
  ) {
    let outer = Float(width / 2 + casingWidth + 0.5)
    let inner = Float(width / 2 + 0.5)
    DistanceField(runs, rows: rows, columns: columns, reach: Double(outer)).forEach {
      pixel, distance in
      spots[pixel].casing = max(spots[pixel].casing, min(max(outer - distance, 0), 1))
      let ink = min(max(inner - distance, 0), 1)
      if ink > spots[pixel].ink {
        spots[pixel].ink = ink
        spots[pixel].color = color
      }
    }
  }

  /// The number of spots that show their pure colour.
  var solidCount: Int { spots.count { $0.ink >= 1 } }
}

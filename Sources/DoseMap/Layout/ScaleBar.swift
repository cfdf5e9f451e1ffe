/// A bar of whole centimetres with a mark at each.
struct ScaleBar {
  let centimetres: Int
  /// The length of a centimetre in pixels.
  let pixels: Double

  /// The longest of 10, 5, 2 and 1 cm that takes at most a fifth of the picture; `nil` where not
  /// even one does.
  init?(columnSpacing: Double, columns: Int) {
    pixels = 10 / columnSpacing
    let room = Double(columns) / 5
    let perCentimetre = pixels
    guard let centimetres = [10, 5, 2, 1].first(where: { Double($0) * perCentimetre <= room })
    else { return nil }
    self.centimetres = centimetres
  }

  func ink(shorterSide: Int) -> InkBlock {
    let size = TextSize.normal(shorterSide: shorterSide)
    let label = "\(centimetres) cm"
    let length = pixels * Double(centimetres)
    let margin = size.margin + 1
    let width = max(Int(length.rounded(.up)), size.width(of: label))
    let tick = Double(size.capHeight) / 2
    let base = Double(size.ascent + size.capHeight + 2)
    var block = InkBlock(rows: Int(base) + margin + 2, columns: width + 2 * margin + 1)
    let left = Double(margin)
    var runs = [
      [PixelPoint(column: left, row: base), PixelPoint(column: left + length, row: base)]
    ]
    for index in 0...centimetres {
      let column = left + pixels * Double(index)
      let isEnd = index == 0 || index == centimetres
      let top = base - (isEnd ? tick * 1.6 : tick)
      runs.append([PixelPoint(column: column, row: base), PixelPoint(column: column, row: top)])
    }
    // Ticks closer than a few pixels would run together; the ends alone say enough.
    if pixels < 5 { runs = [runs[0], runs[1], runs[runs.count - 1]] }
    block.stroke(runs, width: size.weight, color: .white, casingWidth: size.casingWidth)
    block.stroke(
      size.strokes(of: label, row: size.ascent - 2, column: margin), width: size.weight,
      color: .white, casingWidth: size.casingWidth)
    return block
  }
}

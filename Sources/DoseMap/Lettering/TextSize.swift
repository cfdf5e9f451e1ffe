/// How large lettering is, in pixels of the finished picture.
struct TextSize: Hashable, Comparable, Sendable {
  /// The distance from the baseline to the top of capitals, between stroke centres.
  let capHeight: Int

  /// The sizes of a picture: one for the title, one for the rest, one for where room is short.
  static func title(shorterSide: Int) -> TextSize { TextSize(shorterSide, 10) }
  static func normal(shorterSide: Int) -> TextSize { TextSize(shorterSide, 8) }
  static func small(shorterSide: Int) -> TextSize { TextSize(shorterSide, 7) }

  /// A size of its own; nothing is written smaller than can be read.
  init(capHeight: Int) { self.capHeight = max(7, capHeight) }

  private init(_ shorterSide: Int, _ at512: Int) {
    capHeight = max(at512, (shorterSide * at512 + 256) / 512)
  }

  static func < (a: TextSize, b: TextSize) -> Bool { a.capHeight < b.capHeight }

  private var unit: Double { Double(capHeight) / 10 }
  /// The width of the strokes.
  var weight: Double { max(1.3, 0.155 * Double(capHeight)) }
  /// Wide enough that a word stands on dark ground of its own, even over bone.
  var casingWidth: Double { max(1.7, 0.2 * Double(capHeight)) }
  /// Room above the baseline for capitals with accents, and below it for descenders, casing
  /// included.
  var ascent: Int { capHeight + Int((3.9 * unit + casingWidth + weight / 2).rounded(.up)) }
  var descent: Int { Int((3 * unit + casingWidth + weight / 2).rounded(.up)) }
  /// From one baseline to the next.
  var lineHeight: Int { Int((17.5 * unit).rounded(.up)) }
  /// Room at the left and right of a line of text for the casing.
  var margin: Int { Int((casingWidth + weight / 2).rounded(.up)) }

  private var gap: Int { max(3, Int((weight + 0.21 * Double(capHeight)).rounded())) }

  private func glyphWidth(_ width: Double) -> Int { Int((width * unit).rounded()) }

  /// The width of a text from the first stroke's centre to the last one's.
  func width(of text: String) -> Int {
    var width = 0
    for (index, character) in text.enumerated() {
      let glyph = StrokeFont.standard.glyph(character) ?? StrokeFont.standard.glyph("?")
      width += glyphWidth(glyph?.width ?? 0) + (index > 0 ? gap : 0)
    }
    return width
  }

  /// The strokes of a text whose first stroke's centre is at a column, on a baseline.
  func strokes(of text: String, row: Int, column: Int) -> [[PixelPoint]] {
    var runs: [[PixelPoint]] = []
    var left = column
    for character in text {
      guard
        let glyph = StrokeFont.standard.glyph(character) ?? StrokeFont.standard.glyph("?")
      else { continue }
      for stroke in glyph.strokes {
        runs.append(
          fitted(stroke, of: glyph).map {
            PixelPoint(column: Double(left) + $0.column, row: Double(row) - $0.row)
          })
      }
      left += glyphWidth(glyph.width) + gap
    }
    return runs
  }

  /// A stroke in pixels, with baseline, middle, top and straight stems on pixel centres.
  private func fitted(_ stroke: StrokeFont.Stroke, of glyph: StrokeFont.Glyph) -> [PixelPoint] {
    let stretch = glyph.width > 0 ? Double(glyphWidth(glyph.width)) / glyph.width : unit
    var points = stroke.points.map {
      PixelPoint(column: $0.column * stretch, row: height($0.row, isSmall: glyph.isSmall))
    }
    guard !stroke.isArc else { return points }
    for index in points.indices.dropFirst() {
      if stroke.points[index].row == stroke.points[index - 1].row {
        let row = points[index].row.rounded()
        points[index].row = row
        points[index - 1].row = row
      }
      if stroke.points[index].column == stroke.points[index - 1].column,
        abs(points[index].column - points[index].column.rounded()) < 0.35
      {
        let column = points[index].column.rounded()
        points[index].column = column
        points[index - 1].column = column
      }
    }
    return points
  }

  private func height(_ y: Double, isSmall: Bool) -> Double {
    let middle = isSmall ? 7.0 : 5.0
    let knots = [-3, 0, middle, 10, 13]
    func snapped(_ knot: Double) -> Double {
      knot > 10 ? Double(capHeight) + (3 * unit).rounded() : (knot * unit).rounded()
    }
    let index = min(max((knots.firstIndex { y < $0 } ?? 4), 1), 4)
    let (low, high) = (knots[index - 1], knots[index])
    return snapped(low) + (snapped(high) - snapped(low)) * (y - low) / (high - low)
  }
}

/// A line of lettering by itself: how much ink lies on each pixel.
///
/// For pages beside the maps, in the maps' own letters.
package struct LetteredLine: Sendable {
  package let rows: Int
  package let columns: Int
  /// `rows * columns` values from 0, no ink, to 1.
  package let ink: [Float]

  /// Writes a line; what the font lacks is written as `?`.
  ///
  /// - Parameter capHeight: from the baseline to the top of capitals, in pixels.
  package init(_ text: String, capHeight: Int) {
    let size = TextSize(capHeight: capHeight)
    var block = InkBlock(
      rows: size.ascent + size.descent + 1,
      columns: max(1, size.width(of: text)) + 2 * size.margin + 1)
    block.stroke(
      size.strokes(of: text, row: size.ascent, column: size.margin), width: size.weight,
      color: .black, casingWidth: 0)
    rows = block.rows
    columns = block.columns
    ink = block.spots.map(\.ink)
  }

  /// A text in as few lines as are no wider than so many pixels.
  package static func lines(_ text: String, capHeight: Int, width: Int) -> [LetteredLine] {
    let size = TextSize(capHeight: capHeight)
    return TextBlock.broken(text, size, max(width - 2 * size.margin - 1, capHeight))
      .map { LetteredLine($0, capHeight: capHeight) }
  }
}

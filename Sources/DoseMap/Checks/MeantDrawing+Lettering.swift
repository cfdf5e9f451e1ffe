import Geometry

extension MeantDrawing {
  /// `render.lettering`: nothing is cut off, nothing covers the prescription isodose.
  func lettering(of image: RGBImage) -> RenderChecks.Verdict {
    func failure(_ detail: String) -> RenderChecks.Verdict { .init(holds: false, detail: detail) }
    guard blocked.isEmpty else {
      return failure(
        "no place off the prescription isodose for: \(blocked.joined(separator: ", ")); "
          + "a larger --scale gives more room")
    }
    var prescription = PixelMask(rows: rows, columns: columns)
    let guarded = levels.filter(\.level.isPrescription)
    for lines in guarded.isEmpty ? Array(levels.prefix(1)) : guarded {
      for path in lines.paths {
        prescription.mark(along: path.run, reach: lines.level.lineWidth / 2 + 0.5)
      }
    }
    var letters = 0
    for block in blocks {
      guard block.rect.isInside(rows: rows, columns: columns) else {
        return failure("the \(block.name) is cut off by the picture's edge")
      }
      for line in block.lines {
        let half = line.size.weight / 2
        for run in line.size.strokes(of: line.text, row: line.row, column: line.column) {
          for point in run
          where point.row < half - 0.5 || point.column < half - 0.5
            || point.row > Double(block.rect.rows) - 0.5 - half
            || point.column > Double(block.rect.columns) - 0.5 - half
          { return failure("the \(block.name) is cut off: \(line.text)") }
        }
        letters += line.text.count { $0 != " " }
      }
      for row in 0..<block.rect.rows {
        for column in 0..<block.rect.columns {
          let (y, x) = (block.rect.row + row, block.rect.column + column)
          if prescription[y, x] {
            return failure("the \(block.name) covers the prescription isodose")
          }
          let spot = block.ink[row, column]
          if spot.ink >= 1, image[y, x] != spot.color {
            return failure("the \(block.name) is damaged at row \(y), column \(x)")
          }
        }
      }
    }
    let left =
      omitted.isEmpty ? "" : "; left out for want of room: " + omitted.joined(separator: ", ")
    return .init(
      holds: true,
      detail: "\(letters) letters in \(blocks.count) blocks, none cut off, none on the "
        + "prescription isodose\(left)")
  }
}

/// Where a block would like to be.
enum Anchor: Hashable {
  case topLeft, topRight, bottomLeft, bottomRight
  case topCentre, bottomCentre, leftCentre, rightCentre
  /// In the middle column, above whatever stands at the bottom.
  case lowMiddle

  var alignment: TextBlock.Alignment {
    switch self {
    case .topLeft, .bottomLeft, .leftCentre: .left
    case .topRight, .bottomRight, .rightCentre: .right
    case .topCentre, .bottomCentre, .lowMiddle: .centre
    }
  }

  /// The places for a block from here on, the best first: along the edge, step by step.
  func places(_ blockRows: Int, _ blockColumns: Int, rows: Int, columns: Int) -> [PixelRect] {
    let margin = 3
    let right = columns - margin - blockColumns
    let bottom = rows - margin - blockRows
    let middle = (columns - blockColumns) / 2
    func rect(_ row: Int, _ column: Int) -> PixelRect {
      PixelRect(row: row, column: column, rows: blockRows, columns: blockColumns)
    }
    let step = 4
    switch self {
    case .topLeft, .topRight:
      let column = self == .topLeft ? margin : right
      return stride(from: margin, through: max(rows / 2, margin), by: step).map { rect($0, column) }
    case .bottomLeft, .bottomRight:
      let column = self == .bottomLeft ? margin : right
      return stride(from: bottom, through: min(rows / 2, bottom), by: -step).map {
        rect($0, column)
      }
    case .topCentre, .bottomCentre:
      let first = Self.outward(columns / 2, step).map {
        rect(self == .topCentre ? margin : bottom, middle + $0)
      }
      return first
        + stride(from: step, through: rows / 3, by: step).map {
          rect(self == .topCentre ? margin + $0 : bottom - $0, middle)
        }
    case .lowMiddle:
      return stride(from: bottom, through: rows / 2, by: -step).map { rect($0, middle) }
    case .leftCentre, .rightCentre:
      let column = self == .leftCentre ? margin : right
      return Self.outward(rows / 2, step).map { rect((rows - blockRows) / 2 + $0, column) }
    }
  }

  /// 0, then steps away from it to both sides in turn.
  private static func outward(_ limit: Int, _ step: Int) -> [Int] {
    [0] + stride(from: step, through: limit, by: step).flatMap { [$0, -$0] }
  }
}

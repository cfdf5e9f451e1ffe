/// Where a block would like to be.
enum Anchor: Hashable {
  case topLeft, topRight, bottomLeft, bottomRight
  case topCentre, bottomCentre, leftCentre, rightCentre

  var alignment: TextBlock.Alignment {
    switch self {
    case .topLeft, .bottomLeft, .leftCentre: .left
    case .topRight, .bottomRight, .rightCentre: .right
    case .topCentre, .bottomCentre: .centre
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
      let row = self == .topCentre ? margin : bottom
      return Self.outward(columns / 2, step).map { rect(row, middle + $0) }
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

import DoseMap

/// Regions of a dose that so few points of its grid hold that an isodose round them is a guess.
enum ThinRegions {
  /// Fewer points than this across are too few.
  static let fewest = 3

  /// How many connected regions at or above a dose are thinner than that along some axis.
  ///
  /// Points are connected through faces; the axis across a grid of one plane does not count.
  static func count(in grid: DoseGrid, above gray: Double) -> Int {
    let threshold = (gray / grid.grayPerCount).rounded(.up)
    guard threshold > 0, threshold <= Double(UInt32.max) else { return 0 }
    let lowest = UInt32(threshold)
    let (columns, rows, planes) = (grid.columns, grid.rows, grid.planes)
    var visited = [Bool](repeating: false, count: grid.counts.count)
    var thin = 0
    var stack: [Int] = []
    for start in grid.counts.indices where grid.counts[start] >= lowest && !visited[start] {
      var low = (Int.max, Int.max, Int.max)
      var high = (0, 0, 0)
      visited[start] = true
      stack.append(start)
      while let index = stack.popLast() {
        let column = index % columns
        let row = index / columns % rows
        let plane = index / (columns * rows)
        low = (min(low.0, column), min(low.1, row), min(low.2, plane))
        high = (max(high.0, column), max(high.1, row), max(high.2, plane))
        func visit(_ neighbour: Int) {
          if grid.counts[neighbour] >= lowest, !visited[neighbour] {
            visited[neighbour] = true
            stack.append(neighbour)
          }
        }
        if column > 0 { visit(index - 1) }
        if column + 1 < columns { visit(index + 1) }
        if row > 0 { visit(index - columns) }
        if row + 1 < rows { visit(index + columns) }
        if plane > 0 { visit(index - columns * rows) }
        if plane + 1 < planes { visit(index + columns * rows) }
      }
      let isThin =
        high.0 - low.0 + 1 < fewest || high.1 - low.1 + 1 < fewest
        || (planes > 1 && high.2 - low.2 + 1 < fewest)
      if isThin { thin += 1 }
    }
    return thin
  }
}

/// Marching squares: walks the cells between pixel centres and joins their crossings to lines.
///
/// A cell has four pixel centres as corners. Cells with an unknown corner hold no line. The
/// crossings are placed, and the ambiguous cells decided, by whoever asks.
struct CellTracer {
  /// What is known of a pixel centre.
  static let below: UInt8 = 0
  static let above: UInt8 = 1
  /// Large enough that a sum over four corners shows it.
  static let unknown: UInt8 = 16

  /// The rows of the picture that are traced.
  let rows: Range<Int>
  let columns: Int
  /// One of the three values above for each pixel of these rows, row by row.
  let states: [UInt8]

  /// One state for each pixel of some rows of a plane.
  static func states(
    of plane: DosePlane, rows: Range<Int>, _ state: (Double) -> UInt8
  ) -> [UInt8] {
    let pixels = rows.lowerBound * plane.columns..<rows.upperBound * plane.columns
    return plane.values[pixels].withUnsafeBufferPointer { doses in
      [UInt8](unsafeUninitializedCapacity: doses.count) { states, count in
        for index in 0..<doses.count { states[index] = state(doses[index]) }
        count = doses.count
      }
    }
  }

  /// The first column from one on whose cell may hold a line; the last one at most.
  ///
  /// Eight cells are looked at at once: most lie all above, all below or all in the unknown, and
  /// their sums of four corners, a byte each, then are eight times the same.
  @inline(__always)
  private static func next(_ column: Int, _ line: Int, _ columns: Int, _ states: [UInt8]) -> Int {
    states.withUnsafeBytes { bytes in
      var column = column
      // The last byte read is the corner to the right of the eighth cell, one line below.
      while column + 9 <= columns, line + columns + column + 9 <= bytes.count {
        func eight(_ offset: Int) -> UInt64 {
          bytes.loadUnaligned(fromByteOffset: line + column + offset, as: UInt64.self)
        }
        let sum = eight(0) &+ eight(1) &+ eight(columns) &+ eight(columns + 1)
        guard sum == 0 || sum == 0x0404_0404_0404_0404 || sum == 0x4040_4040_4040_4040 else {
          break
        }
        column += 8
      }
      return column
    }
  }

  /// A crossing and the up to two crossings that a line joins it with.
  private struct Crossing {
    let place: PixelPoint
    var first: Int32 = -1
    var second: Int32 = -1

    mutating func join(_ other: Int32) {
      if first < 0 { first = other } else { second = other }
    }
  }

  /// The sides of a cell.
  private enum Side: Int { case top, bottom, left, right }

  /// Traces the border between above and below.
  ///
  /// - Parameters:
  ///   - crossing: where the border crosses between two neighbouring pixels, given as row and
  ///     column of the first and whether the second lies to the right (else below it).
  ///   - isHighAcross: whether, in the ambiguous cell with this top left pixel, the two high
  ///     corners are joined.
  func paths(
    crossing: (_ row: Int, _ column: Int, _ toTheRight: Bool) -> PixelPoint,
    isHighAcross: (_ row: Int, _ column: Int) -> Bool
  ) -> [PixelPath] {
    guard rows.count > 1, columns > 1 else { return [] }
    var crossings: [Crossing] = []
    var top = [Int32](repeating: -1, count: columns)
    var bottom = top
    var sides = top

    for row in rows.dropLast() {
      for index in 0..<columns {
        bottom[index] = -1
        sides[index] = -1
      }
      let line = (row - rows.lowerBound) * columns
      var column = 0
      while true {
        column = Self.next(column, line, columns, states)
        guard column < columns - 1 else { break }
        defer { column += 1 }
        let a = states[line + column]
        let b = states[line + column + 1]
        let c = states[line + columns + column]
        let d = states[line + columns + column + 1]
        let sum = a + b + c + d
        if sum == 0 || sum == 4 || sum >= Self.unknown { continue }

        func crossingIndex(_ side: Side) -> Int32 {
          switch side {
          case .top: index(&top, column, row, column, true)
          case .bottom: index(&bottom, column, row + 1, column, true)
          case .left: index(&sides, column, row, column, false)
          case .right: index(&sides, column + 1, row, column + 1, false)
          }
        }
        func index(
          _ known: inout [Int32], _ slot: Int, _ row: Int, _ column: Int, _ right: Bool
        ) -> Int32 {
          if known[slot] >= 0 { return known[slot] }
          known[slot] = Int32(crossings.count)
          crossings.append(Crossing(place: crossing(row, column, right)))
          return known[slot]
        }
        func join(_ one: Side, _ other: Side) {
          let (i, j) = (crossingIndex(one), crossingIndex(other))
          crossings[Int(i)].join(j)
          crossings[Int(j)].join(i)
        }
        switch (a, b, c, d) {
        case (1, 0, 0, 0), (0, 1, 1, 1): join(.top, .left)
        case (0, 1, 0, 0), (1, 0, 1, 1): join(.top, .right)
        case (0, 0, 1, 0), (1, 1, 0, 1): join(.left, .bottom)
        case (0, 0, 0, 1), (1, 1, 1, 0): join(.bottom, .right)
        case (1, 1, 0, 0), (0, 0, 1, 1): join(.left, .right)
        case (1, 0, 1, 0), (0, 1, 0, 1): join(.top, .bottom)
        default:
          // Two high corners face each other across the cell.
          if (a == 1) == isHighAcross(row, column) {
            join(.top, .right)
            join(.left, .bottom)
          } else {
            join(.top, .left)
            join(.bottom, .right)
          }
        }
      }
      swap(&top, &bottom)
    }
    return Self.chained(crossings)
  }

  /// Joins crossings to lines: the open ones first, each group in the order of the picture.
  private static func chained(_ crossings: [Crossing]) -> [PixelPath] {
    var taken = [Bool](repeating: false, count: crossings.count)
    var paths: [PixelPath] = []
    func walk(from start: Int) -> [PixelPoint] {
      var points: [PixelPoint] = []
      var at = start
      while true {
        taken[at] = true
        points.append(crossings[at].place)
        let (first, second) = (Int(crossings[at].first), Int(crossings[at].second))
        if first >= 0 && !taken[first] {
          at = first
        } else if second >= 0 && !taken[second] {
          at = second
        } else {
          return points
        }
      }
    }
    for index in crossings.indices where !taken[index] && crossings[index].second < 0 {
      paths.append(PixelPath(points: walk(from: index), isClosed: false))
    }
    for index in crossings.indices where !taken[index] {
      paths.append(PixelPath(points: walk(from: index), isClosed: true))
    }
    return paths
  }
}

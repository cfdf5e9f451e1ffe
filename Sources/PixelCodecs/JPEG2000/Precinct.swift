/// What packets bring of one code-block.
///
/// T.800 B.10.
struct CodeBlock {
  /// A codeword segment: passes that are decoded without a new start.
  struct Segment {
    var passes = 0
    /// How many passes it can have before the next segment begins.
    let limit: Int
    /// Where its bytes lie in the data of the tile.
    var pieces: [Range<Int>] = []
  }

  /// Its place in the sub-band.
  let area: GridRectangle
  var isIncluded = false
  /// How many of the most significant bit-planes are empty.
  var emptyPlanes = 0
  /// LBlock, T.800 B.10.7.1.
  var lengthBits = 3
  var passCount = 0
  var segments: [Segment] = []

  /// The segment that the next pass belongs to.
  ///
  /// T.800 D.4.2, D.6, Table D.9.
  mutating func openSegment(_ style: CodingStyle.PassStyle) -> Int {
    if let last = segments.last, last.passes < last.limit { return segments.count - 1 }
    let limit: Int
    if style.contains(.terminateAll) {
      limit = 1
    } else if style.contains(.bypass) {
      // 10 passes of arithmetic coding, then two raw ones and one of arithmetic coding in turn.
      limit = segments.isEmpty ? 10 : segments.count % 2 == 1 ? 2 : 1
    } else {
      limit = Int.max
    }
    segments.append(Segment(limit: limit))
    return segments.count - 1
  }
}

/// The code-blocks of one sub-band in one precinct, with the trees that tell about them.
struct PrecinctBand {
  let band: Int
  var blocks: [CodeBlock] = []
  var inclusion: TagTree
  var emptyPlanes: TagTree

  /// - Parameters:
  ///   - band: Which sub-band of the tile-component.
  ///   - area: The part of the sub-band that is in the precinct.
  ///   - widthExponent: Of a code-block.
  ///   - heightExponent: Of a code-block.
  init(band: Int, area: GridRectangle, widthExponent: Int, heightExponent: Int) {
    self.band = band
    guard !area.isEmpty else {
      inclusion = TagTree(width: 0, height: 0)
      emptyPlanes = inclusion
      return
    }
    let columns = area.x0 >> widthExponent...(area.x1 - 1) >> widthExponent
    let rows = area.y0 >> heightExponent...(area.y1 - 1) >> heightExponent
    for row in rows {
      for column in columns {
        blocks.append(
          CodeBlock(
            area: GridRectangle(
              x0: max(area.x0, column << widthExponent),
              y0: max(area.y0, row << heightExponent),
              x1: min(area.x1, (column + 1) << widthExponent),
              y1: min(area.y1, (row + 1) << heightExponent))))
      }
    }
    inclusion = TagTree(width: columns.count, height: rows.count)
    emptyPlanes = inclusion
  }
}

/// A packet for each layer: one resolution of one component in one part of the tile.
struct Precinct {
  /// Where it begins on the reference grid, not before the tile.
  let x: Int
  let y: Int
  let component: Int
  var bands: [PrecinctBand]
  /// The next layer that a packet brings.
  var nextLayer = 0
}

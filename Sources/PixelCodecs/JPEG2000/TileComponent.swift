/// A sub-band of a tile-component.
///
/// T.800 B.5.
struct SubBand {
  /// 0 LL, 1 HL, 2 LH, 3 HH.
  let orientation: Int
  let resolution: Int
  let area: GridRectangle
  /// Where its first coefficient stands among those of the tile-component.
  let column: Int
  let row: Int
  /// The count of magnitude bit-planes, Mb, those of a region of interest included.
  let planes: Int
  /// What a coefficient counts where the wavelet is not reversible.
  ///
  /// T.800 E.1.1.
  let step: Float
}

/// One resolution of a tile-component.
///
/// T.800 B.5, B.6.
struct Resolution {
  let area: GridRectangle
  /// Its precincts among all of the tile, row by row.
  var precincts: Range<Int> = 0..<0
}

/// One component of a tile: its resolutions and sub-bands.
///
/// T.800 B.3 to B.7.
struct TileComponent {
  let style: CodingStyle
  let regionShift: Int
  let area: GridRectangle
  private(set) var resolutions: [Resolution] = []
  private(set) var bands: [SubBand] = []

  /// Lays out a component.
  ///
  /// - Parameters:
  ///   - area: The tile.
  ///   - index: Which component.
  ///   - parameters: Of the tile.
  ///   - precision: Bits of a sample.
  ///   - precincts: Of the tile; those of this component are appended.
  ///   - limit: How many precincts there can be at most.
  init(
    _ area: GridRectangle, index: Int, _ parameters: TileParameters, precision: Int,
    precincts: inout [Precinct], limit: Int
  ) throws(CodecError) {
    self.area = area
    style = parameters.coding[index]
    regionShift = parameters.regionShift[index]
    var lower = GridRectangle(x0: 0, y0: 0, x1: 0, y1: 0)
    for number in 0...style.levels {
      let shift = style.levels - number
      let area = Self.divided(area, by: shift)
      var ownBands: [Int] = []
      for orientation in number == 0 ? 0...0 : 1...3 {
        let level = number == 0 ? style.levels : shift + 1
        let band = Self.band(self.area, level: level, orientation: orientation)
        let quantisation = parameters.quantisation[index]
        guard let step = quantisation.step(resolution: number, orientation: orientation) else {
          throw .malformed(.jpeg2000, "a sub-band without step size", at: 0)
        }
        let gain = orientation == 0 ? 0 : orientation == 3 ? 2 : 1
        ownBands.append(bands.count)
        bands.append(
          SubBand(
            orientation: orientation, resolution: number, area: band,
            column: orientation & 1 == 1 ? lower.width : 0,
            row: orientation & 2 == 2 ? lower.height : 0,
            planes: quantisation.guardBits + step.exponent - 1 + regionShift,
            step: Float(1 + Double(step.mantissa) / 2048)
              * Float(sign: .plus, exponent: precision + gain - step.exponent, significand: 1)))
      }
      lower = area
      var resolution = Resolution(area: area)
      let first = precincts.count
      try appendPrecincts(
        of: area, number: number, component: index, bands: ownBands, to: &precincts, limit: limit)
      resolution.precincts = first..<precincts.count
      resolutions.append(resolution)
    }
  }

  private static func divided(_ area: GridRectangle, by shift: Int) -> GridRectangle {
    let round = 1 << shift - 1
    return GridRectangle(
      x0: (area.x0 + round) >> shift, y0: (area.y0 + round) >> shift,
      x1: (area.x1 + round) >> shift, y1: (area.y1 + round) >> shift)
  }

  /// T.800 Equation B-15.
  private static func band(
    _ area: GridRectangle, level: Int, orientation: Int
  ) -> GridRectangle {
    guard level > 0, orientation > 0 else { return divided(area, by: level) }
    let half = 1 << (level - 1)
    let x = orientation & 1 == 1 ? half : 0
    let y = orientation & 2 == 2 ? half : 0
    return divided(
      GridRectangle(x0: area.x0 - x, y0: area.y0 - y, x1: area.x1 - x, y1: area.y1 - y), by: level)
  }

  /// Divides a resolution into precincts, and those into code-blocks.
  ///
  /// T.800 B.6, B.7.
  private func appendPrecincts(
    of resolution: GridRectangle, number: Int, component: Int, bands ownBands: [Int],
    to precincts: inout [Precinct], limit: Int
  ) throws(CodecError) {
    guard !resolution.isEmpty else { return }
    let size = style.precincts[number]
    let columns = resolution.x0 >> size.width...(resolution.x1 - 1) >> size.width
    let rows = resolution.y0 >> size.height...(resolution.y1 - 1) >> size.height
    // A precinct has a packet, and that a byte at least: what the bytes cannot hold is not made.
    guard columns.count * rows.count <= limit - precincts.count else {
      throw .truncated(.jpeg2000, at: limit)
    }
    let halving = number == 0 ? 0 : 1
    let shift = style.levels - number
    for row in rows {
      for column in columns {
        precincts.append(
          Precinct(
            x: max(area.x0, column << (size.width + shift)),
            y: max(area.y0, row << (size.height + shift)), component: component,
            bands: ownBands.map { index in
              let band = bands[index].area
              let width = size.width - halving
              let height = size.height - halving
              return PrecinctBand(
                band: index,
                area: GridRectangle(
                  x0: max(band.x0, column << width), y0: max(band.y0, row << height),
                  x1: min(band.x1, (column + 1) << width),
                  y1: min(band.y1, (row + 1) << height)),
                widthExponent: min(style.blockWidthExponent, width),
                heightExponent: min(style.blockHeightExponent, height))
            }))
      }
    }
  }
}

/// The image and its tiles on the reference grid.
///
/// T.800 A.5.1.
struct ImageAndTileSize {
  let capabilities: Int
  /// The image: its offset and the point after its last sample.
  let image: GridRectangle
  /// The first tile, which may begin before the image.
  let tileX: Int
  let tileY: Int
  let tileWidth: Int
  let tileHeight: Int
  let precision: Int
  let isSigned: Bool
  let componentCount: Int

  var tileColumns: Int { (image.x1 - tileX + tileWidth - 1) / tileWidth }
  var tileRows: Int { (image.y1 - tileY + tileHeight - 1) / tileHeight }

  /// The part of the image in a tile.
  ///
  /// T.800 B.3.
  func tile(_ index: Int) -> GridRectangle {
    let x = tileX + index % tileColumns * tileWidth
    let y = tileY + index / tileColumns * tileHeight
    return GridRectangle(
      x0: max(x, image.x0), y0: max(y, image.y0), x1: min(x + tileWidth, image.x1),
      y1: min(y + tileHeight, image.y1))
  }
}

/// A rectangle of the reference grid, a resolution or a sub-band, without its right and bottom.
struct GridRectangle: Equatable {
  var x0: Int
  var y0: Int
  var x1: Int
  var y1: Int

  var width: Int { max(0, x1 - x0) }
  var height: Int { max(0, y1 - y0) }
  var isEmpty: Bool { x1 <= x0 || y1 <= y0 }
}

/// How the coefficients of a component are coded.
///
/// T.800 A.6.1, A.6.2.
struct CodingStyle {
  /// Count of wavelet decompositions, 0 to 32.
  var levels = 0
  /// Width and height of code-blocks as powers of 2.
  var blockWidthExponent = 6
  var blockHeightExponent = 6
  var passes: PassStyle = []
  var isReversible = true
  /// For each resolution, the precinct's width and height as powers of 2.
  var precincts: [(width: Int, height: Int)] = []

  /// Variants of the block coder.
  ///
  /// T.800 Table A.19.
  struct PassStyle: OptionSet {
    let rawValue: Int

    static let bypass = PassStyle(rawValue: 0x01)
    static let resetContexts = PassStyle(rawValue: 0x02)
    static let terminateAll = PassStyle(rawValue: 0x04)
    static let verticallyCausal = PassStyle(rawValue: 0x08)
    static let predictableTermination = PassStyle(rawValue: 0x10)
    static let segmentationSymbols = PassStyle(rawValue: 0x20)
  }
}

/// How the packets of a tile follow each other, and what its components share.
///
/// T.800 A.6.1.
struct TileStyle {
  var progression = Progression.Order.layerResolution
  var layers = 1
  var hasComponentTransform = false
}

/// The step sizes of a component.
///
/// T.800 A.6.4.
struct Quantisation {
  enum Kind {
    case none
    case derived
    case expounded
  }

  var kind = Kind.none
  var guardBits = 0
  /// Exponent and mantissa, for each sub-band or for the first one only.
  var steps: [(exponent: Int, mantissa: Int)] = []

  /// The step of a sub-band; `nil` where the code stream has none for it.
  ///
  /// T.800 E.1.
  ///
  /// - Parameters:
  ///   - resolution: 0 for the lowest.
  ///   - orientation: 0 LL, 1 HL, 2 LH, 3 HH.
  func step(resolution: Int, orientation: Int) -> (exponent: Int, mantissa: Int)? {
    if kind == .derived {
      guard let first = steps.first else { return nil }
      return (first.exponent - max(0, resolution - 1), first.mantissa)
    }
    let index = resolution == 0 ? 0 : 3 * (resolution - 1) + orientation
    return steps.indices.contains(index) ? steps[index] : nil
  }
}

/// All that a tile is decoded by: the main header's parameters, changed by the tile's own.
struct TileParameters {
  var style = TileStyle()
  /// For each component.
  var coding: [CodingStyle]
  var quantisation: [Quantisation]
  /// The shift of a region of interest, for each component.
  ///
  /// T.800 A.6.3.
  var regionShift: [Int]
  var progressionChanges: [Progression] = []
  /// Components whose own marker segment counts more than the default of the same header.
  var hasOwnCoding: Set<Int> = []
  var hasOwnQuantisation: Set<Int> = []

  init(componentCount: Int) {
    coding = Array(repeating: CodingStyle(), count: componentCount)
    quantisation = Array(repeating: Quantisation(), count: componentCount)
    regionShift = Array(repeating: 0, count: componentCount)
  }
}

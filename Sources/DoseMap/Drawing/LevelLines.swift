/// The lines of one isodose level on one slice, in pixels of the finished picture.
package struct LevelLines: Equatable, Sendable {
  package let level: IsodoseLevel
  package let paths: [PixelPath]
  /// What is drawn of each path: all of it, dashes or dots.
  package let pieces: [[PixelPoint]]

  init(level: IsodoseLevel, paths: [PixelPath], style: LineStyle) {
    self.level = level
    self.paths = paths
    let width = level.lineWidth
    pieces = paths.flatMap { style.pieces(of: $0, width: width) }
  }

  /// Whether the level is reached on this slice at all.
  package var isEmpty: Bool { paths.isEmpty }
}

extension IsodoseLevel {
  /// The width of the level's line in pixels of the finished picture, without its casing.
  var lineWidth: Double { isPrescription ? 3 : 2 }
}

/// How the slices of a map are drawn: what all of them have in common.
package struct MapDesign: Sendable {
  /// Highest dose first.
  package let levels: [IsodoseLevel]
  package let lineStyle: LineStyle
  /// The whole number that the scan's matrix is scaled up by.
  package let scale: Int
  package let text: MapText
  /// The highest dose of the course in Gy, for `not reached`; `nil` where it is not known.
  package let maximum: Double?
  /// How much of the levels' colours is laid over the scan inside them, in per cent; 0 leaves the
  /// scan as it is.
  package let wash: Int
  package let structures: [MapStructure]

  /// Even a matrix of eight pixels becomes as large as a picture has to be.
  package static let largestScale = 64

  /// More than this hides the scan.
  package static let strongestWash = 50

  package init(
    levels: [IsodoseLevel], lineStyle: LineStyle = .solid, scale: Int, text: MapText,
    maximum: Double? = nil, wash: Int = 0, structures: [MapStructure] = []
  ) throws(DoseMapError) {
    guard (1...IsodoseScheme.mostLevels).contains(levels.count) else {
      throw .levelCount(levels.count)
    }
    for level in levels where !(level.gray.isFinite && level.gray > 0) { throw .level(level.gray) }
    guard (1...Self.largestScale).contains(scale) else { throw .scale(scale) }
    guard (0...Self.strongestWash).contains(wash) else { throw .wash(wash) }
    self.levels = levels.sorted { $0.gray > $1.gray }
    self.lineStyle = lineStyle
    self.scale = scale
    self.text = text
    self.maximum = maximum
    self.wash = wash
    self.structures = structures
  }
}

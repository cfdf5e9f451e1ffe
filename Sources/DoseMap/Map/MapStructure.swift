/// A structure whose outline is drawn beside the isodose lines.
///
/// Thin, solid and pale: dashes mean a prior course, strong colours mean dose.
package struct MapStructure: Hashable, Sendable {
  package let name: String
  package let color: RGBColor
  /// What is to be said of it beside its name, such as why it is not drawn; may be empty.
  package let remark: String

  /// More outlines than these cannot be told apart.
  package static let most = 6

  private static let palette = [
    "#ffffff", "#ffaad4", "#aac4ff", "#c8f0a0", "#e6c896", "#b4b4b4",
  ].compactMap(RGBColor.init(hex:))

  /// Gives each name a pale colour that no isodose level has; at most ``most`` of them.
  package static func list(
    _ names: [(name: String, remark: String)], beside levels: [IsodoseLevel]
  ) -> [MapStructure] {
    let taken = Set(levels.map(\.color))
    return zip(names, palette.filter { !taken.contains($0) }).map {
      MapStructure(name: $0.name, color: $1, remark: $0.remark)
    }
  }

  private init(name: String, color: RGBColor, remark: String) {
    self.name = name
    self.color = color
    self.remark = remark
  }

  /// The width of an outline in pixels of the finished picture, without its casing.
  static let lineWidth = 1.2
}

/// A piece of a structure's outline on one slice.
package struct StructureLine: Equatable, Sendable {
  /// Which of the design's structures it belongs to, from 0.
  package var structure: Int
  /// In pixels of the scan.
  package var path: PixelPath

  package init(structure: Int, path: PixelPath) {
    self.structure = structure
    self.path = path
  }
}

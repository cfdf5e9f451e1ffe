package import Geometry

/// One slice of a scan, ready to be drawn on.
package struct MapSlice: Sendable {
  /// Which slice it is of how many, counted from 1.
  package var number: Int
  package var count: Int
  /// Where the scan's own pixels lie.
  package var plane: ImagePlane
  /// `rows * columns` windowed grey values, as shown: 0 is black.
  package var pixels: [UInt8]
  /// A small view of the whole scan on which this slice is marked.
  package var locator: MapLocator?
  /// Outlines of the design's structures.
  package var structures: [StructureLine]
  /// The place of the course's highest dose, where it lies on this slice and is to be marked.
  package var maximum: MaximumMark?

  package init(
    number: Int, count: Int, plane: ImagePlane, pixels: [UInt8], locator: MapLocator? = nil,
    structures: [StructureLine] = [], maximum: MaximumMark? = nil
  ) {
    self.number = number
    self.count = count
    self.plane = plane
    self.pixels = pixels
    self.locator = locator
    self.structures = structures
    self.maximum = maximum
  }

  /// The scale that gives the shorter side at least 512 pixels.
  package static func scale(rows: Int, columns: Int) -> Int {
    let shorter = max(min(rows, columns), 1)
    return max(1, (512 + shorter - 1) / shorter)
  }
}

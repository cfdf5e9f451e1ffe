package import Geometry

/// A small view of the scan from the side or the front, on which each slice is marked.
package struct MapLocator: Sendable {
  /// Where the view's pixels lie, in the scan's frame of reference.
  package let plane: ImagePlane
  /// `rows * columns` windowed grey values.
  package let pixels: [UInt8]

  package init(plane: ImagePlane, pixels: [UInt8]) throws(DoseMapError) {
    guard pixels.count == plane.rows * plane.columns else {
      throw .pixelCount(expected: plane.rows * plane.columns, found: pixels.count)
    }
    self.plane = plane
    self.pixels = pixels
  }

  /// The view through the middle of a stack of parallel slices, head up where there is a head side.
  ///
  /// The view is built of one line of pixels of each slice: the middle row (`lines` then have
  /// `columns` values each), seen along the columns.
  ///
  /// - Parameters:
  ///   - planes: the slices in order along their normal, evenly or unevenly spaced, all of one
  ///     size, straight above each other.
  ///   - lines: the middle row of each slice, windowed.
  /// - Returns: `nil` where no straight view can be made: one slice, or a tilted stack.
  package init?(stack planes: [ImagePlane], middleRows lines: [[UInt8]]) {
    guard let first = planes.first, let last = planes.last, planes.count > 1,
      planes.count == lines.count, lines.allSatisfy({ $0.count == first.columns })
    else { return nil }
    let normal = first.normal
    let depths = planes.map { ($0.position - first.position).dot(normal) }
    let length = depths[depths.count - 1]
    guard length > 0, zip(depths, depths.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
    let sideways = (last.position - first.position) - normal * length
    guard sideways.length < first.columnSpacing else { return nil }
    let spacing = max(first.columnSpacing, length / 2048)
    let rows = Int((length / spacing).rounded()) + 1
    // The side that is nearer the head, else the front, is up.
    let isHeadUp = normal.z > 0.3 || (abs(normal.z) <= 0.3 && normal.y < 0)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(rows * first.columns)
    var below = 0
    for row in 0..<rows {
      let depth = min(length, Double(row) * spacing)
      while below < depths.count - 2 && depths[below + 1] < depth { below += 1 }
      let share = (depth - depths[below]) / (depths[below + 1] - depths[below])
      for (a, b) in zip(lines[below], lines[below + 1]) {
        pixels.append(
          UInt8((Double(a) + (Double(b) - Double(a)) * min(max(share, 0), 1)).rounded()))
      }
    }
    let middle =
      first.position
      + first.columnDirection * (first.rowSpacing * Double(first.rows / 2))
    var start = middle
    var down = normal
    if isHeadUp {
      start = middle + normal * (spacing * Double(rows - 1))
      down = normal * -1
      pixels = stride(from: rows - 1, through: 0, by: -1).flatMap {
        pixels[$0 * first.columns..<($0 + 1) * first.columns]
      }
    }
    let along = first.rowDirection
    guard
      let plane = try? ImagePlane(
        position: start, orientation: [along.x, along.y, along.z, down.x, down.y, down.z],
        rowSpacing: spacing, columnSpacing: first.columnSpacing, rows: rows,
        columns: first.columns)
    else { return nil }
    self.plane = plane
    self.pixels = pixels
  }

  /// The two ends of the line in which a slice cuts the view, in the view's pixels; `nil` where
  /// the slice lies alongside or outside.
  func mark(of slice: ImagePlane) -> (PixelPoint, PixelPoint)? {
    let normal = slice.normal
    let across = plane.columnDirection.dot(normal) * plane.rowSpacing
    let along = plane.rowDirection.dot(normal) * plane.columnSpacing
    guard abs(across) > abs(along) * 0.2, abs(across) > 1e-9 else { return nil }
    let offset = (slice.position - plane.position).dot(normal)
    let right = Double(plane.columns - 1)
    let (a, b) = (offset / across, (offset - along * right) / across)
    let range = -1...Double(plane.rows)
    guard range.contains(a) || range.contains(b) else { return nil }
    return (PixelPoint(column: 0, row: a), PixelPoint(column: right, row: b))
  }
}

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

  /// Which line of pixels of each slice the view is built of.
  package enum Line: Sendable {
    /// The middle row: of axial slices this gives a coronal view.
    case row
    /// The middle column: of sagittal slices a coronal view, of coronal ones a sagittal view.
    case column

    /// The one that shows head and feet.
    package static func best(for plane: ImagePlane) -> Line {
      abs(plane.columnDirection.z) > abs(plane.normal.z) ? .column : .row
    }
  }

  /// The view through the middle of a stack of parallel slices, the head up.
  ///
  /// - Parameters:
  ///   - planes: the slices in order along their normal, evenly or unevenly spaced, all of one
  ///     size, straight above each other.
  ///   - lines: the middle row or column of each slice, windowed.
  /// - Returns: `nil` where no straight view can be made: one slice, or a tilted stack.
  package init?(stack planes: [ImagePlane], middle line: Line, lines: [[UInt8]]) {
    guard let first = planes.first, let last = planes.last, planes.count > 1,
      planes.count == lines.count
    else { return nil }
    let normal = first.normal
    let depths = planes.map { ($0.position - first.position).dot(normal) }
    let length = depths[depths.count - 1]
    guard length > 0, zip(depths, depths.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
    let sideways = (last.position - first.position) - normal * length
    guard sideways.length < first.columnSpacing else { return nil }
    let pixel = line == .row ? first.columnSpacing : first.rowSpacing
    let size = line == .row ? first.columns : first.rows
    guard lines.allSatisfy({ $0.count == size }) else { return nil }
    let spacing = max(pixel, length / 2048)
    var view = Self.filled(lines, depths: depths, spacing: spacing)
    var start = first.position
    var depthDirection = normal
    // Head up where the stack runs up or down, else the right or the front to the left.
    let isTurned: Bool
    switch line {
    case .row: isTurned = normal.z > 0.3 || (abs(normal.z) <= 0.3 && normal.y < 0)
    case .column: isTurned = abs(normal.x) > abs(normal.y) ? normal.x < 0 : normal.y < 0
    }
    if isTurned {
      view.reverse()
      start = start + normal * (spacing * Double(view.count - 1))
      depthDirection = normal * -1
    }
    let right: PatientVector
    let down: PatientVector
    switch line {
    case .row:
      start = start + first.columnDirection * (first.rowSpacing * Double(first.rows / 2))
      (right, down) = (first.rowDirection, depthDirection)
      pixels = view.flatMap(\.self)
    case .column:
      start = start + first.rowDirection * (first.columnSpacing * Double(first.columns / 2))
      (right, down) = (depthDirection, first.columnDirection)
      pixels = (0..<size).flatMap { row in view.map { $0[row] } }
    }
    guard
      let plane = try? ImagePlane(
        position: start, orientation: [right.x, right.y, right.z, down.x, down.y, down.z],
        rowSpacing: line == .row ? spacing : pixel, columnSpacing: line == .row ? pixel : spacing,
        rows: line == .row ? view.count : size, columns: line == .row ? size : view.count)
    else { return nil }
    self.plane = plane
  }

  /// Lines at even distances, each between its two neighbours.
  private static func filled(
    _ lines: [[UInt8]], depths: [Double], spacing: Double
  ) -> [[UInt8]] {
    let length = depths[depths.count - 1]
    var below = 0
    var filled: [[UInt8]] = []
    for index in 0...Int((length / spacing).rounded()) {
      let depth = min(length, Double(index) * spacing)
      while below < depths.count - 2 && depths[below + 1] < depth { below += 1 }
      let gap = depths[below + 1] - depths[below]
      let share = min(max((depth - depths[below]) / gap, 0), 1)
      var line: [UInt8] = []
      line.reserveCapacity(lines[below].count)
      for (a, b) in zip(lines[below], lines[below + 1]) {
        let value = Double(a) + (Double(b) - Double(a)) * share
        line.append(UInt8(value.rounded()))
      }
      filled.append(line)
    }
    return filled
  }

  /// The two ends of the line in which a slice cuts the view, in the view's pixels; `nil` where
  /// the slice lies alongside or outside.
  package func mark(of slice: ImagePlane) -> (PixelPoint, PixelPoint)? {
    let normal = slice.normal
    let across = plane.columnDirection.dot(normal) * plane.rowSpacing
    let along = plane.rowDirection.dot(normal) * plane.columnSpacing
    guard max(abs(across), abs(along)) > 1e-9 else { return nil }
    let offset = (slice.position - plane.position).dot(normal)
    let (right, bottom) = (Double(plane.columns - 1), Double(plane.rows - 1))
    if abs(across) >= abs(along) {
      let (a, b) = (offset / across, (offset - along * right) / across)
      let range = -1...bottom + 1
      guard range.contains(a) || range.contains(b) else { return nil }
      return (PixelPoint(column: 0, row: a), PixelPoint(column: right, row: b))
    }
    let (a, b) = (offset / along, (offset - across * bottom) / along)
    let range = -1...right + 1
    guard range.contains(a) || range.contains(b) else { return nil }
    return (PixelPoint(column: a, row: 0), PixelPoint(column: b, row: bottom))
  }
}

import Geometry

extension MapRenderer {
  /// A part of a slice in another size, with its lines but without its lettering.
  ///
  /// The lines are those that were meant for the slice, drawn anew: as wide here as there, so that
  /// they stay visible however small the picture is.
  ///
  /// - Parameters:
  ///   - drawn: the slice as this renderer drew it.
  ///   - pixels: its grey values, as many as the scan has pixels.
  ///   - part: what is shown of the scan, in its pixels.
  ///   - rows: the height of the picture.
  ///   - columns: the width of the picture.
  package func thumbnail(
    of drawn: DrawnSlice, pixels: [UInt8], part: PixelRect, rows: Int, columns: Int
  ) -> RGBImage {
    let (scanRows, scanColumns) = (
      drawn.plane.rows / design.scale, drawn.plane.columns / design.scale
    )
    // No file reaches these: a series has slices of one size, and its parts are cut within them.
    precondition(pixels.count == scanRows * scanColumns, "one grey value per pixel")
    precondition(part.isInside(rows: scanRows, columns: scanColumns), "a part of the slice")
    let grey = Self.resized(pixels, columns: scanColumns, part, rows: rows, columns: columns)
    var canvas = MapCanvas(RGBImage(grey: grey, rows: rows, columns: columns, factor: 1))
    let down = Double(rows) / Double(part.rows)
    let across = Double(columns) / Double(part.columns)
    let scale = Double(design.scale)
    func moved(_ path: PixelPath) -> PixelPath {
      PixelPath(
        points: path.points.map {
          PixelPoint(
            column: (($0.column + 0.5) / scale - Double(part.column)) * across - 0.5,
            row: (($0.row + 0.5) / scale - Double(part.row)) * down - 0.5)
        }, isClosed: path.isClosed)
    }
    canvas.draw(
      levels: drawn.levels.map {
        LevelLines(level: $0.level, paths: $0.paths.map(moved), style: design.lineStyle)
      },
      strokes: drawn.strokes.map { stroke in
        MapCanvas.Stroke(
          name: stroke.name,
          runs: stroke.runs.map { moved(PixelPath(points: $0, isClosed: false)).points },
          width: stroke.width, color: stroke.color)
      }, gridEdges: drawn.gridEdges.map(moved))
    return canvas.image
  }

  /// Each new pixel is the mean of the area that it covers.
  private static func resized(
    _ pixels: [UInt8], columns width: Int, _ part: PixelRect, rows: Int, columns: Int
  ) -> [UInt8] {
    let across = (0..<columns).map { column in
      let left = part.column + column * part.columns / columns
      return left..<max(left + 1, part.column + (column + 1) * part.columns / columns)
    }
    return [UInt8](unsafeUninitializedCapacity: rows * columns) { grey, count in
      pixels.withUnsafeBufferPointer { pixels in
        for row in 0..<rows {
          let top = part.row + row * part.rows / rows
          let bottom = max(top + 1, part.row + (row + 1) * part.rows / rows)
          for column in 0..<columns {
            var sum: UInt32 = 0
            for y in top..<bottom {
              for x in across[column] { sum &+= UInt32(pixels[y * width + x]) }
            }
            grey[row * columns + column] = UInt8(
              truncatingIfNeeded: sum / UInt32((bottom - top) * across[column].count))
          }
        }
      }
      count = rows * columns
    }
  }
}

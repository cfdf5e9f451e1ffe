import Geometry

extension MeantDrawing {
  /// How far a traced line may lie from the one that was meant, in pixels.
  private static let limit = 1.0

  /// `render.lines`: each level, traced again from the finished pixels, lies where it was meant.
  func lines(of image: RGBImage) -> RenderChecks.Verdict {
    var lettering = PixelMask(rows: rows, columns: columns)
    for block in blocks { lettering.mark(block.rect) }
    // A line fades into what covers it over a pixel or so: it is looked for beyond that.
    var covered = lettering
    for block in blocks { covered.mark(block.rect.grown(by: 2)) }
    let candidates = candidates(in: image)
    var places = 0
    var widest = 0.0
    for lines in levels {
      let color = lines.level.color
      let name = "\(DoseText.gray(lines.level.gray)) Gy"
      // A line whose core is wider than a pixel shows its colour that much beside its centre.
      let core = lines.level.lineWidth / 2 - 0.5
      // Forth: along the meant line there is a pixel of the pure colour at every place.
      for piece in lines.pieces {
        let isTiny = Self.isTiny(piece)
        for place in Self.places(along: piece) {
          guard place.row > -0.5, place.column > -0.5, place.row < Double(rows) - 0.5,
            place.column < Double(columns) - 0.5, !covered.isMarked(near: place)
          else { continue }
          places += 1
          let distance = nearest(color, to: place, in: image)
          if isTiny, distance > Self.limit, isTinted(by: color, around: place, in: image) {
            continue
          }
          widest = max(widest, distance)
          if distance > Self.limit {
            return .init(
              holds: false,
              detail: "the line of \(name) is missing at row \(Int(place.row.rounded())), "
                + "column \(Int(place.column.rounded()))")
          }
        }
      }
      // Back: no pixel of the pure colour lies elsewhere.
      var near = PixelMask(rows: rows, columns: columns)
      for path in lines.paths { near.mark(along: path.run, reach: core + Self.limit) }
      for pixel in candidates
      where image.bytes[pixel * 3] == color.red && image.bytes[pixel * 3 + 1] == color.green
        && image.bytes[pixel * 3 + 2] == color.blue
      {
        let (row, column) = pixel.quotientAndRemainder(dividingBy: columns)
        if !near[row, column] && !lettering[row, column] {
          return .init(
            holds: false,
            detail: "the colour of \(name) at row \(row), column \(column) is more than "
              + "1 pixel from its line")
        }
      }
      // What a higher line covers of the lower ones cannot be traced.
      for piece in lines.pieces {
        covered.mark(along: piece, reach: lines.level.lineWidth / 2 + 1.5)
      }
    }
    if let missing = missingStroke(in: image, covered: &covered) {
      return .init(holds: false, detail: missing)
    }
    let rounded = (widest * 100).rounded() / 100
    return .init(
      holds: true,
      detail: "\(levels.count) levels traced at \(places) places; "
        + "the pure colour is at most \(rounded) pixel from the line"
        + (strokes.isEmpty
          ? "" : "; traced as well: " + strokes.map(\.name).joined(separator: ", ")))
  }

  /// The pixels that can have a level's colour: those that are no grey, unless a level is.
  private func candidates(in image: RGBImage) -> [Int] {
    func isGrey(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Bool {
      red == green && green == blue
    }
    guard
      !levels.contains(where: {
        isGrey($0.level.color.red, $0.level.color.green, $0.level.color.blue)
      })
    else { return Array(0..<rows * columns) }
    return image.withPixels { pixels in
      var candidates: [Int] = []
      for pixel in 0..<rows * columns {
        let color = pixels[pixel]
        if color != (color & 0xFF) &* 0x01_01_01 { candidates.append(pixel) }
      }
      return candidates
    }
  }

  /// Looks for structures and marks; what is drawn later covers what is drawn earlier.
  private func missingStroke(in image: RGBImage, covered: inout PixelMask) -> String? {
    for stroke in strokes.reversed() {
      for run in stroke.runs {
        for place in Self.places(along: run) {
          guard place.row > -0.5, place.column > -0.5, place.row < Double(rows) - 0.5,
            place.column < Double(columns) - 0.5, !covered.isMarked(near: place)
          else { continue }
          if !isNear(stroke.color, place, in: image) {
            return "the line of \(stroke.name) is missing at row \(Int(place.row.rounded())), "
              + "column \(Int(place.column.rounded()))"
          }
        }
      }
      for run in stroke.runs {
        covered.mark(along: run, reach: stroke.width / 2 + MapCanvas.casingWidth + 1)
      }
    }
    return nil
  }

  /// Whether a pixel within reach is at least half way from the black casing to a colour.
  private func isNear(_ color: RGBColor, _ place: PixelPoint, in image: RGBImage) -> Bool {
    let (row, column) = (Int(place.row.rounded()), Int(place.column.rounded()))
    func isHalf(_ part: UInt8, of whole: UInt8) -> Bool { part >= whole / 2 && part <= whole }
    for y in max(row - 1, 0)...min(row + 1, rows - 1) {
      for x in max(column - 1, 0)...min(column + 1, columns - 1) {
        let pixel = image[y, x]
        if isHalf(pixel.red, of: color.red), isHalf(pixel.green, of: color.green),
          isHalf(pixel.blue, of: color.blue)
        {
          return true
        }
      }
    }
    return false
  }

  /// Whether a piece of line is so small that it need not hold a pixel of the pure colour in every
  /// stretch of one pixel: between four pixel centres there is none.
  private static func isTiny(_ piece: [PixelPoint]) -> Bool {
    guard let first = piece.first else { return false }
    return piece.allSatisfy { $0.distance(to: first) < 4 }
  }

  /// Whether one of the nearest nine pixels has at least a third of a line's colour in it.
  private func isTinted(by color: RGBColor, around place: PixelPoint, in image: RGBImage) -> Bool {
    func chroma(_ color: RGBColor) -> SIMD3<Double> {
      let values = SIMD3(Double(color.red), Double(color.green), Double(color.blue))
      return values - values.sum() / 3
    }
    let tint = chroma(color)
    let whole = (tint * tint).sum()
    let (row, column) = (Int(place.row.rounded()), Int(place.column.rounded()))
    for y in max(row - 1, 0)...min(row + 1, rows - 1) {
      for x in max(column - 1, 0)...min(column + 1, columns - 1)
      where (chroma(image[y, x]) * tint).sum() * 3 >= whole {
        return true
      }
    }
    return false
  }

  /// Places a quarter of a pixel apart, but for the ends of a piece.
  ///
  /// There is a pixel of the pure colour in every stretch of one pixel; next to an end the one that
  /// is nearest may be missing because the stretch is cut short.
  private static func places(along piece: [PixelPoint]) -> [PixelPoint] {
    let all = PixelMask.steps(along: piece, step: 0.25)
    guard piece.first != piece.last || piece.count < 2 else { return all }
    var walked = [0.0]
    for index in all.indices.dropFirst() {
      walked.append(walked[index - 1] + all[index].distance(to: all[index - 1]))
    }
    let length = walked[walked.count - 1]
    let end = min(0.72, length * 0.45)
    return all.indices.filter { walked[$0] >= end && walked[$0] <= length - end }.map { all[$0] }
  }

  /// The distance to the nearest pixel centre of exactly a colour, among the nearest 25.
  private func nearest(_ color: RGBColor, to place: PixelPoint, in image: RGBImage) -> Double {
    let (row, column) = (Rounding.nearest(place.row), Rounding.nearest(place.column))
    // No centre is nearer than that of the pixel that the place lies in.
    if image[row, column] == color {
      return place.distance(to: PixelPoint(column: Double(column), row: Double(row)))
    }
    var best = Double.infinity
    for y in max(row - 2, 0)...min(row + 2, rows - 1) {
      for x in max(column - 2, 0)...min(column + 2, columns - 1) where image[y, x] == color {
        best = min(best, place.distance(to: PixelPoint(column: Double(x), row: Double(y))))
      }
    }
    return best
  }
}

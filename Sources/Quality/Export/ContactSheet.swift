import DoseMap

/// One picture of all dosed slices, small but legible, in rows from the first to the last.
struct ContactSheet {
  /// A slice made small: every pixel the mean of the block it stands for.
  struct Thumbnail: Sendable {
    /// The slice's number, which stands large below its picture: what is burned in is too small.
    let number: Int
    let rows: Int
    let columns: Int
    let rgb: [UInt8]
  }

  /// How many pixels wide a thumbnail is, for so many slices: fewer slices are shown larger.
  static func width(count: Int) -> Int {
    switch count {
    case ...12: 420
    case ...40: 320
    default: 220
    }
  }

  /// Makes a picture smaller by taking the mean over the area that each new pixel covers.
  static func thumbnail(of image: RGBImage, number: Int, width: Int) -> Thumbnail {
    let columns = min(width, image.columns)
    let rows = max(1, image.rows * columns / image.columns)
    var rgb = [UInt8](repeating: 0, count: rows * columns * 3)
    let source = image.bytes
    for row in 0..<rows {
      let top = row * image.rows / rows
      let bottom = max(top + 1, (row + 1) * image.rows / rows)
      for column in 0..<columns {
        let left = column * image.columns / columns
        let right = max(left + 1, (column + 1) * image.columns / columns)
        var sum = (0, 0, 0)
        for y in top..<bottom {
          var index = (y * image.columns + left) * 3
          for _ in left..<right {
            sum.0 += Int(source[index])
            sum.1 += Int(source[index + 1])
            sum.2 += Int(source[index + 2])
            index += 3
          }
        }
        let count = (bottom - top) * (right - left)
        let target = (row * columns + column) * 3
        rgb[target] = UInt8(sum.0 / count)
        rgb[target + 1] = UInt8(sum.1 / count)
        rgb[target + 2] = UInt8(sum.2 / count)
      }
    }
    return Thumbnail(number: number, rows: rows, columns: columns, rgb: rgb)
  }

  let rows: Int
  let columns: Int
  let rgb: [UInt8]

  /// Lays the thumbnails out on a sheet about as wide as high is for paper (1 : 1.4).
  init(_ thumbnails: [Thumbnail]) {
    let gap = 6
    let caption = Self.digitRows * Self.digitScale + 8
    guard let first = thumbnails.first else {
      rows = 1
      columns = 1
      rgb = [0, 0, 0]
      return
    }
    var across = 1
    while across * across * first.columns * 14 < thumbnails.count * (first.rows + caption) * 10 {
      across += 1
    }
    let down = (thumbnails.count + across - 1) / across
    columns = across * (first.columns + gap) + gap
    rows = down * (first.rows + caption + gap) + gap
    var sheet = [UInt8](repeating: 24, count: rows * columns * 3)
    for (index, thumbnail) in thumbnails.enumerated()
    where thumbnail.rows == first.rows && thumbnail.columns == first.columns {
      let left = gap + index % across * (first.columns + gap)
      let top = gap + index / across * (first.rows + caption + gap)
      for row in 0..<thumbnail.rows {
        let target = ((top + row) * columns + left) * 3
        let source = row * thumbnail.columns * 3
        sheet.replaceSubrange(
          target..<target + thumbnail.columns * 3,
          with: thumbnail.rgb[source..<source + thumbnail.columns * 3])
      }
      Self.write(
        thumbnail.number, row: top + thumbnail.rows + 4, column: left + 4, columns: columns,
        within: thumbnail.columns, into: &sheet)
    }
    rgb = sheet
  }

  // MARK: Numbers

  /// Digits of five by seven dots, three pixels each: two millimetres high on a full page of A4.
  private static let digitRows = 7
  private static let digitScale = 3
  private static let digits: [[UInt8]] = [
    [14, 17, 19, 21, 25, 17, 14], [4, 12, 4, 4, 4, 4, 14], [14, 17, 1, 2, 4, 8, 31],
    [31, 2, 4, 2, 1, 17, 14], [2, 6, 10, 18, 31, 2, 2], [31, 16, 30, 1, 1, 17, 14],
    [6, 8, 16, 30, 17, 17, 14], [31, 1, 2, 4, 8, 8, 8], [14, 17, 17, 14, 17, 17, 14],
    [14, 17, 17, 15, 1, 2, 12],
  ]

  private static func write(
    _ number: Int, row: Int, column: Int, columns: Int, within width: Int,
    into sheet: inout [UInt8]
  ) {
    var left = column
    for character in String(max(0, number)) {
      guard let digit = character.wholeNumberValue, left + 6 * digitScale <= column + width else {
        return
      }
      for y in 0..<digitRows * digitScale {
        for x in 0..<5 * digitScale
        where digits[digit][y / digitScale] >> (4 - x / digitScale) & 1 == 1 {
          let pixel = ((row + y) * columns + left + x) * 3
          for channel in 0..<3 { sheet[pixel + channel] = 235 }
        }
      }
      left += 6 * digitScale
    }
  }
}

import DoseMap
import Pictures

/// What a map adds to its scan: the finished pixels where they differ, nothing elsewhere.
///
/// Laid over the bare scan it gives the finished picture exactly, whatever was drawn and how; so
/// the page needs each scan once, can take the ink away, and can show the difference alone.
enum SliceInk {
  /// So many rows are made at a time: what is compared is still in the cache when it is written.
  private static let band = 16

  /// The layer as a PNG file, clear wherever the finished picture is the scan.
  ///
  /// - Parameter grey: the scan, `factor` times smaller along both sides.
  static func png(of image: RGBImage, over grey: [UInt8], factor: Int) -> [UInt8] {
    var stream = PNGStream(rows: image.rows, columns: image.columns, color: .rgba)
    var file = stream.head
    for first in stride(from: 0, to: image.rows, by: band) {
      let rows = first..<min(first + band, image.rows)
      file += stream.append(layer(of: image, over: grey, factor: factor, rows: rows))
    }
    stream.finish(&file)
    return file
  }

  /// Red, green and blue of a pixel from the lowest byte up.
  @inline(__always)
  private static func color(of pixel: Int, in bytes: UnsafeRawBufferPointer) -> UInt32 {
    let place = pixel &* 3
    // All but the last pixel have a byte behind them, so that four can be read at once.
    guard place &+ 4 <= bytes.count else {
      return UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]) << 16
    }
    return UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
      & 0xFF_FFFF
  }

  /// Some rows of the layer: red, green, blue and opacity of each pixel.
  ///
  /// The bytes are read unchecked: `RGBImage` has three for each pixel whatever made it, and the slice
  /// was drawn before, which throws where the scan has not one grey value for each pixel.
  private static func layer(
    of image: RGBImage, over grey: [UInt8], factor: Int, rows: Range<Int>
  ) -> [UInt8] {
    let columns = image.columns
    let width = columns / factor
    return [UInt8](unsafeUninitializedCapacity: rows.count * columns * 4) { target, count in
      count = rows.count * columns * 4
      target.update(repeating: 0)
      grey.withUnsafeBufferPointer { grey in
        image.bytes.withUnsafeBytes { pixels in
          var place = 0
          for row in rows {
            let line = row / factor * width
            var (column, repeats) = (0, 0)
            for index in row * columns..<(row + 1) * columns {
              let color = color(of: index, in: pixels)
              if color != UInt32(grey[line + column]) &* 0x01_01_01 {
                target[place] = UInt8(truncatingIfNeeded: color)
                target[place + 1] = UInt8(truncatingIfNeeded: color >> 8)
                target[place + 2] = UInt8(truncatingIfNeeded: color >> 16)
                target[place + 3] = 255
              }
              place += 4
              repeats += 1
              if repeats == factor { (column, repeats) = (column + 1, 0) }
            }
          }
        }
      }
    }
  }
}

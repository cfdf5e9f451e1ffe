import DoseMap
import Pictures

/// What a map adds to its scan: the finished pixels where they differ, nothing elsewhere.
///
/// Laid over the bare scan it gives the finished picture exactly, whatever was drawn and how; so
/// the page needs each scan once, can take the ink away, and can show the difference alone.
enum SliceInk {
  /// The layer, clear wherever the finished picture is the scan.
  ///
  /// - Parameter grey: the scan, `factor` times smaller along both sides.
  static func layer(of image: RGBImage, over grey: [UInt8], factor: Int) -> PNGImage {
    let (rows, columns) = (image.rows, image.columns)
    let width = columns / factor
    let samples = [UInt8](unsafeUninitializedCapacity: rows * columns * 4) { target, count in
      count = rows * columns * 4
      target.update(repeating: 0)
      image.bytes.withUnsafeBufferPointer { pixels in
        for row in 0..<rows {
          let line = row / factor * width
          for column in 0..<columns {
            let index = row * columns + column
            let scan = grey[line + column / factor]
            let (red, green, blue) = (
              pixels[index * 3], pixels[index * 3 + 1], pixels[index * 3 + 2]
            )
            if red == scan && green == scan && blue == scan { continue }
            target[index * 4] = red
            target[index * 4 + 1] = green
            target[index * 4 + 2] = blue
            target[index * 4 + 3] = 255
          }
        }
      }
    }
    return PNGImage(rows: rows, columns: columns, color: .rgba, samples: samples)
  }
}

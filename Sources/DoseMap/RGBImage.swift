/// A colour picture: three bytes (red, green, blue) for each pixel, row by row from the top left.
package struct RGBImage: Equatable, Sendable {
  package let rows: Int
  package let columns: Int
  /// `rows * columns * 3` values, as Pixel Data (7FE0,0010) with Planar Configuration 0.
  package private(set) var bytes: [UInt8]

  package init(rows: Int, columns: Int, bytes: [UInt8]) {
    precondition(rows > 0 && columns > 0 && bytes.count == rows * columns * 3, "three per pixel")
    self.rows = rows
    self.columns = columns
    self.bytes = bytes
  }

  /// A grey picture with each pixel made a block of `factor` x `factor` pixels of the same value.
  ///
  /// - Parameter pixels: `rows * columns` grey values.
  package init(grey pixels: [UInt8], rows: Int, columns: Int, factor: Int) {
    precondition(pixels.count == rows * columns && factor > 0, "one grey value per pixel")
    let width = columns * factor * 3
    let bytes = [UInt8](unsafeUninitializedCapacity: rows * factor * width) { bytes, count in
      count = rows * factor * width
      pixels.withUnsafeBufferPointer { pixels in
        if factor == 1 {
          for pixel in 0..<rows * columns {
            let grey = pixels[pixel]
            bytes[pixel * 3] = grey
            bytes[pixel * 3 + 1] = grey
            bytes[pixel * 3 + 2] = grey
          }
          return
        }
        for row in 0..<rows {
          let start = row * factor * width
          var place = start
          for column in 0..<columns {
            let grey = pixels[row * columns + column]
            for _ in 0..<factor * 3 {
              bytes[place] = grey
              place += 1
            }
          }
          for copy in 1..<max(factor, 1) {
            for byte in 0..<width { bytes[start + copy * width + byte] = bytes[start + byte] }
          }
        }
      }
    }
    self.init(rows: rows * factor, columns: columns * factor, bytes: bytes)
  }

  /// The bytes, and a way to compare a pixel with a grey value at once.
  func withPixels<Result>(_ body: (Pixels) throws -> Result) rethrows -> Result {
    try bytes.withUnsafeBytes { try body(Pixels(bytes: $0)) }
  }

  /// The pixels while they are looked at.
  struct Pixels {
    fileprivate let bytes: UnsafeRawBufferPointer

    /// Whether all three parts of a pixel are a grey value.
    @inline(__always)
    func isGrey(_ grey: UInt8, at pixel: Int) -> Bool {
      self[pixel] == UInt32(grey) &* 0x01_01_01
    }

    /// Red, green and blue of a pixel from the lowest byte up.
    @inline(__always)
    subscript(pixel: Int) -> UInt32 {
      let place = pixel &* 3
      // All but the last pixel have a byte behind them, so that four can be read at once.
      guard place &+ 4 <= bytes.count else {
        return UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]) << 16
      }
      return UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
        & 0xFF_FFFF
    }
  }

  /// The colour of a pixel.
  package subscript(row: Int, column: Int) -> RGBColor {
    get {
      let start = (row * columns + column) * 3
      return RGBColor(red: bytes[start], green: bytes[start + 1], blue: bytes[start + 2])
    }
    set {
      let start = (row * columns + column) * 3
      bytes[start] = newValue.red
      bytes[start + 1] = newValue.green
      bytes[start + 2] = newValue.blue
    }
  }

  /// Copies a picture over this one, its top left pixel at a place; what lies outside is cut off.
  package mutating func lay(_ other: RGBImage, row: Int, column: Int) {
    let left = max(column, 0)
    let right = min(column + other.columns, columns)
    guard left < right else { return }
    for y in max(-row, 0)..<max(min(other.rows, rows - row), max(-row, 0)) {
      let start = (y * other.columns + left - column) * 3
      let target = ((row + y) * columns + left) * 3
      bytes.replaceSubrange(
        target..<target + (right - left) * 3,
        with: other.bytes[start..<start + (right - left) * 3])
    }
  }

  /// Lays a colour over a pixel: 0 leaves what was, 1 is exactly the colour.
  @inline(__always)
  mutating func blend(_ color: RGBColor, at pixel: Int, share: Float) {
    let start = pixel * 3
    guard share < 1 else {
      bytes[start] = color.red
      bytes[start + 1] = color.green
      bytes[start + 2] = color.blue
      return
    }
    func mixed(_ old: UInt8, _ new: UInt8) -> UInt8 {
      Rounding.byte(Float(old) + (Float(new) - Float(old)) * share)
    }
    bytes[start] = mixed(bytes[start], color.red)
    bytes[start + 1] = mixed(bytes[start + 1], color.green)
    bytes[start + 2] = mixed(bytes[start + 2], color.blue)
  }
}

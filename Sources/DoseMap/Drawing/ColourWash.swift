/// Tints the scan: each pixel with the colour of the highest level that its dose reaches.
///
/// The lines lie on top as ever; the scan stays visible below.
struct ColourWash {
  /// How much of the colour is laid over the scan, in per cent, above 0.
  let percent: Int
  /// Highest dose first.
  let levels: [IsodoseLevel]

  /// One part of a tinted pixel's colour: whole per cents, so that it is the same everywhere.
  private func mixed(_ grey: Int, _ color: UInt8) -> UInt8 {
    UInt8((grey * (100 - percent) + Int(color) * percent + 50) / 100)
  }

  /// Tints a picture whose pixels have these doses.
  ///
  /// - Parameters:
  ///   - image: all grey.
  ///   - doses: one for each pixel, not a number where unknown: there nothing is tinted.
  func lay(on image: inout RGBImage, doses: [Double]) {
    let tables = levels.map { level in
      (0...255).map { grey in
        RGBColor(
          red: mixed(grey, level.color.red), green: mixed(grey, level.color.green),
          blue: mixed(grey, level.color.blue))
      }
    }
    let lowest = levels.last?.gray ?? .infinity
    for pixel in doses.indices where doses[pixel] >= lowest {
      guard let level = levels.firstIndex(where: { doses[pixel] >= $0.gray }) else { continue }
      image.blend(tables[level][Int(image.bytes[pixel * 3])], at: pixel, share: 1)
    }
  }
}

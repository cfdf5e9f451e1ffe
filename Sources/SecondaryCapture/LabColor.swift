import DoseMap
import CLibrary

/// A colour as presentation states name it: CIELab under D50, each part in 16 bits.
///
/// PS3.3 C.10.7.1.1.
struct LabColor {
  let lightness: Double
  let a: Double
  let b: Double

  /// From sRGB (IEC 61966-2-1), adapted to D50 after Bradford.
  init(_ color: RGBColor) {
    func linear(_ value: UInt8) -> Double {
      let share = Double(value) / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    let (red, green, blue) = (linear(color.red), linear(color.green), linear(color.blue))
    // The primaries and white of sRGB as seen under D50; the rows' sums are the white point.
    let x = 0.436_065_7 * red + 0.385_151_5 * green + 0.143_078_4 * blue
    let y = 0.222_493_2 * red + 0.716_887_0 * green + 0.060_616_9 * blue
    let z = 0.013_923_9 * red + 0.097_081_2 * green + 0.714_099_4 * blue
    func f(_ t: Double) -> Double {
      t > 216.0 / 24389 ? pow(t, 1 / 3.0) : (24389.0 / 27 * t + 16) / 116
    }
    let (fx, fy, fz) = (f(x / 0.964_22), f(y), f(z / 0.825_21))
    lightness = 116 * fy - 16
    a = 500 * (fx - fy)
    b = 200 * (fy - fz)
  }

  /// L* of 0 to 100 and a*, b* of -128 to 127, over the whole range of 16 bits.
  var encoded: [Int] {
    func word(_ share: Double) -> Int { Int((min(max(share, 0), 1) * 65535).rounded()) }
    return [word(lightness / 100), word((a + 128) / 255), word((b + 128) / 255)]
  }
}

/// Pictures as DEC terminals took them: bands of six rows, one colour after the other.
enum Sixel {
  /// Six steps of red, green and blue, then greys: 252 colours, as many as every such terminal has.
  static let palette: [(red: UInt8, green: UInt8, blue: UInt8)] = {
    var colors: [(red: UInt8, green: UInt8, blue: UInt8)] = []
    for red in 0..<6 {
      for green in 0..<6 {
        for blue in 0..<6 { colors.append((UInt8(red * 51), UInt8(green * 51), UInt8(blue * 51))) }
      }
    }
    for grey in 0..<greys {
      let value = UInt8((grey * 255 + (greys - 1) / 2) / (greys - 1))
      colors.append((value, value, value))
    }
    return colors
  }()

  private static let greys = 36

  /// The entry of the palette for a colour; what is almost grey is shown as grey.
  static func entry(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int {
    let (high, low) = (max(red, green, blue), min(red, green, blue))
    if high - low < 12 { return 216 + (Int(high) * (greys - 1) + 127) / 255 }
    func step(_ value: UInt8) -> Int { (Int(value) + 25) / 51 }
    return step(red) * 36 + step(green) * 6 + step(blue)
  }

  static func bytes(rows: Int, columns: Int, rgb: [UInt8]) -> [UInt8] {
    var out = Array("\u{1B}P0;1;0q\"1;1;\(columns);\(rows)".utf8)
    func percent(_ value: UInt8) -> Int { (Int(value) * 100 + 127) / 255 }
    for (index, color) in palette.enumerated() {
      out += Array(
        "#\(index);2;\(percent(color.red));\(percent(color.green));\(percent(color.blue))".utf8)
    }
    var masks = [UInt8](repeating: 0, count: palette.count * columns)
    for top in stride(from: 0, to: rows, by: 6) {
      var used = [Bool](repeating: false, count: palette.count)
      for row in top..<min(top + 6, rows) {
        let bit = UInt8(1) << UInt8(row - top)
        for column in 0..<columns {
          let pixel = (row * columns + column) * 3
          let color = entry(rgb[pixel], rgb[pixel + 1], rgb[pixel + 2])
          used[color] = true
          masks[color * columns + column] |= bit
        }
      }
      for color in palette.indices where used[color] {
        out += Array("#\(color)".utf8)
        append(masks[color * columns..<(color + 1) * columns], to: &out)
        out.append(UInt8(ascii: "$"))
        for column in color * columns..<(color + 1) * columns { masks[column] = 0 }
      }
      out.append(UInt8(ascii: "-"))
    }
    return out + Array("\u{1B}\\\n".utf8)
  }

  /// One colour's line, equal neighbours counted; what is empty at the end is left out.
  private static func append(_ masks: ArraySlice<UInt8>, to out: inout [UInt8]) {
    guard let last = masks.lastIndex(where: { $0 != 0 }) else { return }
    var index = masks.startIndex
    while index <= last {
      var end = index
      while end <= last, masks[end] == masks[index] { end += 1 }
      let sign = masks[index] + 63
      if end - index > 3 {
        out += Array("!\(end - index)".utf8)
        out.append(sign)
      } else {
        for _ in index..<end { out.append(sign) }
      }
      index = end
    }
  }
}

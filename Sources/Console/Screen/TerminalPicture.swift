/// A picture for terminals that can show one.
package struct TerminalPicture: Sendable {
  package let rows: Int
  package let columns: Int
  /// `rows * columns * 3` values: red, green, blue, row by row.
  package let rgb: [UInt8]
  /// The same picture as a PNG file.
  package let png: [UInt8]

  package init(rows: Int, columns: Int, rgb: [UInt8], png: [UInt8]) {
    precondition(rgb.count == rows * columns * 3, "three values per pixel")
    self.rows = rows
    self.columns = columns
    self.rgb = rgb
    self.png = png
  }

  /// The bytes that show the picture, scaled to so many cells of the terminal where it can scale.
  package func bytes(for language: PictureLanguage, cells: Int) -> [UInt8] {
    switch language {
    case .kitty: kitty(cells: cells)
    case .iTerm2: iTerm2(cells: cells)
    case .sixel: Sixel.bytes(rows: rows, columns: columns, rgb: rgb)
    }
  }

  /// The kitty graphics protocol: base64 in pieces of 4096, each an APC sequence.
  ///
  /// `a=T` transmits and shows, `f=100` says PNG, `q=2` asks for no answer, which nobody would read.
  private func kitty(cells: Int) -> [UInt8] {
    let text = Base64.encoded(png)
    var bytes: [UInt8] = []
    var offset = 0
    repeat {
      let end = min(offset + 4096, text.count)
      let keys = offset == 0 ? "a=T,f=100,q=2,c=\(max(1, cells))," : ""
      bytes += Array("\u{1B}_G\(keys)m=\(end < text.count ? 1 : 0);".utf8)
      bytes += text[offset..<end]
      bytes += Array("\u{1B}\\".utf8)
      offset = end
    } while offset < text.count
    return bytes + [0x0A]
  }

  /// The inline images of iTerm2, which WezTerm and mintty show too: one OSC 1337 sequence.
  private func iTerm2(cells: Int) -> [UInt8] {
    let head =
      "\u{1B}]1337;File=inline=1;size=\(png.count);width=\(max(1, cells));preserveAspectRatio=1:"
    return Array(head.utf8) + Base64.encoded(png) + [0x07, 0x0A]
  }
}

/// How a terminal wants to be told a picture.
package enum PictureLanguage: Sendable, CaseIterable {
  case kitty
  case iTerm2
  case sixel
}

/// Base 64, RFC 4648 section 4.
enum Base64 {
  private static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func encoded(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let left = bytes.count - index
      let word =
        UInt32(bytes[index]) << 16 | (left > 1 ? UInt32(bytes[index + 1]) << 8 : 0)
        | (left > 2 ? UInt32(bytes[index + 2]) : 0)
      text.append(digits[Int(word >> 18 & 63)])
      text.append(digits[Int(word >> 12 & 63)])
      text.append(left > 1 ? digits[Int(word >> 6 & 63)] : UInt8(ascii: "="))
      text.append(left > 2 ? digits[Int(word & 63)] : UInt8(ascii: "="))
      index += 3
    }
    return text
  }
}

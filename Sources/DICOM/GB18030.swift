/// GB 18030: one, two or four bytes a character; GBK is its first two parts.
enum GB18030 {
  /// Cells of a row: 40 to FE without 7F.
  private static let cellCount = 190
  /// Where the four-byte codes leave the basic plane: 90308130.
  private static let firstBeyond = 189_000

  /// The characters of the basic plane that two bytes do not reach, in order.
  private static let rest: [UInt32] = {
    var isTaken = [Bool](repeating: false, count: 0x10000)
    for index in 0..<126 * cellCount {
      if let scalar = CharacterTable.gb18030[index], scalar.value < 0x10000 {
        isTaken[Int(scalar.value)] = true
      }
    }
    return (UInt32(0x80)..<0x10000).filter { !(0xD800..<0xE000).contains($0) && !isTaken[Int($0)] }
  }()

  static func character(_ first: UInt8, _ second: UInt8) -> Unicode.Scalar? {
    guard (0x81...0xFE).contains(first), (0x40...0xFE).contains(second), second != 0x7F
    else { return nil }
    let cell = Int(second) - (second > 0x7F ? 0x41 : 0x40)
    return CharacterTable.gb18030[(Int(first) - 0x81) * cellCount + cell]
  }

  /// The text of bytes; U+FFFD stands for what means nothing.
  static func decode(_ bytes: ArraySlice<UInt8>) -> String {
    var scalars = String.UnicodeScalarView()
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let first = bytes[index]
      guard first >= 0x80 else {
        scalars.append(Unicode.Scalar(first))
        index += 1
        continue
      }
      let left = bytes.endIndex - index
      if left >= 4, let scalar = character(four: bytes[index..<index + 4]) {
        scalars.append(scalar)
        index += 4
      } else if left >= 2, let scalar = character(first, bytes[index + 1]) {
        scalars.append(scalar)
        index += 2
      } else {
        scalars.append("\u{FFFD}")
        index += 1
      }
    }
    return String(scalars)
  }

  private static func character(four bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
    let b = bytes.map { Int($0) }
    guard b[0] >= 0x81, b[0] <= 0xFE, (0x30...0x39).contains(b[1]), (0x81...0xFE).contains(b[2]),
      (0x30...0x39).contains(b[3])
    else { return nil }
    let linear = ((b[0] - 0x81) * 10 + b[1] - 0x30) * 1260 + (b[2] - 0x81) * 10 + b[3] - 0x30
    if linear < rest.count { return Unicode.Scalar(rest[linear]) }
    guard linear >= firstBeyond else { return nil }
    return Unicode.Scalar(UInt32(linear - firstBeyond + 0x10000))
  }

  static func bytes(of scalar: Unicode.Scalar) -> [UInt8]? {
    if scalar.isASCII { return [UInt8(truncatingIfNeeded: scalar.value)] }
    if let index = CharacterTable.gb18030.index(of: scalar) {
      let cell = index % cellCount
      return [UInt8(index / cellCount + 0x81), UInt8(cell + (cell >= 0x3F ? 0x41 : 0x40))]
    }
    let linear: Int
    if scalar.value >= 0x10000 {
      linear = Int(scalar.value) - 0x10000 + firstBeyond
    } else if let index = rest.firstIndex(of: scalar.value) {
      linear = index
    } else {
      return nil
    }
    return [
      UInt8(linear / 12600 + 0x81), UInt8(linear / 1260 % 10 + 0x30),
      UInt8(linear / 10 % 126 + 0x81), UInt8(linear % 10 + 0x30),
    ]
  }
}

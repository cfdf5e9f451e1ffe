extension PNGImage {
  /// The bytes of a PNG file with this picture.
  ///
  /// Each row takes the filter whose differences are smallest in sum, as ISO/IEC 15948 clause
  /// 12.8 recommends.
  package var serialized: [UInt8] {
    Self.front(rows: rows, columns: columns, color: color)
      + Self.chunk("IDAT", Deflate.compressed(filtered())) + Self.chunk("IEND", [])
  }

  /// The bytes of a PNG file with this picture, made fast rather than small.
  ///
  /// Every row is written as its difference from the one above.
  package var serializedFast: [UInt8] {
    var stream = PNGStream(rows: rows, columns: columns, color: color)
    var file = stream.head
    file += stream.append(samples)
    stream.finish(&file)
    return file
  }

  /// Signature and header.
  static func front(rows: Int, columns: Int, color: Color) -> [UInt8] {
    signature
      + chunk(
        "IHDR",
        bigEndian(UInt32(columns)) + bigEndian(UInt32(rows)) + [8, color.rawValue, 0, 0, 0])
  }

  private func filtered() -> [UInt8] {
    let width = columns * color.channels
    var result: [UInt8] = []
    result.reserveCapacity((width + 1) * rows)
    var best = [UInt8](repeating: 0, count: width)
    var trial = best
    for row in 0..<rows {
      var bestCost = Int.max
      var bestFilter = PNGFilter.none
      for filter in PNGFilter.allCases {
        let cost = filterRow(row, by: filter, into: &trial)
        if cost < bestCost {
          bestCost = cost
          bestFilter = filter
          swap(&best, &trial)
        }
      }
      result.append(bestFilter.rawValue)
      result.append(contentsOf: best)
    }
    return result
  }

  /// Writes one filtered row and answers the sum of its bytes taken as signed sizes.
  private func filterRow(_ row: Int, by filter: PNGFilter, into target: inout [UInt8]) -> Int {
    let step = color.channels
    let width = columns * step
    let start = row * width
    var cost = 0
    for index in 0..<width {
      let left = index >= step ? samples[start + index - step] : 0
      let above = row > 0 ? samples[start + index - width] : 0
      let corner = row > 0 && index >= step ? samples[start + index - width - step] : 0
      let value =
        samples[start + index]
        &- filter.prediction(left: left, above: above, corner: corner)
      target[index] = value
      cost += Int(value < 128 ? value : 0 &- value)
    }
    return cost
  }

  static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    return bigEndian(UInt32(data.count)) + body + bigEndian(Deflate.checksum(body))
  }

  static func bigEndian(_ value: UInt32) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
  }
}

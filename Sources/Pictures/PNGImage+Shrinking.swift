extension PNGImage {
  /// The same picture no wider than so many pixels; each new one is the mean of the area it covers.
  package func shrunk(toColumns most: Int) -> PNGImage {
    guard most > 0, columns > most else { return self }
    let newRows = max(1, rows * most / columns)
    let channels = color.channels
    let across = Self.shares(of: columns, in: most)
    let down = Self.shares(of: rows, in: newRows)
    var result: [UInt8] = []
    result.reserveCapacity(newRows * most * channels)
    var line = [Float](repeating: 0, count: columns * channels)
    for row in 0..<newRows {
      for index in line.indices { line[index] = 0 }
      for (offset, share) in down[row].shares.enumerated() {
        let start = (down[row].first + offset) * columns * channels
        for index in line.indices { line[index] += Float(samples[start + index]) * share }
      }
      for column in 0..<most {
        for channel in 0..<channels {
          var sum: Float = 0
          for (offset, share) in across[column].shares.enumerated() {
            sum += line[(across[column].first + offset) * channels + channel] * share
          }
          result.append(UInt8(min(max(sum.rounded(), 0), 255)))
        }
      }
    }
    return PNGImage(rows: newRows, columns: most, color: color, samples: result)
  }

  /// For each new pixel along a side: the first old one that it covers, and the shares of those.
  private static func shares(of old: Int, in new: Int) -> [(first: Int, shares: [Float])] {
    let step = Double(old) / Double(new)
    return (0..<new).map { index in
      let (low, high) = (Double(index) * step, min(Double(index + 1) * step, Double(old)))
      let first = Int(low)
      let last = min(max(first + 1, Int(high.rounded(.up))), old)
      let shares = (first..<last).map { place in
        Float((min(high, Double(place + 1)) - max(low, Double(place))) / (high - low))
      }
      return (first, shares)
    }
  }
}

extension PNGImage {
  /// The most bytes that a picture may take once it is inflated.
  private static let largestPicture = 1 << 30

  /// Reads an 8-bit grey, RGB or RGBA picture without interlace.
  ///
  /// Every checksum is verified; what is not understood is an error and never a guess.
  package init(parsing file: [UInt8]) throws(PNGError) {
    guard file.starts(with: Self.signature) else { throw .signature }
    var offset = Self.signature.count
    var header: ArraySlice<UInt8>?
    var compressed: [UInt8] = []
    var ended = false
    while !ended {
      let chunk = try Self.chunk(of: file, at: offset)
      offset = chunk.end
      switch chunk.type {
      case "IHDR": header = chunk.data
      case "IDAT": compressed += chunk.data
      case "IEND": ended = true
      default: break
      }
    }
    guard let header, header.count == 13 else { throw .header }
    let columns = Self.number(header, 0)
    let rows = Self.number(header, 4)
    let depth = header[header.startIndex + 8]
    let kind = header[header.startIndex + 9]
    let interlace = header[header.startIndex + 12]
    guard depth == 8, interlace == 0, let color = Color(rawValue: kind) else {
      throw .unsupported(bitDepth: depth, colorType: kind, interlace: interlace)
    }
    guard rows > 0, columns > 0, rows <= Self.longestSide, columns <= Self.longestSide,
      (columns * color.channels + 1) * rows <= Self.largestPicture
    else { throw .tooLarge(rows: rows, columns: columns) }
    guard !compressed.isEmpty else { throw .missingData }
    let width = columns * color.channels
    let filtered = try Deflate.inflated(compressed, byteCount: (width + 1) * rows)
    self.init(
      rows: rows, columns: columns, color: color,
      samples: try Self.unfiltered(filtered, rows: rows, width: width, step: color.channels))
  }

  private static func chunk(
    of file: [UInt8], at offset: Int
  ) throws(PNGError) -> (type: String, data: ArraySlice<UInt8>, end: Int) {
    guard file.count - offset >= 12 else { throw .truncated(at: file.count) }
    let count = number(file[offset..<offset + 4], 0)
    guard count <= file.count - offset - 12 else { throw .truncated(at: file.count) }
    let data = file[offset + 8..<offset + 8 + count]
    let type = String(decoding: file[offset + 4..<offset + 8], as: UTF8.self)
    let end = offset + 12 + count
    let stored = number(file[end - 4..<end], 0)
    guard stored == Int(Deflate.checksum(file[offset + 4..<end - 4])) else {
      throw .checksum(chunk: type)
    }
    return (type, data, end)
  }

  private static func number(_ bytes: ArraySlice<UInt8>, _ offset: Int) -> Int {
    let start = bytes.startIndex + offset
    return bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
  }

  private static func unfiltered(
    _ filtered: [UInt8], rows: Int, width: Int, step: Int
  ) throws(PNGError) -> [UInt8] {
    var samples = [UInt8](repeating: 0, count: rows * width)
    for row in 0..<rows {
      let source = row * (width + 1)
      guard let filter = PNGFilter(rawValue: filtered[source]) else {
        throw .filter(filtered[source])
      }
      let start = row * width
      for index in 0..<width {
        let left = index >= step ? samples[start + index - step] : 0
        let above = row > 0 ? samples[start + index - width] : 0
        let corner = row > 0 && index >= step ? samples[start + index - width - step] : 0
        samples[start + index] =
          filtered[source + 1 + index]
          &+ filter.prediction(left: left, above: above, corner: corner)
      }
    }
    return samples
  }
}

/// Why bytes are no PNG picture that this reader takes.
package enum PNGError: Error, Equatable {
  case signature
  case truncated(at: Int)
  case header
  case unsupported(bitDepth: UInt8, colorType: UInt8, interlace: UInt8)
  case checksum(chunk: String)
  case tooLarge(rows: Int, columns: Int)
  case missingData
  case badDeflate
  case sampleCount(expected: Int, found: Int)
  case filter(UInt8)
}

extension PNGError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .signature: "no PNG: the first eight bytes are not its signature"
    case .truncated(let offset): "PNG ends too early, at byte \(offset)"
    case .header: "PNG header (IHDR) is missing or not 13 bytes long"
    case .unsupported(let depth, let color, let interlace):
      "PNG of bit depth \(depth), colour type \(color), interlace \(interlace); "
        + "8-bit grey, RGB or RGBA without interlace expected"
    case .checksum(let chunk): "PNG chunk \(chunk) has a wrong checksum"
    case .tooLarge(let rows, let columns): "PNG of \(rows) rows and \(columns) columns is too large"
    case .missingData: "PNG has no picture data (IDAT)"
    case .badDeflate: "PNG picture data cannot be inflated"
    case .sampleCount(let expected, let found):
      "PNG picture data holds \(found) bytes, \(expected) expected"
    case .filter(let kind): "PNG row filter \(kind) does not exist"
    }
  }
}

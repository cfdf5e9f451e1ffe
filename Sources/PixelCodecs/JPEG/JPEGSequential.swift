/// JPEG baseline and extended sequential with Huffman coding, 8 and 12 bits.
///
/// T.81 Annex F.
///
/// PS3.5 A.4.1. Lossy: the same integer transform and chroma interpolation as the usual decoders
/// have. Progressive, hierarchical and arithmetic processes, which DICOM retired, are named only.
package enum JPEGSequential {
  /// Decodes one frame; colours stay as coded, see `DecodedImage.convertedToRGB()`.
  package static func decode(
    _ bytes: RawSpan, expecting shape: ImageShape
  ) throws(CodecError) -> DecodedImage {
    try bytes.withUnsafeBytes { (buffer) throws(CodecError) in
      try decode(buffer, shape)
    }
  }

  /// What the marker segments have said so far.
  private struct Tables {
    var huffman = [HuffmanCode?](repeating: nil, count: 8)
    var quantisation = [[Int32]?](repeating: nil, count: 4)
    var restartInterval = 0
    var adobeTransform: Int?
    var isJFIF = false

    /// Reads a segment that frames and scans refer to.
    mutating func read(
      _ segment: JPEGSegments.Segment, in segments: JPEGSegments
    ) throws(CodecError) {
      switch segment.marker {
      case 0xC4: try HuffmanCode.read(segment, in: segments, into: &huffman)
      case 0xDB: try readQuantisation(segment, in: segments)
      case 0xDD: restartInterval = try segments.word(0, of: segment)
      case 0xE0:
        isJFIF =
          isJFIF
          || segments.bytes[segment.parameters].starts(with: [0x4A, 0x46, 0x49, 0x46, 0x00])
      case 0xEE: adobeTransform = adobeTransform ?? segments.adobeTransform(segment)
      default: break
      }
    }

    /// Reads quantisation tables.
    ///
    /// T.81 B.2.4.1.
    private mutating func readQuantisation(
      _ segment: JPEGSegments.Segment, in segments: JPEGSegments
    ) throws(CodecError) {
      var index = 0
      while index < segment.parameters.count {
        let selector = try segments.byte(index, of: segment)
        guard selector >> 4 <= 1, selector & 15 < 4 else {
          throw .malformed(
            .jpeg, "an impossible quantisation table", at: segment.parameters.lowerBound + index)
        }
        index += 1
        var table: [Int32] = []
        for _ in 0..<64 {
          if selector >> 4 == 0 {
            table.append(Int32(try segments.byte(index, of: segment)))
            index += 1
          } else {
            table.append(Int32(try segments.word(index, of: segment)))
            index += 2
          }
        }
        quantisation[selector & 15] = table
      }
    }
  }

  private static func decode(
    _ buffer: UnsafeRawBufferPointer, _ shape: ImageShape
  ) throws(CodecError) -> DecodedImage {
    var segments = try JPEGSegments(buffer, codec: .jpeg)
    var tables = Tables()
    while let segment = try segments.next() {
      switch segment.marker {
      case 0xC0, 0xC1:
        let frame = try JPEGFrame(segment, in: segments, precisions: 8...12, expecting: shape)
        guard frame.precision == 8 || frame.precision == 12 else {
          throw .malformed(
            .jpeg, "a precision of \(frame.precision) bits", at: segment.parameters.lowerBound)
        }
        var scans = try SequentialScans(frame, byteCount: buffer.count)
        try decode(&scans, &segments, &tables)
        return DecodedImage(
          rows: frame.rows, columns: frame.columns, components: frame.components.count,
          bitsPerSample: frame.precision, isSigned: false,
          samples: frame.precision == 8 ? scans.pixels(UInt8.self) : scans.pixels(UInt16.self),
          color: color(of: frame, tables), isLossy: true)
      case 0xC2: throw .unsupported(.jpeg, "the progressive process, which DICOM retired,")
      case 0xC3, 0xF7:
        throw .malformed(
          .jpeg, "the frame header of another process", at: segment.parameters.lowerBound)
      case 0xC5...0xC7, 0xDE:
        throw .unsupported(.jpeg, "a hierarchical process, which DICOM retired,")
      case 0xC9...0xCB, 0xCD...0xCF:
        throw .unsupported(.jpeg, "arithmetic coding, which DICOM retired,")
      case 0xDA:
        throw .malformed(.jpeg, "a scan without frame header", at: segment.parameters.lowerBound)
      default: try tables.read(segment, in: segments)
      }
    }
    throw .truncated(.jpeg, at: segments.offset)
  }

  /// Decodes scans until every component of the frame is there.
  private static func decode(
    _ scans: inout SequentialScans, _ segments: inout JPEGSegments, _ tables: inout Tables
  ) throws(CodecError) {
    guard let base = segments.bytes.assumingMemoryBound(to: UInt8.self).baseAddress else { return }
    var missing = Set(scans.frame.components.indices)
    while !missing.isEmpty {
      guard let segment = try segments.next() else {
        throw .truncated(.jpeg, at: segments.offset)
      }
      guard segment.marker == 0xDA else {
        try tables.read(segment, in: segments)
        continue
      }
      let start = segment.parameters.lowerBound
      let scan = try JPEGScan(segment, in: segments, of: scans.frame)
      guard scan.components.allSatisfy({ missing.contains($0.index) }) else {
        throw .malformed(.jpeg, "a component in two scans", at: start)
      }
      var sources: [SequentialScans.Source] = []
      for component in scan.components {
        let frame = scans.frame.components[component.index]
        guard component.dcTable < 4, component.acTable < 4, frame.quantisationTable < 4,
          let dc = tables.huffman[component.dcTable],
          let ac = tables.huffman[4 + component.acTable],
          let quantisation = tables.quantisation[frame.quantisationTable]
        else { throw .malformed(.jpeg, "a scan without its tables", at: start) }
        sources.append(
          SequentialScans.Source(
            plane: component.index, blocksAcross: frame.horizontal, blocksDown: frame.vertical,
            dc: CoefficientCode(dc), ac: CoefficientCode(ac), quantisation: quantisation))
      }
      var reader = JPEGBitReader(base, segments.offset..<segments.bytes.count)
      try scans.decode(sources, &reader, restartInterval: tables.restartInterval)
      segments.offset = reader.offset
      missing.subtract(scan.components.map(\.index))
    }
  }

  /// What the application segments say, and component identifiers that spell RGB.
  private static func color(of frame: JPEGFrame, _ tables: Tables) -> DecodedImage.Color {
    guard frame.components.count == 3 else { return .unspecified }
    if tables.isJFIF { return .ybrFull }
    switch tables.adobeTransform {
    case 0: return .rgb
    case 1: return .ybrFull
    default: return frame.components.map(\.identifier) == [0x52, 0x47, 0x42] ? .rgb : .unspecified
    }
  }
}

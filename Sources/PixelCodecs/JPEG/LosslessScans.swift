/// The scans of a lossless frame, and the samples that they fill.
///
/// T.81 H.1, H.2.
struct LosslessScans {
  static let noSuchCode = "a Huffman code that does not exist"

  var segments: JPEGSegments
  let frame: JPEGFrame
  var tables: [HuffmanCode?]
  var restartInterval: Int
  let extraBits16: Int
  /// True when a scan dropped low bits of its samples.
  private(set) var hasPointTransform = false

  init(
    segments: JPEGSegments, frame: JPEGFrame, tables: [HuffmanCode?], restartInterval: Int,
    extraBits16: Int
  ) {
    self.segments = segments
    self.frame = frame
    self.tables = tables
    self.restartInterval = restartInterval
    self.extraBits16 = extraBits16
  }

  /// Decodes scans until every component of the frame is there.
  mutating func decode<Container: SampleContainer>(
    _: Container.Type
  ) throws(CodecError) -> Samples {
    let sampleCount = frame.rows * frame.columns * frame.components.count
    // A sample takes a bit at least: what the bytes cannot fill is not allocated.
    guard sampleCount <= segments.bytes.count * 8 else {
      throw .truncated(.jpegLossless, at: segments.bytes.count)
    }
    var samples = [Container](repeating: 0, count: sampleCount)
    var missing = Set(frame.components.indices)
    while !missing.isEmpty {
      guard let segment = try segments.next() else {
        throw .truncated(.jpegLossless, at: segments.offset)
      }
      switch segment.marker {
      case 0xC4: try HuffmanCode.read(segment, in: segments, into: &tables)
      case 0xDD: restartInterval = try segments.word(0, of: segment)
      case 0xDA:
        let scan = try JPEGScan(segment, in: segments, of: frame)
        guard scan.components.allSatisfy({ missing.contains($0.index) }) else {
          throw .malformed(
            .jpegLossless, "a component in two scans", at: segment.parameters.lowerBound)
        }
        try samples.withUnsafeMutableBufferPointer { (samples) throws(CodecError) in
          try decode(scan, headerAt: segment.parameters.lowerBound, into: samples)
        }
        missing.subtract(scan.components.map(\.index))
      default: break
      }
    }
    return Container.samples(samples)
  }

  private mutating func decode<Container: SampleContainer>(
    _ scan: JPEGScan, headerAt start: Int, into samples: UnsafeMutableBufferPointer<Container>
  ) throws(CodecError) {
    guard let predictor = LosslessPredictor(rawValue: scan.first) else {
      throw .malformed(.jpegLossless, "predictor \(scan.first)", at: start)
    }
    guard scan.pointTransform < frame.precision else {
      throw .malformed(.jpegLossless, "a point transform of \(scan.pointTransform)", at: start)
    }
    guard restartInterval % frame.columns == 0 else {
      throw .unsupported(.jpegLossless, "a restart interval that is not of whole rows")
    }
    var differences: [LosslessDifferences] = []
    for component in scan.components {
      guard component.dcTable < 4, let code = tables[component.dcTable] else {
        throw .malformed(.jpegLossless, "a scan without its Huffman table", at: start)
      }
      differences.append(try LosslessDifferences(code, extraBits16: extraBits16))
    }
    guard let bytes = segments.bytes.assumingMemoryBound(to: UInt8.self).baseAddress,
      let output = samples.baseAddress
    else { return }
    var reader = JPEGBitReader(bytes, segments.offset..<segments.bytes.count)
    let rowCount = frame.columns * frame.components.count
    let rowsPerInterval = restartInterval / frame.columns
    let middle = 1 << (frame.precision - scan.pointTransform - 1)
    for row in 0..<frame.rows {
      var isFirst = row == 0
      if rowsPerInterval > 0, row > 0, row % rowsPerInterval == 0 {
        try reader.restart(row / rowsPerInterval - 1, codec: .jpegLossless)
        isFirst = true
      }
      let line = LosslessLine(
        start: output + row * rowCount, rowCount: rowCount, stride: frame.components.count,
        columns: frame.columns, first: isFirst ? middle : nil)
      let isRight =
        scan.components.count == 1
        ? line.decode(
          &reader, differences[0], at: scan.components[0].index, by: predictor)
        : line.decode(&reader, differences, at: scan.components.map(\.index), by: predictor)
      guard isRight else { throw .malformed(.jpegLossless, Self.noSuchCode, at: reader.offset) }
      guard !reader.isOverrun else { throw .truncated(.jpegLossless, at: reader.offset) }
    }
    if scan.pointTransform > 0 {
      hasPointTransform = true
      for component in scan.components {
        for index in stride(from: component.index, to: samples.count, by: frame.components.count) {
          samples[index] &<<= Container(scan.pointTransform)
        }
      }
    }
    segments.offset = reader.offset
  }
}

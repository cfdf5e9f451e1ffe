/// The scans of a JPEG-LS frame, and the samples that they fill.
struct JPEGLSScans {
  var segments: JPEGSegments
  let frame: JPEGFrame
  var preset: JPEGLSPreset
  var restartInterval: Int
  /// The largest tolerance of all scans.
  private(set) var greatestTolerance = 0

  init(segments: JPEGSegments, frame: JPEGFrame, preset: JPEGLSPreset, restartInterval: Int) {
    self.segments = segments
    self.frame = frame
    self.preset = preset
    self.restartInterval = restartInterval
  }

  /// Decodes scans until every component of the frame is there.
  mutating func decode<Container: SampleContainer>(
    _: Container.Type
  ) throws(CodecError) -> Samples {
    var samples = [Container](
      repeating: 0, count: frame.rows * frame.columns * frame.components.count)
    var missing = Set(frame.components.indices)
    while !missing.isEmpty {
      guard let segment = try segments.next() else {
        throw .truncated(.jpegLS, at: segments.offset)
      }
      switch segment.marker {
      case 0xF8: try JPEGLS.read(segment, in: segments, into: &preset)
      case 0xDD: restartInterval = try segments.restartLines(segment)
      case 0xDA:
        let scan = try JPEGScan(segment, in: segments, of: frame)
        guard scan.components.allSatisfy({ missing.contains($0.index) }) else {
          throw .malformed(.jpegLS, "a component in two scans", at: segment.parameters.lowerBound)
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
    guard scan.components.allSatisfy({ $0.tables == 0 }) else {
      throw .unsupported(.jpegLS, "mapping tables")
    }
    guard scan.pointTransform == 0 else { throw .unsupported(.jpegLS, "a point transform") }
    guard
      let parameters = JPEGLSParameters(
        precision: frame.precision, tolerance: scan.first, preset: preset)
    else { throw .malformed(.jpegLS, "coding parameters that contradict each other", at: start) }
    // Interleave mode: 0 planes, 1 lines, 2 samples.
    guard 0...2 ~= scan.second, scan.second != 0 || scan.components.count == 1 else {
      throw .malformed(.jpegLS, "interleave mode \(scan.second)", at: start)
    }
    greatestTolerance = max(greatestTolerance, scan.first)
    let end = try JPEGLSState.with(parameters) { (state) throws(CodecError) in
      try decode(scan, state, into: samples)
    }
    segments.offset = end
  }

  /// Decodes the lines of a scan, and answers where its data end.
  private func decode<Container: SampleContainer>(
    _ scan: JPEGScan, _ state: JPEGLSState, into samples: UnsafeMutableBufferPointer<Container>
  ) throws(CodecError) -> Int {
    guard let bytes = segments.bytes.assumingMemoryBound(to: UInt8.self).baseAddress else {
      return segments.offset
    }
    var lines = JPEGLSLines(
      reader: JPEGLSBitReader(bytes, segments.offset..<segments.bytes.count), state: state,
      columns: frame.columns, runIndices: [Int](repeating: 0, count: scan.components.count))
    let isSampleInterleaved = scan.second == 2 && scan.components.count > 1
    // For each component two lines in turn, a margin of one sample on either side.
    let width = frame.columns + 2
    var buffers = [Int32](repeating: 0, count: 2 * width * scan.components.count)
    try buffers.withUnsafeMutableBufferPointer { (buffers) throws(CodecError) in
      guard let base = buffers.baseAddress else { return }
      for row in 0..<frame.rows {
        if restartInterval > 0, row > 0, row % restartInterval == 0 {
          try lines.reader.restart(row / restartInterval - 1)
          lines.state.restart()
          for index in lines.runIndices.indices { lines.runIndices[index] = 0 }
          for index in buffers.indices { buffers[index] = 0 }
        }
        let above = scan.components.indices.map { base + (2 * $0 + (row + 1) % 2) * width }
        let current = scan.components.indices.map { base + (2 * $0 + row % 2) * width }
        var isRight = true
        if isSampleInterleaved {
          isRight = lines.decodeSamples(above: above, lines: current)
        } else {
          for index in scan.components.indices where isRight {
            isRight = lines.decodeLine(above: above[index], line: current[index], component: index)
          }
        }
        guard !lines.reader.isOverrun else { throw .truncated(.jpegLS, at: lines.reader.offset) }
        guard isRight else {
          throw .malformed(.jpegLS, "a code longer than any can be", at: lines.reader.offset)
        }
        for (position, component) in scan.components.enumerated() {
          copy(current[position], row: row, component: component.index, into: samples)
        }
      }
    }
    return lines.reader.offset
  }

  private func copy<Container: SampleContainer>(
    _ line: UnsafeMutablePointer<Int32>, row: Int, component: Int,
    into samples: UnsafeMutableBufferPointer<Container>
  ) {
    let stride = frame.components.count
    guard let target = samples.baseAddress.map({ $0 + (row * frame.columns * stride + component) })
    else { return }
    for column in 0..<frame.columns {
      target[column &* stride] = Container(truncatingIfNeeded: line[column &+ 1])
    }
  }
}

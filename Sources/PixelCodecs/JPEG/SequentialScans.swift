/// The scans of a baseline or extended sequential frame.
///
/// T.81 F.2.
struct SequentialScans {
  /// Where the coefficients of a block stand, in the order in which they are coded.
  ///
  /// T.81 Figure A.6.
  static let zigzag: [Int] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
    13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59,
    52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
  ]

  /// What a component of a scan is decoded with.
  struct Source {
    let plane: Int
    let blocksAcross: Int
    let blocksDown: Int
    let dc: CoefficientCode
    let ac: CoefficientCode
    let quantisation: [Int32]
    var prediction: Int32 = 0
  }

  let frame: JPEGFrame
  var planes: [ComponentPlane]
  private let transform: InverseDCT
  private var block = [Int32](repeating: 0, count: 64)

  /// - Throws: Where the bytes are too few for the blocks of the frame, before any is allocated.
  init(_ frame: JPEGFrame, byteCount: Int) throws(CodecError) {
    self.frame = frame
    transform = InverseDCT(precision: frame.precision)
    let horizontal = frame.components.map(\.horizontal).max() ?? 1
    let vertical = frame.components.map(\.vertical).max() ?? 1
    let mcuColumns = (frame.columns + 8 * horizontal - 1) / (8 * horizontal)
    let mcuRows = (frame.rows + 8 * vertical - 1) / (8 * vertical)
    // A block takes two bits at least; those that only fill up the last units are not counted.
    let blockCount = frame.components.reduce(0) { sum, component in
      let columns = (frame.columns * component.horizontal / horizontal + 7) / 8
      let rows = (frame.rows * component.vertical / vertical + 7) / 8
      return sum + columns * rows
    }
    guard blockCount <= byteCount * 4 else { throw .truncated(.jpeg, at: byteCount) }
    planes = []
    for component in frame.components {
      guard horizontal % component.horizontal == 0, vertical % component.vertical == 0 else {
        throw .unsupported(.jpeg, "components whose sampling is not a whole part of each other")
      }
      let stride = mcuColumns * component.horizontal * 8
      planes.append(
        ComponentPlane(
          columns: (frame.columns * component.horizontal + horizontal - 1) / horizontal,
          rows: (frame.rows * component.vertical + vertical - 1) / vertical, stride: stride,
          horizontalStep: horizontal / component.horizontal,
          verticalStep: vertical / component.vertical,
          samples: [UInt16](repeating: 0, count: stride * mcuRows * component.vertical * 8)))
    }
  }

  /// Decodes a scan.
  ///
  /// - Parameters:
  ///   - sources: For each component of the scan; one alone has blocks, not units of several.
  ///   - restartInterval: In units, 0 for none.
  mutating func decode(
    _ sources: [Source], _ reader: inout JPEGBitReader, restartInterval: Int
  ) throws(CodecError) {
    var sources = sources
    let isAlone = sources.count == 1
    let plane = planes[sources[0].plane]
    let unitColumns =
      isAlone ? plane.blockColumns : plane.stride / 8 / sources[0].blocksAcross
    let unitRows =
      isAlone
      ? plane.blockRows : plane.samples.count / plane.stride / 8 / sources[0].blocksDown
    var unit = 0
    for unitRow in 0..<unitRows {
      for unitColumn in 0..<unitColumns {
        if restartInterval > 0, unit > 0, unit % restartInterval == 0 {
          try reader.restart(unit / restartInterval - 1, codec: .jpeg)
          for index in sources.indices { sources[index].prediction = 0 }
        }
        unit += 1
        for index in sources.indices {
          let across = isAlone ? 1 : sources[index].blocksAcross
          let down = isAlone ? 1 : sources[index].blocksDown
          for blockRow in 0..<down {
            for blockColumn in 0..<across {
              let isRight = decodeBlock(
                &sources[index], &reader, row: unitRow * down + blockRow,
                column: unitColumn * across + blockColumn)
              guard isRight else {
                throw .malformed(.jpeg, "coefficients that cannot be", at: reader.offset)
              }
            }
          }
        }
        guard !reader.isOverrun else { throw .truncated(.jpeg, at: reader.offset) }
      }
    }
  }

  /// Decodes a block into its place of the plane.
  ///
  /// T.81 F.2.1, F.2.2.
  private mutating func decodeBlock(
    _ source: inout Source, _ reader: inout JPEGBitReader, row: Int, column: Int
  ) -> Bool {
    guard let category = source.dc.read(&reader), category <= 15 else { return false }
    let difference = LosslessDifferences.extended(reader.take(category), category)
    source.prediction &+= Int32(truncatingIfNeeded: difference)
    let first = source.prediction &* source.quantisation[0]
    var isFlat = true
    var index = 1
    while index < 64 {
      guard let symbol = source.ac.read(&reader) else { return false }
      let size = symbol & 15
      if size == 0 {
        if symbol != 0xF0 { break }
        index &+= 16
        continue
      }
      index &+= symbol &>> 4
      guard index < 64 else { return false }
      let value = LosslessDifferences.extended(reader.take(size), size)
      block[Self.zigzag[index]] = Int32(truncatingIfNeeded: value) &* source.quantisation[index]
      isFlat = false
      index &+= 1
    }
    let stride = planes[source.plane].stride
    let offset = row * 8 * stride + column * 8
    let transform = transform
    if isFlat {
      planes[source.plane].samples.withUnsafeMutableBufferPointer { samples in
        guard let base = samples.baseAddress else { return }
        transform.fill(first, base + offset, stride: stride)
      }
      return true
    }
    block[0] = first
    block.withUnsafeMutableBufferPointer { block in
      planes[source.plane].samples.withUnsafeMutableBufferPointer { samples in
        guard let block = block.baseAddress, let base = samples.baseAddress else { return }
        transform.transform(block, base + offset, stride: stride)
        for index in 0..<64 { block[index] = 0 }
      }
    }
    return true
  }

  /// The image: every component brought to the full resolution, pixel by pixel.
  func pixels<Container: SampleContainer>(_: Container.Type) -> Samples {
    let count = planes.count
    var samples = [Container](repeating: 0, count: frame.rows * frame.columns * count)
    var line = [UInt16](repeating: 0, count: frame.columns)
    samples.withUnsafeMutableBufferPointer { samples in
      line.withUnsafeMutableBufferPointer { line in
        guard let line = line.baseAddress, let output = samples.baseAddress else { return }
        for row in 0..<frame.rows {
          for component in 0..<count {
            planes[component].line(row, width: frame.columns, into: line)
            let target = output + (row * frame.columns * count + component)
            for column in 0..<frame.columns {
              target[column &* count] = Container(truncatingIfNeeded: line[column])
            }
          }
        }
      }
    }
    return Container.samples(samples)
  }
}

/// JPEG 2000 part 1, lossless and lossy.
///
/// T.800, PS3.5 A.4.4.
///
/// All progression orders, tiles, precincts, layers, styles of the block coder, regions of
/// interest and packed packet headers. Components have one depth and are not subsampled. What part
/// 2 and High-Throughput JPEG 2000 add is named in the error.
package enum JPEG2000 {
  /// Decodes one frame: a code stream, or one in the boxes of a JP2 file.
  package static func decode(
    _ bytes: RawSpan, expecting shape: ImageShape
  ) throws(CodecError) -> DecodedImage {
    try bytes.withUnsafeBytes { (buffer) throws(CodecError) in
      let stream = try CodeStream(buffer, expecting: shape)
      let samples: Samples =
        switch stream.size.precision {
        case 1...8: try decode(stream, UInt8.self)
        case 9...16: try decode(stream, UInt16.self)
        default: try decode(stream, UInt32.self)
        }
      let isTransformed = stream.tiles.values.contains { $0.parameters.style.hasComponentTransform }
      let isLossy = stream.tiles.values.contains { tile in
        tile.parameters.coding.contains { !$0.isReversible }
      }
      return DecodedImage(
        rows: shape.rows, columns: shape.columns, components: shape.components,
        bitsPerSample: stream.size.precision, isSigned: stream.size.isSigned, samples: samples,
        color: isTransformed ? .rgb : .unspecified, isLossy: isLossy)
    }
  }

  private static func decode<Container: SampleContainer>(
    _ stream: CodeStream, _: Container.Type
  ) throws(CodecError) -> Samples {
    var samples: [Container] = []
    var decoder = BlockDecoder()
    for index in stream.tiles.keys.sorted() {
      guard let tile = stream.tiles[index] else { continue }
      do throws(CodecError) {
        try decode(stream, index, tile, &decoder, into: &samples)
      } catch {
        throw error.placed(in: tile.data)
      }
    }
    return Container.samples(samples)
  }

  /// Decodes one tile into the image, which is made with the first one.
  private static func decode<Container: SampleContainer>(
    _ stream: CodeStream, _ index: Int, _ tile: CodeStream.Tile, _ decoder: inout BlockDecoder,
    into samples: inout [Container]
  ) throws(CodecError) {
    let data = gathered(tile.data, of: stream.bytes)
    let headers = gathered(tile.packedHeaders, of: stream.bytes)
    try data.withUnsafeBufferPointer { (data) throws(CodecError) in
      try headers.withUnsafeBufferPointer { (headers) throws(CodecError) in
        let data = UnsafeRawBufferPointer(data)
        let tileDecoder = try TileDecoder(
          stream, index: index, tile.parameters, data: data,
          headers: tile.packedHeaders.isEmpty ? nil : UnsafeRawBufferPointer(headers))
        // Packets cost little: only where all of a tile are there is room made for samples.
        if samples.isEmpty {
          let size = stream.size
          let count = size.image.width * size.image.height * size.componentCount
          samples = [Container](repeating: 0, count: count)
        }
        try samples.withUnsafeMutableBufferPointer { (samples) throws(CodecError) in
          try tileDecoder.decode(data, &decoder, into: samples)
        }
      }
    }
  }

  private static func gathered(
    _ ranges: [Range<Int>], of bytes: UnsafeRawBufferPointer
  ) -> [UInt8] {
    var gathered: [UInt8] = []
    for range in ranges { gathered.append(contentsOf: bytes[range]) }
    return gathered
  }
}

extension CodecError {
  /// The error with its offset, counted in the data of a tile, turned into one of the code stream.
  fileprivate func placed(in ranges: [Range<Int>]) -> CodecError {
    func place(_ offset: Int) -> Int {
      var left = offset
      for range in ranges {
        if left < range.count { return range.lowerBound + left }
        left -= range.count
      }
      return ranges.last?.upperBound ?? offset
    }
    return switch self {
    case .truncated(let codec, let offset): .truncated(codec, at: place(offset))
    case .malformed(let codec, let what, let offset): .malformed(codec, what, at: place(offset))
    default: self
    }
  }
}

import CZlib

/// Raw deflate streams (RFC 1951), as Deflated Explicit VR Little Endian has them.
///
/// PS3.5 A.5.
package enum Deflate {
  /// How many times larger than its source a stream may become: real data sets stay below 40.
  static let maximumExpansion = 200

  /// Unpacks a stream; what follows its end (a byte of padding) is ignored.
  ///
  /// - Throws: where the stream is damaged, ends early, or unpacks to more than
  ///   ``maximumExpansion`` times its size and 1 MiB.
  package static func inflate(_ source: ArraySlice<UInt8>) throws(DecodingError) -> [UInt8] {
    // Counted first: what unpacks to too much is never in memory.
    let count = try inflate(source) { _ in }
    var output: [UInt8] = []
    output.reserveCapacity(count)
    _ = try inflate(source) { output.append(contentsOf: $0) }
    return output
  }

  /// Unpacks a stream piece by piece.
  ///
  /// - Returns: how many bytes there were.
  private static func inflate(
    _ source: ArraySlice<UInt8>, piece: (ArraySlice<UInt8>) -> Void
  ) throws(DecodingError) -> Int {
    var stream = z_stream()
    guard
      inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw .deflate(reason: "zlib cannot start") }
    defer { inflateEnd(&stream) }
    let limit = source.count * maximumExpansion + 1 << 20
    var total = 0
    var status = Z_OK
    var chunk = [UInt8](repeating: 0, count: 256 << 10)
    var input = Array(source)
    let inputCount = input.count
    input.withUnsafeMutableBufferPointer { bytes in
      stream.next_in = bytes.baseAddress
      stream.avail_in = UInt32(clamping: inputCount)
      while status == Z_OK, total <= limit {
        let produced = chunk.withUnsafeMutableBufferPointer { buffer -> Int in
          stream.next_out = buffer.baseAddress
          stream.avail_out = UInt32(buffer.count)
          status = CZlib.inflate(&stream, Z_NO_FLUSH)
          return buffer.count - Int(stream.avail_out)
        }
        piece(chunk[..<produced])
        total += produced
        if produced == 0, status == Z_OK { status = Z_BUF_ERROR }
      }
    }
    guard total <= limit else {
      throw .deflate(reason: "unpacks to more than \(maximumExpansion) times its size")
    }
    guard status == Z_STREAM_END else {
      throw .deflate(reason: status == Z_BUF_ERROR ? "ends too early" : "damaged")
    }
    return total
  }

  /// Packs bytes into a raw stream, padded to an even length.
  package static func deflate(_ source: [UInt8]) throws(DecodingError) -> [UInt8] {
    var stream = z_stream()
    guard
      deflateInit2_(
        &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw .deflate(reason: "zlib cannot start") }
    defer { deflateEnd(&stream) }
    guard let inputCount = UInt32(exactly: source.count) else {
      throw .deflate(reason: "more than 4 GB")
    }
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(source.count))))
    var input = source
    var status = Z_OK
    input.withUnsafeMutableBufferPointer { bytes in
      output.withUnsafeMutableBufferPointer { buffer in
        stream.next_in = bytes.baseAddress
        stream.avail_in = inputCount
        stream.next_out = buffer.baseAddress
        stream.avail_out = UInt32(clamping: buffer.count)
        status = CZlib.deflate(&stream, Z_FINISH)
      }
    }
    guard status == Z_STREAM_END else { throw .deflate(reason: "zlib cannot finish") }
    output.removeLast(output.count - Int(stream.total_out))
    if output.count % 2 == 1 { output.append(0) }
    return output
  }
}

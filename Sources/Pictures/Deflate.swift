import CZlib

/// The zlib format (RFC 1950), both ways, with a bound on what comes out.
enum Deflate {
  /// Compresses at level 6; zlib itself fails only without memory.
  static func compressed(_ bytes: [UInt8]) -> [UInt8] {
    var count = compressBound(uLong(bytes.count))
    var result = [UInt8](repeating: 0, count: Int(count))
    let status = compress2(&result, &count, bytes, uLong(bytes.count), 6)
    precondition(status == Z_OK, "zlib compresses whatever it is given")
    result.removeLast(result.count - Int(count))
    return result
  }

  /// Inflates to exactly `byteCount` bytes.
  ///
  /// Memory grows with what really comes out, so a short stream that claims a large picture costs
  /// little.
  static func inflated(_ bytes: [UInt8], byteCount: Int) throws(PNGError) -> [UInt8] {
    var stream = z_stream()
    guard
      inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw .badDeflate }
    defer { inflateEnd(&stream) }
    var input = bytes
    var result: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: min(byteCount + 1, 1 << 18))
    let pieceCount = piece.count
    let status = input.withUnsafeMutableBufferPointer { source -> Int32 in
      stream.next_in = source.baseAddress
      stream.avail_in = uInt(source.count)
      var status = Z_OK
      while status == Z_OK && result.count <= byteCount {
        let written = piece.withUnsafeMutableBufferPointer { target in
          stream.next_out = target.baseAddress
          stream.avail_out = uInt(pieceCount)
          status = inflate(&stream, Z_NO_FLUSH)
          return pieceCount - Int(stream.avail_out)
        }
        result.append(contentsOf: piece[..<written])
        if written == 0 && status == Z_OK && stream.avail_in == 0 { status = Z_BUF_ERROR }
      }
      return status
    }
    guard status == Z_STREAM_END || result.count > byteCount else { throw .badDeflate }
    guard result.count == byteCount else {
      throw .sampleCount(expected: byteCount, found: result.count)
    }
    return result
  }

  /// The CRC-32 of a chunk's type and data, ISO/IEC 15948 clause 5.5.
  static func checksum(_ bytes: some Collection<UInt8>) -> UInt32 {
    let array = Array(bytes)
    return UInt32(truncatingIfNeeded: crc32(0, array, uInt(array.count)))
  }
}

import CZlib

/// The checksum at the end of the zlib format (RFC 1950 section 8.2).
enum Adler32 {
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    UInt32(truncatingIfNeeded: adler32_z(1, bytes, bytes.count))
  }
}

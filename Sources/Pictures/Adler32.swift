import CZlib

/// The checksum at the end of the zlib format (RFC 1950 section 8.2).
struct Adler32 {
  private var value: UInt = 1

  mutating func update(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let start = bytes.baseAddress else { return }
    value = adler32_z(value, start, bytes.count)
  }

  /// As they stand in the file.
  var bytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt($0))) } }
}

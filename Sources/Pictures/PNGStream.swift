import CZlib

/// A PNG file that is made a few rows at a time and need never be in memory as a whole.
///
/// ISO/IEC 15948. Made fast rather than small: every row is written as its difference from the one
/// above. All of the picture lies in one chunk, whose length is known only at the end.
package struct PNGStream {
  private let width: Int
  private var above: [UInt8]
  private var deflate = RunDeflate()
  private var checksum = CRC32()
  private var byteCount = 0

  /// What the file begins with.
  package let head: [UInt8]
  /// Where in the file the chunk's length stands, four bytes that are zero in ``head``.
  package let lengthOffset: Int

  package init(rows: Int, columns: Int, color: PNGImage.Color) {
    width = columns * color.channels
    above = [UInt8](repeating: 0, count: width)
    let front = PNGImage.front(rows: rows, columns: columns, color: color)
    lengthOffset = front.count
    let type = Array("IDAT".utf8)
    checksum.update(type)
    head = front + [0, 0, 0, 0] + type
  }

  /// About as many bytes of differences are put together before they are compressed.
  private static let piece = 1 << 14

  /// Takes in whole rows.
  ///
  /// - Returns: what the file goes on with.
  package mutating func append(_ rows: [UInt8]) -> [UInt8] {
    var target: [UInt8] = []
    target.reserveCapacity(rows.count / 4 + 64)
    rows.withUnsafeBufferPointer { append($0, to: &target) }
    checksum.update(target)
    byteCount += target.count
    return target
  }

  private mutating func append(_ samples: UnsafeBufferPointer<UInt8>, to target: inout [UInt8]) {
    let count = width > 0 ? samples.count / width : 0
    precondition(count * width == samples.count, "whole rows")
    guard count > 0 else { return }
    let batch = max(1, Self.piece / (width + 1))
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: batch * (width + 1)) { lines in
      for first in stride(from: 0, to: count, by: batch) {
        let some = min(batch, count - first)
        for row in 0..<some {
          let place = (first + row) * width
          let line = UnsafeMutableBufferPointer(
            rebasing: lines[row * (width + 1)..<(row + 1) * (width + 1)])
          let own = UnsafeBufferPointer(rebasing: samples[place..<place + width])
          if first + row > 0 {
            Self.subtract(
              UnsafeBufferPointer(rebasing: samples[place - width..<place]), from: own, into: line)
          } else {
            above.withUnsafeBufferPointer { Self.subtract($0, from: own, into: line) }
          }
        }
        deflate.append(
          UnsafeBufferPointer(rebasing: UnsafeBufferPointer(lines)[..<(some * (width + 1))]),
          to: &target)
      }
    }
    above.withUnsafeMutableBufferPointer {
      _ = $0.update(fromContentsOf: samples[(count - 1) * width..<count * width])
    }
  }

  /// The filter's number and the differences.
  private static func subtract(
    _ above: UnsafeBufferPointer<UInt8>, from row: UnsafeBufferPointer<UInt8>,
    into line: UnsafeMutableBufferPointer<UInt8>
  ) {
    guard let a = above.baseAddress, let b = row.baseAddress, let target = line.baseAddress else {
      return
    }
    target[0] = PNGFilter.up.rawValue
    for index in 0..<row.count { target[index &+ 1] = b[index] &- a[index] }
  }

  /// Ends a file that is in memory: what ``head`` began and ``append(_:)`` went on with.
  package mutating func finish(_ file: inout [UInt8]) {
    let (tail, length) = finish()
    file += tail
    file.replaceSubrange(lengthOffset..<lengthOffset + length.count, with: length)
  }

  /// Ends the file.
  ///
  /// - Returns: what it ends with, and the bytes that belong at ``lengthOffset``.
  package mutating func finish() -> (tail: [UInt8], length: [UInt8]) {
    var rest: [UInt8] = []
    deflate.finish(to: &rest)
    checksum.update(rest)
    byteCount += rest.count
    return (
      rest + checksum.bytes + PNGImage.chunk("IEND", []),
      PNGImage.bigEndian(UInt32(truncatingIfNeeded: byteCount))
    )
  }
}

/// The checksum of a chunk, ISO/IEC 15948 clause 5.5.
private struct CRC32 {
  private var value: UInt = 0

  mutating func update(_ bytes: [UInt8]) {
    // Of no bytes at all zlib would give the value to begin with.
    guard !bytes.isEmpty else { return }
    value = crc32_z(value, bytes, bytes.count)
  }

  var bytes: [UInt8] { PNGImage.bigEndian(UInt32(truncatingIfNeeded: value)) }
}

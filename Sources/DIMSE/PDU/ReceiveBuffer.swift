/// Bytes that have arrived and are not yet understood.
///
/// It grows only as bytes really arrive, never because a peer announced a length.
package struct ReceiveBuffer: Sendable {
  private var storage: [UInt8]
  private var start = 0
  private var end = 0

  package init(capacity: Int = 64 << 10) {
    storage = [UInt8](repeating: 0, count: max(capacity, 64))
  }

  /// A buffer in which these bytes have arrived.
  package init(_ bytes: [UInt8]) {
    storage = bytes
    end = bytes.count
  }

  /// How many bytes wait.
  package var count: Int { end - start }

  package var isEmpty: Bool { end == start }

  /// The first byte that waits: the type of the next PDU.
  package var first: UInt8? { isEmpty ? nil : storage[start] }

  /// The first `count` bytes that wait, or `nil` while fewer have arrived.
  package func peek(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= self.count else { return nil }
    return storage[start..<start + count]
  }

  /// Forgets the first `count` bytes that wait.
  package mutating func drop(_ count: Int) {
    precondition(count >= 0 && count <= self.count, "only what has arrived can be dropped")
    start += count
    if start == end {
      start = 0
      end = 0
    }
  }

  /// Appends bytes that were received elsewhere.
  package mutating func append(_ bytes: some Collection<UInt8>) {
    makeRoom(for: bytes.count)
    storage.replaceSubrange(end..<end + bytes.count, with: bytes)
    end += bytes.count
  }

  /// Lets `read` fill free room behind what waits; it answers how many bytes it put there.
  package mutating func fill<E: Error>(
    _ read: (UnsafeMutableRawBufferPointer) throws(E) -> Int
  ) throws(E) -> Int {
    makeRoom(for: storage.count / 4)
    let from = end
    var filled = 0
    try storage.withUnsafeMutableBufferPointer { (room) throws(E) in
      filled = try read(
        UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: room[from...])))
    }
    end += max(0, min(filled, storage.count - from))
    return filled
  }

  /// Moves what waits to the front, and doubles the storage when that is not enough.
  private mutating func makeRoom(for wanted: Int) {
    if storage.count - end >= wanted, storage.count > end { return }
    if start > 0 {
      storage.withUnsafeMutableBytes { bytes in
        bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
      }
      end -= start
      start = 0
    }
    if storage.count - end < max(wanted, 1) {
      let growth = max(storage.count, wanted)
      storage.append(contentsOf: repeatElement(0, count: growth))
    }
  }
}

/// The SHA-256 digest of bytes that come one after the other.
///
/// FIPS 180-4 section 6.2.
package struct SHA256: Sendable {
  private var state: SHA256State
  /// Bytes that do not fill a block yet.
  private var pending: [UInt8] = []
  private var byteCount: UInt64

  package static let blockSize = 64

  package init() { self.init(state: SHA256State(), byteCount: 0) }

  /// Goes on where whole blocks have been taken in.
  init(state: SHA256State, byteCount: UInt64) {
    self.state = state
    self.byteCount = byteCount
  }

  /// The digest of bytes that are all there: 32 bytes.
  package static func digest(_ bytes: some Collection<UInt8>) -> [UInt8] {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finish()
  }

  /// The digest as 64 lower-case hex digits.
  package static func hex(_ bytes: some Collection<UInt8>) -> String {
    Hex.text(digest(bytes))
  }

  package mutating func update(_ bytes: some Collection<UInt8>) {
    if bytes.withContiguousStorageIfAvailable({ update(UnsafeRawBufferPointer($0)) }) == nil {
      Array(bytes).withUnsafeBytes { update($0) }
    }
  }

  private mutating func update(_ bytes: UnsafeRawBufferPointer) {
    byteCount &+= UInt64(bytes.count)
    var rest = bytes[...]
    if !pending.isEmpty {
      let missing = rest.prefix(Self.blockSize - pending.count)
      pending.append(contentsOf: missing)
      rest = rest[missing.endIndex...]
      guard pending.count == Self.blockSize else { return }
      pending.withUnsafeBytes { state.compress($0) }
      pending.removeAll(keepingCapacity: true)
    }
    let whole = rest.count / Self.blockSize * Self.blockSize
    state.compress(UnsafeRawBufferPointer(rebasing: rest.prefix(whole)))
    pending.append(contentsOf: rest.dropFirst(whole))
  }

  /// The digest of all that was given: 32 bytes.
  package consuming func finish() -> [UInt8] {
    let bitCount = byteCount &* 8
    var tail = pending + [0x80]
    while tail.count % Self.blockSize != Self.blockSize - 8 { tail.append(0) }
    for shift in stride(from: UInt64(56), through: 0, by: -8) {
      tail.append(UInt8(truncatingIfNeeded: bitCount >> shift))
    }
    tail.withUnsafeBytes { state.compress($0) }
    return state.words.flatMap { word in
      (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * UInt32($0))) }
    }
  }
}

/// Reads a data set from bytes.
///
/// PS3.5 section 7.
///
/// What the best readers forgive is forgiven and noted (``Forgiveness``); a value whose bytes are
/// not there is an error. Memory stays in proportion to the bytes: values are slices of them.
package struct DataSetDecoder {
  /// How deep sequences may nest: real objects stay below 10.
  package static let maximumDepth = 64

  /// Where to stop reading.
  package enum Extent: Sendable {
    case everything
    /// At the top level's pixel data, which are noted and left where they are.
    case pixelData
  }

  /// What stands in the bytes, and what had to be forgiven to read it.
  package struct Result: Sendable {
    package var dataSet: DataSet
    package var forgiven: [Forgiveness] = []
    /// Why reading ended before the data set did; what came before stands in ``dataSet``.
    package var damage: DecodingError?
    /// The byte behind the last element that was read.
    package var end: Int
  }

  /// Thrown inside, never outside: the buffer ends, the file does not.
  enum Interruption: Error {
    case needsMore(upTo: Int)
    case failed(DecodingError)
  }

  /// What an item takes over from the data set around it.
  struct Context {
    var encoding = TextEncoding.default
    /// Whether Pixel Representation gives numbers of VR `US or SS` a sign.
    var isSigned = false
  }

  let bytes: [UInt8]
  /// The length of the whole file, of which `bytes` may be the beginning.
  let total: Int
  let isBigEndian: Bool
  let extent: Extent
  private(set) var forgiven: [Forgiveness] = []
  /// What is open where the bytes end.
  private var openSequence: Tag?

  init(bytes: [UInt8], total: Int, isBigEndian: Bool, extent: Extent) {
    self.bytes = bytes
    self.total = total
    self.isBigEndian = isBigEndian
    self.extent = extent
  }

  /// Decodes a whole data set that is in memory, as it comes over a network.
  ///
  /// - Throws: `truncated` and its kin where the bytes end before the data set does.
  package static func decode(
    _ bytes: [UInt8], transferSyntax: TransferSyntax
  ) throws(DecodingError) -> DataSet {
    let result = try decode(bytes, from: 0, transferSyntax: transferSyntax)
    if let damage = result.damage { throw damage }
    return result.dataSet
  }

  /// Decodes what stands in memory from an offset, as far as it goes.
  package static func decode(
    _ bytes: [UInt8], from offset: Int, transferSyntax: TransferSyntax
  ) throws(DecodingError) -> Result {
    if transferSyntax.isDeflated {
      let inflated = try Deflate.inflate(bytes[min(offset, bytes.count)...])
      return try decode(inflated, from: 0, transferSyntax: .explicitVRLittleEndian)
    }
    do {
      return try decodePrefix(
        bytes, total: bytes.count, from: offset, transferSyntax: transferSyntax,
        extent: .everything)
    } catch {
      switch error {
      case .failed(let reason): throw reason
      case .needsMore(let end):
        throw .truncated(tag: nil, offset: offset, wanted: end, left: bytes.count)
      }
    }
  }

  /// Decodes the beginning of a file; asks for more bytes where a value is not yet all there.
  static func decodePrefix(
    _ bytes: [UInt8], total: Int, from offset: Int, transferSyntax: TransferSyntax, extent: Extent
  ) throws(Interruption) -> Result {
    var decoder = DataSetDecoder(
      bytes: bytes, total: total, isBigEndian: transferSyntax.isBigEndian, extent: extent)
    var isImplicit = transferSyntax.isImplicitVR
    if !transferSyntax.isBigEndian, let written = decoder.looksImplicit(at: offset),
      written != isImplicit
    {
      decoder.forgive(.transferSyntaxContradicted(declaredImplicit: isImplicit))
      isImplicit = written
    }
    var position = offset
    var damage: DecodingError?
    let dataSet = try decoder.topLevel(from: &position, isImplicit: isImplicit, damage: &damage)
    if damage == nil, let open = decoder.openSequence, !dataSet.isImage { damage = .unclosed(open) }
    return Result(
      dataSet: dataSet, forgiven: decoder.forgiven, damage: damage, end: position)
  }

  /// Notes a breach, each one once; a hostile file's thousandth says no more than its hundredth.
  mutating func forgive(_ breach: Forgiveness) {
    guard forgiven.count < 100, !forgiven.contains(breach) else { return }
    forgiven.append(breach)
  }

  /// Notes what no delimiter closes where the bytes end; whether that is forgiven is known once the
  /// object is.
  mutating func leaveOpen(_ tag: Tag) {
    openSequence = tag
    forgive(.delimiterMissing(tag))
  }

  /// Takes back what was noted behind a mark.
  mutating func forget(after count: Int) { forgiven.removeSubrange(min(count, forgiven.count)...) }
}

/// Numbers, as the byte order has them, and whether they are there.
extension DataSetDecoder {
  @inline(__always)
  func u16(_ offset: Int) -> UInt16 {
    let a = UInt16(bytes[offset])
    let b = UInt16(bytes[offset + 1])
    return isBigEndian ? a << 8 | b : b << 8 | a
  }

  @inline(__always)
  func u32(_ offset: Int) -> UInt32 {
    let a = UInt32(u16(offset))
    let b = UInt32(u16(offset + 2))
    return isBigEndian ? a << 16 | b : b << 16 | a
  }

  @inline(__always)
  func tag(_ offset: Int) -> Tag { Tag(u16(offset), u16(offset + 2)) }

  /// Makes sure that bytes can be read, here or after the buffer has grown.
  @inline(__always)
  func require(_ count: Int, at offset: Int, of tag: Tag?) throws(Interruption) {
    // Both come from a file; neither may be so large that the sum wraps.
    guard count >= 0, offset <= total, count <= total - offset else {
      throw .failed(
        .truncated(tag: tag, offset: offset, wanted: count, left: max(0, total - offset)))
    }
    guard offset + count <= bytes.count else { throw .needsMore(upTo: offset + count) }
  }

  /// Whether the element at an offset has no VR; `nil` where that cannot be told.
  func looksImplicit(at offset: Int) -> Bool? {
    guard offset + 8 <= bytes.count else { return nil }
    let first = bytes[offset + 4]
    let second = bytes[offset + 5]
    guard (0x41...0x5A).contains(first), (0x41...0x5A).contains(second) else { return true }
    guard let vr = VR(rawValue: UInt16(first) << 8 | UInt16(second)) else { return nil }
    // Two letters may also be the length of an implicit value (`DS` is 21316): then what follows
    // them is zero, and the dictionary has another VR.
    if bytes[offset + 6] == 0, bytes[offset + 7] == 0, !vr.hasLongLength,
      let known = Dictionary.vr(of: tag(offset)), known != vr
    {
      return nil
    }
    return false
  }

  /// Puts big-endian words into little-endian order.
  ///
  /// PS3.5 7.3.
  func swapped(_ slice: ArraySlice<UInt8>, word: Int) -> ArraySlice<UInt8> {
    guard word > 1 else { return slice }
    var result = Array(slice)
    var start = 0
    while start + word <= result.count {
      result[start..<start + word].reverse()
      start += word
    }
    return result[...]
  }
}

extension DataSet {
  /// Whether these are pixels to look at, which are whole or not whatever follows them.
  ///
  /// Plans, structure sets, records and registrations say what they mean in sequences, of which a
  /// cut may take the last items; of a dose no part may be in doubt.
  var isImage: Bool {
    contains(.pixelData) && string(.sopClassUID) != "1.2.840.10008.5.1.4.1.1.481.2"
  }
}

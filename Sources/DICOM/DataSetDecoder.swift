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

  let bytes: [UInt8]
  /// The length of the whole file, of which `bytes` may be the beginning.
  let total: Int
  let isBigEndian: Bool
  let extent: Extent
  var forgiven: [Forgiveness] = []

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
      decoder.forgiven.append(.transferSyntaxContradicted(declaredImplicit: isImplicit))
      isImplicit = written
    }
    var position = offset
    var damage: DecodingError?
    let dataSet = try decoder.elements(
      from: &position, to: nil, isImplicit: isImplicit, depth: 0, encoding: .default,
      damage: &damage)
    return Result(
      dataSet: dataSet, forgiven: decoder.forgiven, damage: damage, end: position)
  }

  // MARK: Numbers

  func u16(_ offset: Int) -> UInt16 {
    let a = UInt16(bytes[offset])
    let b = UInt16(bytes[offset + 1])
    return isBigEndian ? a << 8 | b : b << 8 | a
  }

  func u32(_ offset: Int) -> UInt32 {
    let a = UInt32(u16(offset))
    let b = UInt32(u16(offset + 2))
    return isBigEndian ? a << 16 | b : b << 16 | a
  }

  func tag(_ offset: Int) -> Tag { Tag(u16(offset), u16(offset + 2)) }

  /// Makes sure that bytes can be read, here or after the buffer has grown.
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
    func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
    if isLetter(first), isLetter(second) {
      // Two letters may also be the length of an implicit value: the VR must be a known one.
      return VR(rawValue: UInt16(first) << 8 | UInt16(second)) == nil ? nil : false
    }
    return true
  }

  // MARK: Elements

  /// Reads elements up to an end, a delimiter or the end of the file.
  ///
  /// - Parameter end: where a defined length says that the data set ends; `nil` where a delimiter
  ///   or, at depth 0, the file ends it.
  mutating func elements(
    from position: inout Int, to end: Int?, isImplicit: Bool, depth: Int, encoding: TextEncoding,
    damage: inout DecodingError?
  ) throws(Interruption) -> DataSet {
    guard depth <= Self.maximumDepth else { throw .failed(.nestedTooDeep(offset: position)) }
    var dataSet = DataSet()
    dataSet.textEncoding = encoding
    var last: Tag?
    let limit = end ?? total
    while position < limit {
      if limit - position < 8 {
        if depth == 0 {
          forgiven.append(.trailingBytes(limit - position))
          position = limit
          break
        }
        throw .failed(
          .truncated(tag: last, offset: position, wanted: 8, left: limit - position))
      }
      do {
        try require(8, at: position, of: last)
        let tag = tag(position)
        if tag == .itemDelimitation || tag == .sequenceDelimitation {
          position += 8
          if end == nil, depth > 0 {
            // PS3.5 7.5.1; the wrong one of the two closes the item as well.
            if tag == .sequenceDelimitation {
              position -= 8
              forgiven.append(.delimiterUnexpected)
            }
            return dataSet
          }
          forgiven.append(.delimiterUnexpected)
          continue
        }
        if depth == 0, tag.group == 0, last != nil {
          // Zero padding behind the last element.
          forgiven.append(.trailingBytes(limit - position))
          position = limit
          break
        }
        if depth == 0, let last, last.group == 0x7FE0, last.element == 0x0010,
          tag.group < last.group
        {
          forgiven.append(.trailingBytes(limit - position))
          position = limit
          break
        }
        guard
          let element = try element(
            tag, at: &position, limit: limit, isImplicit: isImplicit, depth: depth,
            dataSet: dataSet)
        else { continue }
        if let last, tag <= last {
          forgiven.append(tag == last ? .tagRepeated(tag) : .tagsOutOfOrder(tag))
        }
        last = max(last ?? tag, tag)
        dataSet.insertKeepingFirst(element)
        if tag == .specificCharacterSet { dataSet.updateTextEncoding(inherited: encoding) }
        if case .inFile = element.value, depth == 0 { return dataSet }
      } catch .failed(let error) where depth == 0 {
        // What was read stands; what is missing is said. The caller decides what it may be used for.
        damage = error
        return dataSet
      } catch {
        throw error
      }
    }
    if end == nil, depth > 0 {
      throw Interruption.failed(
        .truncated(tag: last, offset: position, wanted: 8, left: 0))
    }
    return dataSet
  }

  /// Reads one element; `nil` for what is passed over (group lengths).
  private mutating func element(
    _ tag: Tag, at position: inout Int, limit: Int, isImplicit: Bool, depth: Int, dataSet: DataSet
  ) throws(Interruption) -> Element? {
    var vr: VR
    var length: UInt32
    var start: Int
    var isValueImplicit = isImplicit
    var wasVRMissing = false
    if isImplicit {
      vr = implicitVR(of: tag, in: dataSet)
      length = u32(position + 4)
      start = position + 8
    } else if let explicit = VR(
      rawValue: UInt16(bytes[position + 4]) << 8 | UInt16(bytes[position + 5]))
    {
      vr = explicit
      if vr.hasLongLength {
        try require(12, at: position, of: tag)
        length = u32(position + 8)
        start = position + 12
      } else {
        length = UInt32(u16(position + 6))
        start = position + 8
      }
    } else if (0x41...0x5A).contains(bytes[position + 4]),
      (0x41...0x5A).contains(bytes[position + 5])
    {
      // A VR of an edition to come: PS3.5 6.2 gives new ones the long form.
      forgiven.append(.vrUnknown(tag))
      vr = .UN
      if bytes[position + 6] == 0, bytes[position + 7] == 0 {
        try require(12, at: position, of: tag)
        length = u32(position + 8)
        start = position + 12
      } else {
        length = UInt32(u16(position + 6))
        start = position + 8
      }
    } else {
      // One element without VR amid explicit ones: 32-bit length, as implicit VR has it.
      forgiven.append(.vrMissing(tag))
      wasVRMissing = true
      vr = implicitVR(of: tag, in: dataSet)
      length = u32(position + 4)
      start = position + 8
    }
    if vr == .UN, !isImplicit {
      // PS3.5 6.2.2: what an UN holds is written as implicit VR little endian.
      if length == .max {
        forgiven.append(.unknownLengthAsSequence(tag))
        vr = .SQ
        isValueImplicit = true
      } else if let known = Dictionary.vr(of: tag), known != .UN {
        vr = known
        if vr == .SQ { isValueImplicit = true }
      }
    }
    if wasVRMissing, vr == .SQ { isValueImplicit = true }

    if tag == .pixelData || tag == Tag(0x7FE0, 0x0008) || tag == Tag(0x7FE0, 0x0009), depth == 0 {
      let value = try pixelData(tag, start: start, length: length, position: &position)
      return Element(tag: tag, vr: length == .max ? .OB : (isImplicit ? .OW : vr), value: value)
    }
    if length == .max {
      var isSequence = vr == .SQ || vr == .UN
      if !isSequence {
        try require(8, at: start, of: tag)
        isSequence = self.tag(start) == .item || self.tag(start) == .sequenceDelimitation
        if isSequence { forgiven.append(.unknownLengthAsSequence(tag)) }
      }
      guard isSequence else { throw .failed(.badLength(tag: tag, vr: vr, length: Int(length))) }
      position = start
      let items = try items(
        of: tag, from: &position, to: nil, isImplicit: isValueImplicit, depth: depth,
        encoding: dataSet.textEncoding)
      return Element(tag: tag, vr: .SQ, value: .items(items))
    }
    let count = Int(length)
    guard count <= limit - start else {
      throw .failed(
        .truncated(tag: tag, offset: start, wanted: count, left: max(0, limit - start)))
    }
    try require(count, at: start, of: tag)
    if vr == .SQ {
      var cursor = start
      let noted = forgiven.count
      do {
        let items = try items(
          of: tag, from: &cursor, to: start + count, isImplicit: isValueImplicit, depth: depth,
          encoding: dataSet.textEncoding)
        position = start + count
        return Element(tag: tag, vr: .SQ, value: .items(items))
      } catch .failed where tag.isPrivate {
        // Some scanners write private sequences in the other byte order; nobody needs them here.
        forgiven.removeSubrange(noted...)
        forgiven.append(.sequenceKeptAsBytes(tag))
        position = start + count
        return Element(tag: tag, vr: .UN, value: .bytes(bytes[start..<start + count]))
      } catch {
        throw error
      }
    }
    position = start + count
    if tag.isGroupLength, tag.group != 0 { return nil }
    if count & 1 == 1 { forgiven.append(.valueLengthOdd(tag)) }
    let slice = bytes[start..<start + count]
    return Element(
      tag: tag, vr: vr, value: .bytes(isBigEndian ? swapped(slice, word: vr.wordSize) : slice))
  }

  private func implicitVR(of tag: Tag, in dataSet: DataSet) -> VR {
    guard let vr = Dictionary.vr(of: tag) else { return .UN }
    if vr == .US, Dictionary.isSignedByPixelRepresentation(tag),
      (try? dataSet.integer(.pixelRepresentation)) == 1
    {
      return .SS
    }
    return vr
  }

  /// Reads the items of a sequence.
  ///
  /// PS3.5 7.5.
  mutating func items(
    of sequence: Tag, from position: inout Int, to end: Int?, isImplicit: Bool, depth: Int,
    encoding: TextEncoding
  ) throws(Interruption) -> [DataSet] {
    guard depth < Self.maximumDepth else { throw .failed(.nestedTooDeep(offset: position)) }
    var items: [DataSet] = []
    let limit = end ?? total
    while position < limit {
      if limit - position < 8 {
        throw .failed(
          .truncated(tag: sequence, offset: position, wanted: 8, left: limit - position))
      }
      try require(8, at: position, of: sequence)
      let tag = tag(position)
      let length = u32(position + 4)
      if tag == .sequenceDelimitation {
        position += 8
        if end == nil { return items }
        forgiven.append(.delimiterUnexpected)
        continue
      }
      if tag == .itemDelimitation {
        position += 8
        forgiven.append(.delimiterUnexpected)
        continue
      }
      guard tag == .item else { throw .failed(.noItem(found: tag, offset: position)) }
      position += 8
      var isItemImplicit = isImplicit
      // Implicit items inside explicit files, and the other way round, occur in the wild.
      if !isBigEndian, position + 8 <= bytes.count, position + 8 <= limit,
        self.tag(position).group != 0xFFFE, let written = looksImplicit(at: position),
        written != isImplicit
      {
        isItemImplicit = written
      }
      var damage: DecodingError?
      if length == .max {
        items.append(
          try elements(
            from: &position, to: nil, isImplicit: isItemImplicit, depth: depth + 1,
            encoding: encoding, damage: &damage))
      } else {
        let count = Int(length)
        guard count <= limit - position else {
          throw .failed(
            .truncated(tag: sequence, offset: position, wanted: count, left: limit - position))
        }
        let itemEnd = position + count
        items.append(
          try elements(
            from: &position, to: itemEnd, isImplicit: isItemImplicit, depth: depth + 1,
            encoding: encoding, damage: &damage))
        position = itemEnd
      }
    }
    if end == nil {
      // The file ends where the delimiter should stand: whole items are whole items.
      forgiven.append(.delimiterMissing(sequence))
    }
    return items
  }

  // MARK: Pixel data

  private mutating func pixelData(
    _ tag: Tag, start: Int, length: UInt32, position: inout Int
  ) throws(Interruption) -> Element.Value {
    if length != .max, Int(length) > total - start {
      throw .failed(
        .truncated(tag: tag, offset: start, wanted: Int(length), left: max(0, total - start)))
    }
    if extent == .pixelData {
      position = start
      return .inFile(offset: start, byteCount: length == .max ? nil : Int(length))
    }
    guard length == .max else {
      try require(Int(length), at: start, of: tag)
      position = start + Int(length)
      return .bytes(bytes[start..<position])
    }
    position = start
    let parts = try fragments(from: &position)
    return .fragments(offsetTable: parts.first ?? [], Array(parts.dropFirst()))
  }

  /// Reads the items of encapsulated pixel data: the offset table and the fragments.
  ///
  /// PS3.5 A.4.
  mutating func fragments(from position: inout Int) throws(Interruption) -> [ArraySlice<UInt8>] {
    var parts: [ArraySlice<UInt8>] = []
    while position < total {
      try require(min(8, total - position), at: position, of: .pixelData)
      guard total - position >= 8 else { break }
      let tag = tag(position)
      let length = u32(position + 4)
      position += 8
      if tag == .sequenceDelimitation { return parts }
      guard tag == .item, length != .max else {
        throw .failed(.noItem(found: tag, offset: position - 8))
      }
      guard Int(length) <= total - position else {
        throw .failed(
          .truncated(
            tag: .pixelData, offset: position, wanted: Int(length), left: total - position))
      }
      try require(Int(length), at: position, of: .pixelData)
      parts.append(bytes[position..<position + Int(length)])
      position += Int(length)
    }
    forgiven.append(.delimiterMissing(.pixelData))
    return parts
  }

  /// Puts big-endian words into little-endian order.
  ///
  /// PS3.5 7.3.
  private func swapped(_ slice: ArraySlice<UInt8>, word: Int) -> ArraySlice<UInt8> {
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

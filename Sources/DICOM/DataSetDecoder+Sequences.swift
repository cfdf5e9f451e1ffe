/// Sequences of items, and of fragments. PS3.5 7.5 and A.4.
extension DataSetDecoder {
  /// Reads the items of a sequence.
  ///
  /// - Parameters:
  ///   - end: where a defined length says that the sequence ends; `nil` where a delimiter ends it.
  ///   - enclosing: where what holds the sequence ends.
  mutating func items(
    of sequence: Tag, from position: inout Int, to end: Int?, within enclosing: Int,
    isImplicit: Bool, depth: Int, context: Context
  ) throws(Interruption) -> [DataSet] {
    guard depth < Self.maximumDepth else { throw .failed(.nestedTooDeep(offset: position)) }
    var items: [DataSet] = []
    let limit = end ?? enclosing
    while position < limit {
      guard limit - position >= 8 else {
        throw .failed(
          .truncated(tag: sequence, offset: position, wanted: 8, left: limit - position))
      }
      try require(8, at: position, of: sequence)
      let tag = tag(position)
      let length = u32(position + 4)
      if tag == .sequenceDelimitation || tag == .itemDelimitation {
        position += 8
        if length != 0 { forgive(.delimiterLength) }
        if tag == .sequenceDelimitation, end == nil { return items }
        forgive(.delimiterUnexpected)
        continue
      }
      guard tag == .item else { throw .failed(.noItem(found: tag, offset: position)) }
      position += 8
      var itemEnd: Int?
      if length != .max {
        guard Int(length) <= limit - position else {
          throw .failed(
            .truncated(
              tag: sequence, offset: position, wanted: Int(length), left: limit - position))
        }
        itemEnd = position + Int(length)
      }
      let isItemImplicit = isItemImplicit(
        at: position, limit: itemEnd ?? limit, outside: isImplicit)
      items.append(
        try item(
          of: sequence, from: &position, to: itemEnd, within: limit, isImplicit: isItemImplicit,
          depth: depth + 1, context: context))
      if let itemEnd { position = itemEnd }
    }
    if end == nil {
      // Only at the very end, and only outermost: deeper, a file that was cut off looks the same.
      guard depth == 0, position == total else {
        throw .failed(.truncated(tag: sequence, offset: position, wanted: 8, left: 0))
      }
      leaveOpen(sequence)
    }
    return items
  }

  /// Whether an item is written without VRs: such items inside explicit data sets, and the other
  /// way round, occur in the wild.
  private mutating func isItemImplicit(at position: Int, limit: Int, outside: Bool) -> Bool {
    guard !isBigEndian, position + 8 <= min(limit, bytes.count), tag(position).group != 0xFFFE,
      let written = looksImplicit(at: position), written != outside
    else { return outside }
    forgive(.itemContradictsTransferSyntax)
    return written
  }

  /// Notes, or reads, pixel data: bare or in fragments.
  mutating func pixelData(
    _ header: Header, position: inout Int, limit: Int, isTopLevel: Bool
  ) throws(Interruption) -> Element {
    let tag = header.tag
    let start = header.start
    let count = header.isUndefinedLength ? nil : Int(header.length)
    if let count, start > limit || count > limit - start {
      throw .failed(
        .truncated(tag: tag, offset: start, wanted: count, left: max(0, limit - start)))
    }
    if extent == .pixelData, isTopLevel {
      position = start
      return Element(tag: tag, vr: header.vr, value: .inFile(offset: start, byteCount: count))
    }
    if let count {
      try require(count, at: start, of: tag)
      position = start + count
      return Element(tag: tag, vr: header.vr, value: .bytes(bytes[start..<position]))
    }
    position = start
    let parts = try fragments(from: &position, limit: limit)
    return Element(
      tag: tag, vr: .OB,
      value: .fragments(offsetTable: parts.first ?? [], Array(parts.dropFirst())))
  }

  /// Reads the items of encapsulated pixel data: the offset table and the fragments.
  private mutating func fragments(
    from position: inout Int, limit: Int
  ) throws(Interruption) -> [ArraySlice<UInt8>] {
    var parts: [ArraySlice<UInt8>] = []
    while limit - position >= 8 {
      try require(8, at: position, of: .pixelData)
      let tag = tag(position)
      let length = u32(position + 4)
      position += 8
      if tag == .sequenceDelimitation { return parts }
      guard tag == .item, length != .max else {
        throw .failed(.noItem(found: tag, offset: position - 8))
      }
      guard Int(length) <= limit - position else {
        throw .failed(
          .truncated(
            tag: .pixelData, offset: position, wanted: Int(length), left: limit - position))
      }
      try require(Int(length), at: position, of: .pixelData)
      parts.append(bytes[position..<position + Int(length)])
      position += Int(length)
    }
    position = limit
    leaveOpen(.pixelData)
    return parts
  }
}

/// Elements, one after the other. PS3.5 7.1.
extension DataSetDecoder {
  /// What stands before a value.
  struct Header {
    let tag: Tag
    var vr: VR
    var length: UInt32
    /// Where the value begins.
    var start: Int
    /// Whether what the value holds is written without VRs.
    var isValueImplicit: Bool
    /// Whether words are in big-endian order.
    var isSwapped: Bool

    var isUndefinedLength: Bool { length == .max }
  }

  /// Reads the data set itself: what cannot be read ends it, and is said.
  mutating func topLevel(
    from position: inout Int, isImplicit: Bool, damage: inout DecodingError?
  ) throws(Interruption) -> DataSet {
    var elements = ElementList()
    var context = Context()
    while position < total {
      guard total - position >= 8 else {
        do {
          if try isPadding(from: position, behind: elements.last) {
            forgive(.trailingBytes(total - position))
          } else {
            // The head of an element that a cut took away looks the same as garbage.
            damage = .truncated(
              tag: elements.last, offset: position, wanted: 8, left: total - position)
          }
        } catch .failed(let error) {
          damage = error
        } catch {
          throw error
        }
        position = total
        break
      }
      do {
        try require(8, at: position, of: elements.last)
        let tag = tag(position)
        if tag == .itemDelimitation || tag == .sequenceDelimitation {
          position += 8
          forgive(.delimiterUnexpected)
          continue
        }
        if endsDataSet(tag, behind: elements.last) || (tag == Tag(0, 0) && isBlank(at: position)) {
          forgive(.trailingBytes(total - position))
          position = total
          break
        }
        guard
          let element = try element(
            at: &position, limit: total, isImplicit: isImplicit, depth: 0, context: context)
        else { continue }
        append(element, to: &elements, context: &context)
        if case .inFile = element.value { break }
      } catch .failed(let error) {
        // What was read stands; what is missing is said. The caller decides what it is good for.
        damage = error
        break
      } catch {
        throw error
      }
    }
    do {
      return try finish(&elements, context: context)
    } catch .failed(let error) {
      damage = damage ?? error
      return elements.dataSet(encoding: context.encoding)
    } catch {
      throw error
    }
  }

  /// Whether the last bytes, too few for an element, are padding: behind pixel data anything, else
  /// zeros, spaces and line ends.
  private func isPadding(from position: Int, behind last: Tag?) throws(Interruption) -> Bool {
    guard last != .pixelData else { return true }
    try require(total - position, at: position, of: last)
    return bytes[position..<total].allSatisfy { [0, 0x20, 0x0A, 0x0D].contains($0) }
  }

  /// Whether a tag shows that what follows is no part of the data set: zeros, or a lower group
  /// behind pixel data.
  private func endsDataSet(_ tag: Tag, behind last: Tag?) -> Bool {
    guard let last else { return false }
    return (tag.group == 0 && last.group != 0) || (last == .pixelData && tag.group < last.group)
  }

  /// Whether tag and length are zeros: gigabytes of them would be as many empty elements.
  private func isBlank(at position: Int) -> Bool {
    bytes[position..<position + 8].allSatisfy { $0 == 0 }
  }

  /// Reads an item's elements up to its end or a delimiter.
  ///
  /// - Parameters:
  ///   - end: where a defined length says that the item ends; `nil` where a delimiter ends it.
  ///   - enclosing: where what holds the item ends.
  mutating func item(
    of sequence: Tag, from position: inout Int, to end: Int?, within enclosing: Int,
    isImplicit: Bool, depth: Int, context: Context
  ) throws(Interruption) -> DataSet {
    guard depth <= Self.maximumDepth else { throw .failed(.nestedTooDeep(offset: position)) }
    var elements = ElementList()
    var context = context
    let limit = end ?? enclosing
    while position < limit {
      guard limit - position >= 8 else {
        throw .failed(
          .truncated(tag: elements.last, offset: position, wanted: 8, left: limit - position))
      }
      try require(8, at: position, of: elements.last)
      let tag = tag(position)
      if tag == Tag(0, 0), isBlank(at: position) {
        throw .failed(.noItem(found: tag, offset: position))
      }
      if tag == .itemDelimitation || tag == .sequenceDelimitation {
        if u32(position + 4) != 0 { forgive(.delimiterLength) }
        if end == nil {
          // PS3.5 7.5.1; the wrong one of the two closes the item as well, and its sequence.
          if tag == .itemDelimitation {
            position += 8
          } else {
            forgive(.delimiterUnexpected)
          }
          return try finish(&elements, context: context)
        }
        position += 8
        forgive(.delimiterUnexpected)
        continue
      }
      guard
        let element = try element(
          at: &position, limit: limit, isImplicit: isImplicit, depth: depth, context: context)
      else { continue }
      append(element, to: &elements, context: &context)
    }
    if end == nil {
      // Only at the very end, and only outermost: deeper, a file that was cut off looks the same.
      guard depth == 1, position == total else {
        throw .failed(.truncated(tag: elements.last, offset: position, wanted: 8, left: 0))
      }
      leaveOpen(sequence)
    }
    return try finish(&elements, context: context)
  }

  /// The data set of the elements that were read.
  ///
  /// Two values for one attribute are no slip to be forgiven: readers differ in which one they
  /// take. A manufacturer's own attributes are nobody else's.
  private mutating func finish(
    _ elements: inout ElementList, context: Context
  ) throws(Interruption) -> DataSet {
    for (tag, isSame) in elements.sort() {
      guard isSame || tag.isPrivate else { throw .failed(.contradiction(tag)) }
      forgive(.tagRepeated(tag))
    }
    return elements.dataSet(encoding: context.encoding)
  }

  private mutating func append(
    _ element: Element, to elements: inout ElementList, context: inout Context
  ) {
    let last = elements.last
    if !elements.append(element), last != element.tag { forgive(.tagsOutOfOrder(element.tag)) }
    if element.tag == .specificCharacterSet, let bytes = element.bytes {
      context.encoding = TextEncoding(characterSet: bytes)
      for term in context.encoding.unknownTerms { forgive(.characterSetUnknown(term)) }
    } else if element.tag == .pixelRepresentation, let byte = element.bytes?.first {
      context.isSigned = byte == 1
    }
  }

  /// Reads one element; `nil` for what is passed over (group lengths, padding).
  private mutating func element(
    at position: inout Int, limit: Int, isImplicit: Bool, depth: Int, context: Context
  ) throws(Interruption) -> Element? {
    let header = try header(at: position, isImplicit: isImplicit, context: context)
    let tag = header.tag
    guard tag != .item else { throw .failed(.strayItem(offset: position)) }
    let start = header.start
    if tag == .pixelData || tag == .floatPixelData || tag == .doubleFloatPixelData {
      if depth == 0 || header.isUndefinedLength {
        return try pixelData(header, position: &position, limit: limit, isTopLevel: depth == 0)
      }
    }
    guard !header.isUndefinedLength else {
      return try undefinedLength(
        header, position: &position, limit: limit, depth: depth, context: context)
    }
    let count = Int(header.length)
    guard start <= limit, count <= limit - start else {
      throw .failed(
        .truncated(tag: tag, offset: start, wanted: count, left: max(0, limit - start)))
    }
    try require(count, at: start, of: tag)
    position = start + count
    if header.vr == .SQ {
      return try definedSequence(header, count: count, depth: depth, context: context)
    }
    // PS3.5 7.2 and PS3.10 7.2: neither says anything about the object.
    if tag.isGroupLength, tag.group != 0 { return nil }
    if tag == .dataSetTrailingPadding { return nil }
    if count & 1 == 1 { forgive(.valueLengthOdd(tag)) }
    let slice = bytes[start..<position]
    return Element(
      tag: tag, vr: header.vr,
      value: .bytes(header.isSwapped ? swapped(slice, word: header.vr.wordSize) : slice))
  }

  /// A value without a length: a sequence, whatever its VR says.
  ///
  /// PS3.5 7.5 and 6.2.2.
  private mutating func undefinedLength(
    _ header: Header, position: inout Int, limit: Int, depth: Int, context: Context
  ) throws(Interruption) -> Element {
    if header.vr != .SQ, header.vr != .UN {
      try require(8, at: header.start, of: header.tag)
      let next = tag(header.start)
      guard next == .item || next == .sequenceDelimitation else {
        throw .failed(.badLength(tag: header.tag, vr: header.vr, length: Int(header.length)))
      }
      forgive(.unknownLengthAsSequence(header.tag))
    }
    position = header.start
    let items = try items(
      of: header.tag, from: &position, to: nil, within: limit, isImplicit: header.isValueImplicit,
      depth: depth, context: context)
    return Element(tag: header.tag, vr: .SQ, value: .items(items))
  }

  private mutating func definedSequence(
    _ header: Header, count: Int, depth: Int, context: Context
  ) throws(Interruption) -> Element {
    var cursor = header.start
    let end = header.start + count
    let noted = forgiven.count
    do {
      let items = try items(
        of: header.tag, from: &cursor, to: end, within: end, isImplicit: header.isValueImplicit,
        depth: depth, context: context)
      return Element(tag: header.tag, vr: .SQ, value: .items(items))
    } catch .failed(let error) {
      guard header.tag.isPrivate else { throw .failed(error) }
      if case .nestedTooDeep = error { throw .failed(error) }
      // Some scanners write private sequences in the other byte order; nobody needs them here.
      forget(after: noted)
      forgive(.sequenceKeptAsBytes(header.tag))
      return Element(tag: header.tag, vr: .UN, value: .bytes(bytes[header.start..<end]))
    } catch {
      throw error
    }
  }

  /// Reads tag, VR and length.
  ///
  /// PS3.5 7.1.2 and 7.1.3.
  private mutating func header(
    at position: Int, isImplicit: Bool, context: Context
  ) throws(Interruption) -> Header {
    let tag = tag(position)
    var header = Header(
      tag: tag, vr: .UN, length: 0, start: position + 8, isValueImplicit: isImplicit,
      isSwapped: isBigEndian)
    if isImplicit || tag == .item {
      header.vr = vr(ofImplicit: tag, context: context)
      header.length = u32(position + 4)
      return header
    }
    let first = bytes[position + 4]
    let second = bytes[position + 5]
    let written = VR(rawValue: UInt16(first) << 8 | UInt16(second))
    if let written, !written.hasLongLength {
      header.vr = written
      header.length = UInt32(u16(position + 6))
      return header
    }
    let isVR = (0x41...0x5A).contains(first) && (0x41...0x5A).contains(second)
    guard written != nil || isVR else {
      // One element without VR amid explicit ones: 32-bit length, as implicit VR has it.
      forgive(.vrMissing(tag))
      header.vr = vr(ofImplicit: tag, context: context)
      header.length = u32(position + 4)
      header.isValueImplicit = true
      return header
    }
    if written == nil {
      forgive(.vrUnknown(tag))
      // PS3.5 6.2: VRs of editions to come have the long form, with two zeros behind the VR.
      guard bytes[position + 6] == 0, bytes[position + 7] == 0 else {
        header.length = UInt32(u16(position + 6))
        unwrap(&header, context: context)
        return header
      }
    }
    try require(12, at: position, of: tag)
    header.length = u32(position + 8)
    header.start = position + 12
    header.vr = written ?? .UN
    if header.vr == .UN { unwrap(&header, context: context) }
    return header
  }

  /// What an UN holds is written as implicit VR little endian; the dictionary knows its VR.
  ///
  /// PS3.5 6.2.2.
  private mutating func unwrap(_ header: inout Header, context: Context) {
    if header.isUndefinedLength {
      forgive(.unknownLengthAsSequence(header.tag))
      header.vr = .SQ
      header.isValueImplicit = true
      return
    }
    let known = vr(ofImplicit: header.tag, context: context)
    guard known != .UN else { return }
    header.vr = known
    header.isValueImplicit = true
    header.isSwapped = false
  }

  private func vr(ofImplicit tag: Tag, context: Context) -> VR {
    guard let vr = Dictionary.vr(of: tag) else { return .UN }
    if vr == .US, context.isSigned, Dictionary.isSignedByPixelRepresentation(tag) { return .SS }
    return vr
  }
}

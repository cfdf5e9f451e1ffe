/// Writes a data set as bytes.
///
/// PS3.5 section 7.
///
/// Sequences and items get defined lengths, group lengths are left out; the same data set always
/// gives the same bytes.
package enum DataSetEncoder {
  /// Encodes for a transfer syntax.
  ///
  /// - Throws: `valueTooLong` where an explicit VR has no room for the length,
  ///   `notWritable` for the byte orders that are read but never written.
  package static func encode(
    _ dataSet: DataSet, transferSyntax: TransferSyntax
  ) throws(EncodingError) -> [UInt8] {
    guard !transferSyntax.isBigEndian else { throw .notWritable(transferSyntax) }
    var bytes: [UInt8] = []
    try append(dataSet, to: &bytes, isImplicit: transferSyntax.isImplicitVR)
    guard transferSyntax.isDeflated else { return bytes }
    do { return try Deflate.deflate(bytes) } catch { throw .deflate(error) }
  }

  static func append(
    _ dataSet: DataSet, to bytes: inout [UInt8], isImplicit: Bool
  ) throws(EncodingError) {
    for element in dataSet.elements {
      try append(element, to: &bytes, isImplicit: isImplicit)
    }
  }

  private static func append(
    _ element: Element, to bytes: inout [UInt8], isImplicit: Bool
  ) throws(EncodingError) {
    switch element.value {
    case .bytes(let value):
      let count = value.count + value.count & 1
      try header(
        element.tag, element.vr, count: count, to: &bytes, isImplicit: isImplicit)
      bytes.append(contentsOf: value)
      if value.count & 1 == 1 { bytes.append(element.vr.padding) }
    case .items(let items):
      let lengthAt = try sequenceHeader(element.tag, to: &bytes, isImplicit: isImplicit)
      for item in items {
        append(.item, to: &bytes)
        let itemLengthAt = bytes.count
        append(UInt32(0), to: &bytes)
        try append(item, to: &bytes, isImplicit: isImplicit)
        try patch(element.tag, at: itemLengthAt, in: &bytes)
      }
      try patch(element.tag, at: lengthAt, in: &bytes)
    case .fragments(let offsetTable, let fragments):
      guard !isImplicit else { throw .fragmentsInImplicitVR(element.tag) }
      append(element.tag, to: &bytes)
      append(.OB, to: &bytes)
      append(UInt32.max, to: &bytes)
      for part in [offsetTable] + fragments {
        append(.item, to: &bytes)
        append(UInt32(part.count + part.count & 1), to: &bytes)
        bytes.append(contentsOf: part)
        if part.count & 1 == 1 { bytes.append(0) }
      }
      append(.sequenceDelimitation, to: &bytes)
      append(UInt32(0), to: &bytes)
    case .inFile:
      throw .valueLeftInFile(element.tag)
    }
  }

  private static func header(
    _ tag: Tag, _ vr: VR, count: Int, to bytes: inout [UInt8], isImplicit: Bool
  ) throws(EncodingError) {
    guard let length = UInt32(exactly: count), length != .max else {
      throw .valueTooLong(tag, byteCount: count)
    }
    append(tag, to: &bytes)
    if isImplicit {
      append(length, to: &bytes)
    } else if vr.hasLongLength {
      append(vr, to: &bytes)
      append(length, to: &bytes)
    } else if let short = UInt16(exactly: count) {
      bytes.append(UInt8(truncatingIfNeeded: vr.rawValue >> 8))
      bytes.append(UInt8(truncatingIfNeeded: vr.rawValue))
      bytes.append(UInt8(truncatingIfNeeded: short))
      bytes.append(UInt8(truncatingIfNeeded: short >> 8))
    } else {
      // PS3.5 6.2.2 note: a value that its VR has no room for is written as UN.
      append(.UN, to: &bytes)
      append(length, to: &bytes)
    }
  }

  private static func sequenceHeader(
    _ tag: Tag, to bytes: inout [UInt8], isImplicit: Bool
  ) throws(EncodingError) -> Int {
    append(tag, to: &bytes)
    if !isImplicit { append(.SQ, to: &bytes) }
    append(UInt32(0), to: &bytes)
    return bytes.count - 4
  }

  private static func patch(_ tag: Tag, at offset: Int, in bytes: inout [UInt8])
    throws(EncodingError)
  {
    let count = bytes.count - offset - 4
    guard let length = UInt32(exactly: count), length != .max else {
      throw .valueTooLong(tag, byteCount: count)
    }
    for index in 0..<4 {
      bytes[offset + index] = UInt8(truncatingIfNeeded: length >> (8 * UInt32(index)))
    }
  }

  private static func append(_ tag: Tag, to bytes: inout [UInt8]) {
    bytes.append(UInt8(truncatingIfNeeded: tag.group))
    bytes.append(UInt8(truncatingIfNeeded: tag.group >> 8))
    bytes.append(UInt8(truncatingIfNeeded: tag.element))
    bytes.append(UInt8(truncatingIfNeeded: tag.element >> 8))
  }

  /// The VR of the long form, with its two reserved bytes.
  private static func append(_ vr: VR, to bytes: inout [UInt8]) {
    bytes.append(UInt8(truncatingIfNeeded: vr.rawValue >> 8))
    bytes.append(UInt8(truncatingIfNeeded: vr.rawValue))
    bytes.append(0)
    bytes.append(0)
  }

  private static func append(_ value: UInt32, to bytes: inout [UInt8]) {
    for shift in stride(from: UInt32(0), to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }
}

/// Why a data set cannot be written down.
package enum EncodingError: Error, Equatable {
  case valueTooLong(Tag, byteCount: Int)
  case fragmentsInImplicitVR(Tag)
  case valueLeftInFile(Tag)
  case notWritable(TransferSyntax)
  case deflate(DecodingError)
  /// A text that is too long for its VR, or not in its repertoire.
  case text(Tag, vr: VR, String)
}

extension EncodingError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .valueTooLong(let tag, let count): "\(tag): \(count) bytes are too long for a length field"
    case .fragmentsInImplicitVR(let tag): "\(tag): compressed data need explicit VR"
    case .valueLeftInFile(let tag): "\(tag): its bytes were not read"
    case .notWritable(let syntax): "\(syntax.name) is read, never written"
    case .deflate(let error): "\(error)"
    case .text(let tag, let vr, let text): "\(tag): '\(text.prefix(80))' is no legal \(vr) value"
    }
  }
}

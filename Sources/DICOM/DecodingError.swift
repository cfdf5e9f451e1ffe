/// Why bytes are no data set.
package enum DecodingError: Error, Equatable {
  /// Something that is `wanted` bytes long begins where only `left` are left.
  case truncated(tag: Tag?, offset: Int, wanted: Int, left: Int)
  /// An item or a delimiter was expected inside a sequence.
  case noItem(found: Tag, offset: Int)
  /// An item stands where an element should.
  case strayItem(offset: Int)
  /// Two different values of one attribute.
  case contradiction(Tag)
  case nestedTooDeep(offset: Int)
  case notDICOM
  /// The prefix is there, and nothing behind it that could be a data set.
  case noDataSet(offset: Int)
  /// A sequence that no delimiter closes where the file ends: items may be missing.
  case unclosed(Tag)
  case deflate(reason: String)
  case badLength(tag: Tag, vr: VR, length: Int)
}

extension DecodingError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .truncated(let tag, let offset, let wanted, let left):
      "ends too early: \(tag.map { "\($0) " } ?? "")at byte \(offset) needs \(wanted) bytes, \(left) are left; copy the file again"
    case .noItem(let found, let offset):
      "item expected at byte \(offset), (\(found.number)) found; export the file again"
    case .strayItem(let offset):
      "an item outside any sequence at byte \(offset); export the file again"
    case .contradiction(let tag):
      "\(tag) stands there twice, with different values; export the file again"
    case .nestedTooDeep(let offset):
      "sequences nested more than \(DataSetDecoder.maximumDepth) deep at byte \(offset); export the file again"
    case .notDICOM: "is no DICOM file"
    case .noDataSet(let offset):
      "begins as DICOM, but no data set can be read from byte \(offset) on; copy the file again"
    case .unclosed(let tag):
      "\(tag) is not closed where the file ends, so that part of it may be missing; copy or export the file again"
    case .deflate(let reason): "deflated data set: \(reason); copy the file again"
    case .badLength(let tag, let vr, let length):
      "\(tag): a \(vr) value of \(length) bytes; export the file again"
    }
  }
}

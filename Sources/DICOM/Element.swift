/// One attribute of a data set: tag, VR and value.
///
/// PS3.5 7.1.
package struct Element: Sendable {
  package let tag: Tag
  package let vr: VR
  package var value: Value

  package enum Value: Sendable {
    /// The bytes as written, padding included, words in little-endian order.
    case bytes(ArraySlice<UInt8>)
    case items([DataSet])
    /// The items of encapsulated pixel data: the offset table first, then the fragments. PS3.5 A.4.
    case fragments(offsetTable: ArraySlice<UInt8>, [ArraySlice<UInt8>])
    /// Bytes that were left in the file: where they begin, and how many (`nil`: until delimited).
    case inFile(offset: Int, byteCount: Int?)
  }

  package init(tag: Tag, vr: VR, value: Value) {
    self.tag = tag
    self.vr = vr
    self.value = value
  }

  /// The bytes of a value that is neither a sequence nor left in the file.
  package var bytes: ArraySlice<UInt8>? {
    if case .bytes(let bytes) = value { bytes } else { nil }
  }
}

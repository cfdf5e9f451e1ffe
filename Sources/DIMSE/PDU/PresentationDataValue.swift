/// A fragment of a command or of a data set in a P-DATA-TF PDU.
///
/// PS3.8 section 9.3.5.1, Annex E.
package struct PresentationDataValue: Hashable, Sendable {
  package var contextID: UInt8
  package var isCommand: Bool
  /// Whether the command, or the data set, ends here.
  package var isLast: Bool
  package var fragment: ArraySlice<UInt8>

  package init(contextID: UInt8, isCommand: Bool, isLast: Bool, fragment: ArraySlice<UInt8>) {
    self.contextID = contextID
    self.isCommand = isCommand
    self.isLast = isLast
    self.fragment = fragment
  }

  /// Bytes of a PDV before its fragment: length, context ID, message control header.
  static let overhead = 6

  /// The message control header: bit 0 command, bit 1 last.
  var controlHeader: UInt8 { (isCommand ? 1 : 0) | (isLast ? 2 : 0) }
}

extension PresentationDataValue {
  init(_ reader: inout WireReader) throws(PDUError) {
    let length = try reader.uint32()
    guard length >= 2 else { throw .badValue(what: "the length of a PDV", value: Int(length)) }
    guard Int(length) <= reader.left else {
      throw .truncated(what: "a PDV", wanted: Int(length), left: reader.left)
    }
    contextID = try reader.uint8()
    let header = try reader.uint8()
    isCommand = header & 1 != 0
    isLast = header & 2 != 0
    fragment = try reader.take(Int(length) - 2)
  }

  func write(to writer: inout WireWriter) {
    writer.write(UInt32(fragment.count + 2))
    writer.write(contextID)
    writer.write(controlHeader)
    writer.write(fragment)
  }
}

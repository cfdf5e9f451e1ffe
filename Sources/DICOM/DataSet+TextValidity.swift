/// Whether text is what its character set says. PS3.3 C.12.1.1.2.
extension DataSet {
  /// The attributes whose bytes are no text of the declared repertoire: they read differently in
  /// every viewer.
  package var unfaithfulTexts: [Tag] {
    let terms = textEncoding.terms
    let isASCII = terms.allSatisfy { $0.isEmpty || $0 == "ISO_IR 6" || $0 == "ISO 2022 IR 6" }
    let isUTF8 = terms.first == "ISO_IR 192"
    guard isASCII || isUTF8 else { return [] }
    return elements.filter { element in
      guard element.vr.followsCharacterSet, let bytes = element.bytes else { return false }
      return isASCII
        ? bytes.contains { $0 >= 0x80 } : String(validating: bytes, as: UTF8.self) == nil
    }.map(\.tag)
  }
}

/// How the text of a data set is written: Specific Character Set (0008,0005).
///
/// PS3.3 C.12.1.1.2.
package struct TextEncoding: Hashable, Sendable {
  /// The terms as the data set gives them; `[]` is the default repertoire, ISO 646.
  package let terms: [String]

  package static let `default` = TextEncoding(terms: [])

  package init(terms: [String]) { self.terms = terms }

  /// The encoding that the value of Specific Character Set (0008,0005) asks for.
  package init(characterSet bytes: ArraySlice<UInt8>) {
    let terms = String(decoding: bytes, as: UTF8.self)
      .split(separator: "\\", omittingEmptySubsequences: false).map { $0.trimmed }
    self.init(terms: terms == [""] ? [] : terms)
  }

  /// The text of bytes, padding included.
  ///
  /// Bytes above 7F in the default repertoire are read as UTF-8 where they are, else as Latin-1.
  package func decode(_ bytes: ArraySlice<UInt8>, isPersonName: Bool) -> String {
    if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
    switch terms.first ?? "" {
    case "ISO_IR 192": return String(decoding: bytes, as: UTF8.self)
    case "ISO_IR 100":
      return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    default:
      if let text = String(validating: bytes, as: UTF8.self) { return text }
      return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
  }
}

/// How the text of a data set is written: Specific Character Set (0008,0005).
///
/// PS3.3 C.12.1.1.2 and PS3.5 6.1. One term is a set of its own; several are ISO 2022: escape
/// sequences switch between sets, and every value, component and line begins as the first term says.
package struct TextEncoding: Hashable, Sendable {
  /// The terms as the data set gives them; `[]` is the default repertoire, ISO 646.
  package let terms: [String]

  package static let `default` = TextEncoding(terms: [])
  package static let utf8 = TextEncoding(terms: ["ISO_IR 192"])

  package init(terms: [String]) { self.terms = terms }

  /// The encoding that the value of Specific Character Set (0008,0005) asks for.
  package init(characterSet bytes: ArraySlice<UInt8>) {
    let terms = String(decoding: bytes, as: UTF8.self)
      .split(separator: "\\", omittingEmptySubsequences: false).map { $0.trimmed }
    self.init(terms: terms == [""] ? [] : terms)
  }

  /// The terms that nothing is known about.
  package var unknownTerms: [String] { terms.filter { CharacterSet.sets(ofTerm: $0) == nil } }

  /// The text of bytes, padding included.
  package func decode(_ bytes: ArraySlice<UInt8>, isPersonName: Bool) -> String {
    decode(bytes, vr: isPersonName ? .PN : .LO)
  }

  /// The text of the bytes of a VR, padding and separators included; U+FFFD stands for bytes that
  /// mean nothing.
  ///
  /// Bytes above 7F in the default repertoire are read as UTF-8 where they are, else as Latin-1.
  package func decode(_ bytes: ArraySlice<UInt8>, vr: VR) -> String {
    if bytes.allSatisfy({ $0 < 0x80 && $0 != 0x1B }) {
      // Only where the lower half may be romaji does a byte mean something else than in ASCII.
      guard sets.contains(.romaji) else { return String(decoding: bytes, as: UTF8.self) }
    }
    let sets = sets
    if sets.contains(.utf8) { return String(decoding: bytes, as: UTF8.self) }
    if sets.contains(.gb18030) { return GB18030.decode(bytes) }
    let reader = SwitchedText(sets: sets, first: firstSets)
    return reader.decode(bytes, delimiters: Self.delimiters(of: vr))
  }

  /// The bytes of a text, as data sets of this encoding write it; `nil` where no set of it has one
  /// of the characters.
  package func encode(_ text: String, vr: VR) -> [UInt8]? {
    if text.utf8.allSatisfy({ $0 < 0x80 }), !sets.contains(.romaji) { return Array(text.utf8) }
    let sets = sets
    if sets.contains(.utf8) { return Array(text.utf8) }
    if sets.contains(.gb18030) {
      var bytes: [UInt8] = []
      for scalar in text.unicodeScalars {
        guard let more = GB18030.bytes(of: scalar) else { return nil }
        bytes += more
      }
      return bytes
    }
    let writer = SwitchedText(sets: sets, first: firstSets)
    return writer.encode(text, delimiters: Self.delimiters(of: vr), maySwitch: terms.count > 1)
  }

  /// The sets that the terms name, in order; those of the first one are there from the start.
  private var sets: [CharacterSet] { terms.flatMap { CharacterSet.sets(ofTerm: $0) ?? [] } }

  private var firstSets: [CharacterSet] {
    terms.first.flatMap { CharacterSet.sets(ofTerm: $0) } ?? []
  }

  /// What ends a switch of sets.
  ///
  /// PS3.5 6.1.2.5.3.
  private static func delimiters(of vr: VR) -> [UInt8] {
    let lines: [UInt8] = [0x09, 0x0A, 0x0C, 0x0D]
    if vr == .PN { return lines + [0x5C, 0x5E, 0x3D] }
    return vr.isMultiValuedText ? lines + [0x5C] : lines
  }
}

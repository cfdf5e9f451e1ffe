/// The name of an application entity: 1 to 16 characters.
///
/// PS3.5 Table 6.2-1, PS3.8 Table 9-11.
package struct AETitle: Hashable, Sendable {
  /// The name without the spaces around it, which mean nothing.
  package let text: String

  /// A title that may be used as our own or typed for a peer; `nil` where the standard forbids it.
  package init?(_ text: String) {
    let field = DIMSE.text(DIMSE.bytes(of: text)[...])
    let legal = field.unicodeScalars.allSatisfy {
      $0.value >= 0x20 && $0.value < 0x7F && $0 != "\\"
    }
    guard legal, text.unicodeScalars.allSatisfy({ $0.isASCII }), (1...16).contains(field.count)
    else { return nil }
    self.text = field
  }

  /// The title that a peer wrote into its 16 bytes, legal or not.
  init(field: ArraySlice<UInt8>) { text = DIMSE.text(field) }

  /// Whether the standard allows this title: a peer may have sent anything.
  package var isLegal: Bool { AETitle(text) != nil }

  /// The 16 bytes of the title in a PDU, padded with spaces.
  var field: [UInt8] {
    let name = DIMSE.bytes(of: text).prefix(16)
    return name + [UInt8](repeating: 0x20, count: 16 - name.count)
  }
}

extension AETitle: CustomStringConvertible {
  package var description: String { text }
}

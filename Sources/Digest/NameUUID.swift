/// A UUID that follows from a name: the same name gives the same UUID.
///
/// RFC 9562 section 5.5, version 5.
package struct NameUUID: Hashable, Sendable {
  /// 16 bytes.
  package let bytes: [UInt8]

  /// The name space of names that are URLs, RFC 9562 section 6.6.
  package static let urls = NameUUID(bytes: [
    0x6B, 0xA7, 0xB8, 0x11, 0x9D, 0xAD, 0x11, 0xD1, 0x80, 0xB4, 0x00, 0xC0, 0x4F, 0xD4, 0x30, 0xC8,
  ])

  private init(bytes: [UInt8]) { self.bytes = bytes }

  package init(_ name: String, in space: NameUUID) {
    var digest = Array(SHA1.digest(space.bytes + Array(name.utf8)).prefix(16))
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    bytes = digest
  }

  /// In the usual groups, lower case.
  package var text: String {
    let digits = Array(Hex.text(bytes).utf8)
    return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
      .map { String(decoding: digits[$0], as: UTF8.self) }.joined(separator: "-")
  }

  /// As a DICOM UID below 2.25, PS3.5 B.2.
  package var uid: String { "2.25." + DerivedUID.decimal(bytes) }
}

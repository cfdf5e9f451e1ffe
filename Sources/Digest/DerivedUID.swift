/// UIDs that follow from what they name: the same input gives the same UID.
///
/// PS3.5 B.2.
package enum DerivedUID {
  /// A UID below 2.25 whose number is the first 128 bits of the SHA-256 of some parts.
  ///
  /// Each part counts with its length, so that no two lists of parts read the same.
  package static func make(from parts: [String]) -> String {
    var hash = SHA256()
    for part in parts {
      let bytes = Array(part.utf8)
      hash.update(Array("\(bytes.count):".utf8))
      hash.update(bytes)
    }
    var digest = Array(hash.finish().prefix(16))
    // Version 8 and variant bits: a UUID of a form of its own (RFC 9562), as 2.25 wants a UUID.
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return "2.25." + decimal(digest)
  }

  /// A big-endian number in decimal digits.
  static func decimal(_ bytes: [UInt8]) -> String {
    var number = bytes
    var digits: [UInt8] = []
    while number.contains(where: { $0 != 0 }) {
      var rest = 0
      for index in number.indices {
        let value = rest << 8 | Int(number[index])
        number[index] = UInt8(value / 10)
        rest = value % 10
      }
      digits.append(UInt8(0x30 + rest))
    }
    return digits.isEmpty ? "0" : String(decoding: digits.reversed(), as: UTF8.self)
  }
}

/// The data dictionary and the registry of UIDs, as PS3.6 gives them.
///
/// Both tables are searched where the compiler put them: nothing is built at start.
package enum Dictionary {
  /// The VR that the standard gives an attribute; `nil` for private and unknown tags.
  ///
  /// Where it depends on other attributes (`US or SS`, `OB or OW`), the wider reading without a
  /// sign is given; ``DataSetDecoder`` decides what the file has to say about it.
  package static func vr(of tag: Tag) -> VR? {
    if tag.isPrivate {
      // PS3.5 7.8.1: (gggg,0010-00FF) names the creator of a private block.
      return (0x10...0xFF).contains(tag.element) ? .LO : nil
    }
    if tag.isGroupLength { return .UL }
    guard let record = record(of: tag) else { return nil }
    switch (record[8], record[9]) {
    case (UInt8(ascii: "x"), UInt8(ascii: "s")): return .US
    case (UInt8(ascii: "x"), _), (UInt8(ascii: "o"), UInt8(ascii: "x")): return .OW
    case (let first, let second): return VR(rawValue: UInt16(first) << 8 | UInt16(second))
    }
  }

  /// Whether the sign of a number of this attribute is Pixel Representation's to say.
  package static func isSignedByPixelRepresentation(_ tag: Tag) -> Bool {
    guard !tag.isPrivate, let record = record(of: tag) else { return false }
    return record[8] == UInt8(ascii: "x") && record[9] == UInt8(ascii: "s")
  }

  /// The attribute's name, as people read it: `Dose Grid Scaling`.
  package static func name(of tag: Tag) -> String? {
    texts(of: tag).map { String($0.name) }
  }

  /// The attribute's keyword, as DICOM JSON and toolkits write it: `DoseGridScaling`.
  package static func keyword(of tag: Tag) -> String? {
    texts(of: tag).map { String($0.keyword) }
  }

  /// The registered name of a UID: `RT Dose Storage`.
  package static func name(ofUID uid: String) -> String? {
    guard !uid.isEmpty, uid.hasPrefix("1.2.840.10008.") else { return nil }
    let table = uidTable
    let wanted = Array(uid.utf8)
    var line = table.utf8Start
    let end = line + table.utf8CodeUnitCount
    while line < end {
      var stop = line
      while stop < end, stop.pointee != UInt8(ascii: "\n") { stop += 1 }
      let bytes = UnsafeBufferPointer(start: line, count: stop - line)
      if bytes.count > wanted.count, bytes[wanted.count] == UInt8(ascii: "\t"),
        bytes.starts(with: wanted)
      {
        let rest = String(decoding: bytes[(wanted.count + 1)...], as: UTF8.self)
        return rest.split(separator: "\t").first.map(String.init)
      }
      line = stop + 1
    }
    return nil
  }

  /// The registered SOP classes whose UIDs begin with a root, in the order of the table.
  package static func sopClasses(under root: String) -> [String] {
    let text = uidTable.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
    return text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: "\t")
      guard fields.count == 3, fields[2] == "SOP Class", fields[0].hasPrefix(root) else {
        return nil
      }
      return String(fields[0])
    }
  }

  /// One line of ``dictionaryRecords``: 8 hex digits, VR, 6 digits, line end.
  private static let recordSize = 17

  private static func record(of tag: Tag) -> UnsafePointer<UInt8>? {
    // Repeating groups 50xx and 60xx stand in the table once. PS3.5 7.6.
    var wanted = tag.rawValue
    let high = wanted >> 24
    if high == 0x50 || high == 0x60 { wanted &= 0xFF00_FFFF }
    let table = dictionaryRecords
    var low = 0
    var count = (table.utf8CodeUnitCount + 1) / recordSize
    while count > 0 {
      let middle = low + count / 2
      let record = table.utf8Start + middle * recordSize
      let found = hex(record)
      if found == wanted { return record }
      if found < wanted {
        low = middle + 1
        count -= count / 2 + 1
      } else {
        count /= 2
      }
    }
    return nil
  }

  private static func hex(_ digits: UnsafePointer<UInt8>) -> UInt32 {
    var value: UInt32 = 0
    for index in 0..<8 {
      let digit = digits[index]
      value = value << 4 | UInt32(digit < 0x40 ? digit - 0x30 : digit - 0x37)
    }
    return value
  }

  private static func texts(of tag: Tag) -> (keyword: Substring, name: Substring)? {
    guard !tag.isPrivate, let record = record(of: tag) else { return nil }
    var offset = 0
    for index in 10..<16 { offset = offset * 10 + Int(record[index] - 0x30) }
    let table = dictionaryNames
    let start = table.utf8Start + offset
    let end = table.utf8Start + table.utf8CodeUnitCount
    var stop = start
    while stop < end, stop.pointee != UInt8(ascii: "\n") { stop += 1 }
    let line = String(
      decoding: UnsafeBufferPointer(start: start, count: stop - start), as: UTF8.self)
    let parts = line.split(separator: "\t")
    guard parts.count == 2 else { return nil }
    return (parts[0], parts[1])
  }
}

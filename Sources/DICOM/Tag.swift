/// The tag of an attribute: group and element number.
///
/// PS3.5 7.1.
package struct Tag: Hashable, Comparable, Sendable {
  /// Group in the upper, element in the lower 16 bits.
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package init(_ group: UInt16, _ element: UInt16) {
    rawValue = UInt32(group) << 16 | UInt32(element)
  }

  package var group: UInt16 { UInt16(truncatingIfNeeded: rawValue >> 16) }
  package var element: UInt16 { UInt16(truncatingIfNeeded: rawValue) }

  /// Whether a manufacturer, not the standard, gives the meaning.
  ///
  /// PS3.5 7.8.
  package var isPrivate: Bool { group & 1 == 1 }

  /// Whether this is (gggg,0000), which is ignored outside groups 0000 and 0002.
  package var isGroupLength: Bool { element == 0 }

  package static func < (a: Tag, b: Tag) -> Bool { a.rawValue < b.rawValue }

  /// Items and their ends, which have no VR in any transfer syntax.
  ///
  /// PS3.5 7.5.
  package static var item: Tag { Tag(0xFFFE, 0xE000) }
  package static var itemDelimitation: Tag { Tag(0xFFFE, 0xE00D) }
  package static var sequenceDelimitation: Tag { Tag(0xFFFE, 0xE0DD) }
}

extension Tag: CustomStringConvertible {
  /// Name and number, as an error shows them: `Dose Grid Scaling (3004,000E)`.
  package var description: String {
    guard let name = Dictionary.name(of: self) else { return "(\(number))" }
    return "\(name) (\(number))"
  }

  /// The number alone: `3004,000E`.
  package var number: String {
    func hex(_ value: UInt16) -> String {
      let digits = String(value, radix: 16, uppercase: true)
      return String(repeating: "0", count: 4 - digits.count) + digits
    }
    return "\(hex(group)),\(hex(element))"
  }
}

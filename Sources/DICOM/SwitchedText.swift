/// Text in which escape sequences switch between sets of characters: ISO 2022 as DICOM uses it.
///
/// PS3.5 6.1.2.5. G0 are the bytes below 80, G1 those above; each holds one set at a time.
struct SwitchedText {
  private let sets: [CharacterSet]
  private let initialG0: CharacterSet
  private let initialG1: CharacterSet?
  /// G1 of the first term alone: what writing may do without an escape.
  private let firstG1: CharacterSet?

  /// - Parameters:
  ///   - sets: all sets that the terms name, in order.
  ///   - first: those of the first term.
  init(sets: [CharacterSet], first: [CharacterSet]) {
    self.sets = sets
    firstG1 = first.first { !$0.isLowerHalf && !$0.isDoubleByte }
    // The double-byte sets of the lower half are never there from the start.
    initialG0 = sets.first == .romaji ? .romaji : .ascii
    // A set that nobody switched to is meant all the same where it is the first one of its half.
    initialG1 = sets.first { !$0.isLowerHalf }
  }

  func decode(_ bytes: ArraySlice<UInt8>, delimiters: [UInt8]) -> String {
    guard initialG1 != nil || bytes.contains(0x1B) else {
      if let text = String(validating: bytes, as: UTF8.self), initialG0 == .ascii { return text }
      return String(String.UnicodeScalarView(bytes.map { character(ofUndeclared: $0) }))
    }
    var scalars = String.UnicodeScalarView()
    var g0 = initialG0
    var g1 = initialG1
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      if byte == 0x1B {
        guard let (set, count) = CharacterSet.switched(to: bytes[(index + 1)...]) else {
          index = Self.end(ofEscape: bytes[(index + 1)...])
          continue
        }
        if set.isLowerHalf { g0 = set } else { g1 = set }
        index += 1 + count
        continue
      }
      let isSingle = byte < 0x21 || (byte < 0x80 && !g0.isDoubleByte)
      if isSingle, delimiters.contains(byte) {
        scalars.append(Unicode.Scalar(byte))
        g0 = initialG0
        g1 = initialG1
        index += 1
        continue
      }
      let set = byte < 0x80 ? (isSingle && g0.isDoubleByte ? .ascii : g0) : g1
      if let set, set.isDoubleByte, index + 1 < bytes.endIndex {
        scalars.append(set.character(byte, bytes[index + 1]) ?? "\u{FFFD}")
        index += 2
        continue
      }
      scalars.append(set?.character(byte) ?? (byte < 0x80 ? Unicode.Scalar(byte) : "\u{FFFD}"))
      index += 1
    }
    return String(scalars)
  }

  /// Bytes above 7F where nothing announces them.
  private func character(ofUndeclared byte: UInt8) -> Unicode.Scalar {
    initialG0.character(byte) ?? Unicode.Scalar(byte)
  }

  /// Where an unknown sequence ends: behind its first byte that is none between 20 and 2F.
  private static func end(ofEscape bytes: ArraySlice<UInt8>) -> Int {
    var index = bytes.startIndex
    while index < bytes.endIndex, (0x20...0x2F).contains(bytes[index]) { index += 1 }
    return min(index + 1, bytes.endIndex)
  }

  func encode(_ text: String, delimiters: [UInt8], maySwitch: Bool) -> [UInt8]? {
    var bytes: [UInt8] = []
    var g0 = initialG0
    var g1 = firstG1
    func returnToStart() {
      if g0 != initialG0 { bytes += [0x1B] + initialG0.escape }
      g0 = initialG0
    }
    for scalar in text.unicodeScalars {
      if let byte = UInt8(exactly: scalar.value), byte < 0x80, delimiters.contains(byte) {
        returnToStart()
        g1 = firstG1
        bytes.append(byte)
        continue
      }
      if let own = g0.bytes(of: scalar) {
        bytes += own
      } else if let own = g1?.bytes(of: scalar) {
        bytes += own
      } else {
        let others = maySwitch ? [.ascii] + sets : []
        guard let set = others.first(where: { $0.bytes(of: scalar) != nil }),
          let own = set.bytes(of: scalar)
        else { return nil }
        bytes += [0x1B] + set.escape + own
        if set.isLowerHalf { g0 = set } else { g1 = set }
      }
    }
    returnToStart()
    return bytes
  }
}

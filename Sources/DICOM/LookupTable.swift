/// A lookup table of PS3.3 C.11.1.1 or C.11.2.1.1: values for a run of inputs, its ends beyond.
struct LookupTable: Sendable {
  /// The input that the first entry is for.
  let first: Int
  let entries: [UInt16]
  let bitsPerEntry: Int

  /// - Parameter isInputSigned: whether the first input of a descriptor in two bytes has a sign:
  ///   the descriptor's own VR does not know.
  init(of item: DataSet, isInputSigned: Bool) throws(AttributeError) {
    let descriptor = try item.integers(.lutDescriptor)
    guard descriptor.count == 3 else {
      throw descriptor.isEmpty
        ? .missing(.lutDescriptor)
        : .count(.lutDescriptor, expected: 3, found: descriptor.count)
    }
    for value in descriptor where !(-32768...65535).contains(value) {
      throw .unreadable(.lutDescriptor, value: "\(value)")
    }
    // 0 stands for 65536, which two bytes cannot hold.
    let count = descriptor[0] & 0xFFFF == 0 ? 65536 : descriptor[0] & 0xFFFF
    let first =
      isInputSigned
      ? Int(Int16(truncatingIfNeeded: descriptor[1])) : descriptor[1] & 0xFFFF
    bitsPerEntry = descriptor[2] & 0xFFFF
    guard (1...16).contains(bitsPerEntry) else {
      throw .unreadable(.lutDescriptor, value: "\(bitsPerEntry) bits an entry")
    }
    guard let bytes = item[.lutData]?.bytes else { throw .missing(.lutData) }
    // Entries of 8 bits occur one to a byte and one to a word.
    if bytes.count >= 2 * count {
      entries = (0..<count).map { index in
        let at = bytes.startIndex + 2 * index
        return UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8
      }
    } else if bytes.count >= count, bitsPerEntry <= 8 {
      entries = bytes.prefix(count).map { UInt16($0) }
    } else {
      throw .count(.lutData, expected: count, found: bytes.count / 2)
    }
    self.first = first
  }

  func value(of input: Double) -> UInt16 {
    let index = input.rounded(.down) - Double(first)
    if index <= 0 { return entries[0] }
    if index >= Double(entries.count - 1) { return entries[entries.count - 1] }
    return entries[Int(index)]
  }

  var maximum: Double { Double((1 << bitsPerEntry) - 1) }
}

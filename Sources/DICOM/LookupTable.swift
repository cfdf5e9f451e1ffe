/// A lookup table of PS3.3 C.11.1.1 or C.11.2.1.1: values for a run of inputs, its ends beyond.
struct LookupTable: Sendable {
  /// The input that the first entry is for.
  let first: Int
  let entries: [UInt16]
  let bitsPerEntry: Int

  /// - Parameter isInputSigned: how the first input of an explicit-VR descriptor in two bytes is
  ///   to be read.
  init(of item: DataSet, isInputSigned: Bool) throws(AttributeError) {
    let descriptor = try item.requiredNumbers(.lutDescriptor, count: 3)
    // Two bytes without a sign of their own: the sign is the input's.
    func unsigned(_ value: Double) -> Int { value < 0 ? Int(value) + 65536 : Int(value) }
    let count = unsigned(descriptor[0]) == 0 ? 65536 : unsigned(descriptor[0])
    var first = Int(descriptor[1])
    if isInputSigned, first > 32767 { first -= 65536 }
    if !isInputSigned, first < 0 { first += 65536 }
    bitsPerEntry = unsigned(descriptor[2])
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

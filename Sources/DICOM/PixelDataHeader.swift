/// What stands around pixel data that are written frame by frame.
///
/// PS3.5 7.1 and A.4. Whoever writes so sees to it that Pixel Data is the last element.
package enum PixelDataHeader {
  /// The element's head before native frames.
  ///
  /// - Parameter byteCount: of all frames with their padding, even.
  package static func native(byteCount: UInt32, isImplicitVR: Bool = false) -> [UInt8] {
    tag + (isImplicitVR ? [] : vr) + bytes(byteCount)
  }

  /// The element's head before fragments, and the item of a Basic Offset Table that is still empty.
  ///
  /// The table's ``offsetTable(_:)`` is written over its last bytes when it is known.
  package static func encapsulated(frames: Int) -> [UInt8] {
    tag + vr + bytes(.max) + item(byteCount: UInt32(frames * 4))
      + [UInt8](repeating: 0, count: frames * 4)
  }

  /// - Parameter offsets: of each frame's item from the first one's.
  package static func offsetTable(_ offsets: [UInt32]) -> [UInt8] {
    offsets.flatMap(bytes)
  }

  package static func item(byteCount: UInt32) -> [UInt8] {
    [0xFE, 0xFF, 0x00, 0xE0] + bytes(byteCount)
  }

  /// What ends the fragments.
  package static let end: [UInt8] = [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]

  private static let tag: [UInt8] = [0xE0, 0x7F, 0x10, 0x00]
  private static let vr: [UInt8] = [UInt8(ascii: "O"), UInt8(ascii: "B"), 0, 0]

  private static func bytes(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}

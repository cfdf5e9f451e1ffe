/// Names of files and folders from what a peer sends: they can never leave their folder.
package enum SafeName {
  /// The name for a UID: itself where it is one, else a digest.
  package static func forUID(_ uid: String) -> String {
    let isPlain =
      (1...64).contains(uid.utf8.count)
      && uid.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
      && uid.utf8.first != 0x2E
    return isPlain ? uid : "uid-" + digest(uid)
  }

  /// The name for a patient: as much of the ID as is harmless, and a digest that tells IDs apart
  /// which look alike after that, or on file systems that do not know upper from lower case.
  package static func forPatient(_ id: String) -> String {
    guard !id.isEmpty else { return "patient" }
    let harmless = id.utf8.prefix(32).map { byte -> UInt8 in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"):
        byte
      default: UInt8(ascii: "_")
      }
    }
    return "patient-" + String(decoding: harmless, as: UTF8.self) + "-" + digest(id)
  }

  /// FNV-1a, 64 bits: tells names apart, protects nothing.
  private static func digest(_ text: String) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

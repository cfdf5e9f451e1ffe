import Testing

import Archive

@Suite("Names of files") struct SafeNameTests {
  @Test(
    "whatever a peer calls things, their names stay in their folder",
    arguments: ["../../etc/passwd", "..", ".", "/", "a/b", "", "a\0b", "ä", "CON", "\u{202E}x"])
  func safe(text: String) {
    for name in [SafeName.forPatient(text), SafeName.forUID(text)] {
      #expect(!name.isEmpty)
      #expect(!name.hasPrefix("."))
      #expect(name.utf8.allSatisfy { $0 != 0x2F && $0 > 0x20 && $0 < 0x7F })
    }
  }

  @Test("different patients get different folders, even where case does not count")
  func different() {
    let names = ["a/b", "a_b", "A_B", "a?b"].map(SafeName.forPatient)
    #expect(Set(names.map { $0.lowercased() }).count == names.count)
  }

  @Test("a UID is its own name")
  func uid() { #expect(SafeName.forUID("1.2.840.10008") == "1.2.840.10008") }
}

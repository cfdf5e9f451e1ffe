import Digest
import Testing

@Suite("UUIDs of names") struct NameUUIDTests {
  /// FIPS 180-4's examples, and lengths around the block size by Python's hashlib.
  @Test(
    "SHA-1",
    arguments: [
      ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
      ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
      ),
      (String(repeating: "a", count: 55), "c1c8bbdc22796e28c0e15163d20899b65621d65a"),
      (String(repeating: "a", count: 64), "0098ba824b5c16427bd7a1122a5a442a25ec644d"),
    ])
  func digests(text: String, hex: String) {
    #expect(Hex.text(SHA1.digest(Array(text.utf8))) == hex)
  }

  /// RFC 9562 A.4: www.example.com in the name space of DNS is version 5; here by Python's uuid.
  @Test("version 5 in the name space of URLs") func version5() {
    let name = NameUUID("urn:push2pacs:codex-rt", in: .urls)
    #expect(name.text == "963d56be-4c7d-565b-8904-80fd5bda74d1")
  }
}

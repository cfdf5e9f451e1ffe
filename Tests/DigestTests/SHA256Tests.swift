import Digest
import Testing

@Suite("SHA-256") struct SHA256Tests {
  /// FIPS 180-4 examples, and lengths around the block size as Python's hashlib gives them.
  @Test(
    "digests",
    arguments: [
      ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      ("a", 55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
      ("a", 64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
      ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
  func digests(text: String, count: Int, expected: String) {
    #expect(SHA256.hex(Array(String(repeating: text, count: count).utf8)) == expected)
  }

  @Test("pieces give the digest of the whole", arguments: [1, 7, 63, 64, 65, 200])
  func pieces(size: Int) {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var hash = SHA256()
    var start = 0
    while start < bytes.count {
      hash.update(bytes[start..<min(start + size, bytes.count)])
      start += size
    }
    #expect(hash.finish() == SHA256.digest(bytes))
  }

  @Test("messages taken in beside each other have the digests that they have alone")
  func several() {
    let lengths = [0, 1, 55, 56, 63, 64, 65, 119, 128, 1000, 5000, 4999, 64_000]
    for count in 0...lengths.count {
      let messages = (0..<count).map { number in
        (0..<lengths[(number * 5 + count) % lengths.count]).map {
          UInt8(truncatingIfNeeded: $0 &* 31 &+ number)
        }
      }
      #expect(SHA256.digests(of: messages) == messages.map { SHA256.digest($0) })
    }
    // FIPS 180-4, in each lane.
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    let million = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    let long = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    #expect(
      SHA256.digests(of: [long, Array("abc".utf8), long, long, long]).map(Hex.text)
        == [million, abc, million, million, million])
  }

  /// RFC 4231 test cases 1, 2 and 6.
  @Test("keyed digests")
  func keyed() {
    #expect(
      Hex.text(
        HMACSHA256.code(Array("Hi There".utf8), key: [UInt8](repeating: 0x0B, count: 20)))
        == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
    #expect(
      Hex.text(HMACSHA256.code(Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8)))
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    #expect(
      Hex.text(
        HMACSHA256.code(
          Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
          key: [UInt8](repeating: 0xAA, count: 131)))
        == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
  }

  @Test("a derived UID is legal and depends on every part")
  func derived() {
    let uid = DerivedUID.make(from: ["1.2.3", "map"])
    #expect(uid.hasPrefix("2.25.") && uid.utf8.count <= 44)
    #expect(uid == DerivedUID.make(from: ["1.2.3", "map"]))
    #expect(uid != DerivedUID.make(from: ["1.2.3m", "ap"]))
  }

  @Test("hex and back")
  func hex() {
    #expect(Hex.bytes("00ff7A") == [0, 255, 0x7A])
    #expect(Hex.bytes("0") == nil)
    #expect(Hex.bytes("zz") == nil)
  }
}

import DoseMap
import Testing

/// What can be written; the pictures of all letters are among the golden ones.
@Suite("Lettering") struct LetteringTests {
  @Test(
    "every printing character of Latin-1 and Latin Extended-A has a shape of its own",
    arguments: [0x20...0x7E, 0xA0...0xFF, 0x100...0x17F])
  func blocks(range: ClosedRange<UInt32>) throws {
    for value in range where value != 0xAD {
      let character = Character(try #require(UnicodeScalar(value)))
      #expect(
        Lettering.missing(in: String(character)).isEmpty,
        "U+\(String(value, radix: 16)) \(character)")
    }
  }

  @Test("an accent may follow its letter as a character of its own")
  func decomposed() {
    #expect(Lettering.missing(in: "Go\u{308}rlitz, S\u{327}").isEmpty)
  }

  @Test("what the font lacks is named, each character once")
  func lacking() {
    #expect(Lettering.missing(in: "PTV 腫瘍腫 A") == ["腫", "瘍"])
    #expect(Lettering.missing(in: "Опухоль").count == 7)
  }
}

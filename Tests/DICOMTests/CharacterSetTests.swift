import DICOM
import Digest
import Testing

/// Texts of the standard's annexes and whole tables of Python's codecs.
@Suite("Character sets") struct CharacterSetTests {
  struct Text: Decodable, CustomTestStringConvertible {
    let terms: [String]
    let vr: String
    let hex: String
    let text: String
    var testDescription: String { "\(terms) \(text)" }

    func bytes() throws -> [UInt8] { try #require(Hex.bytes(hex)) }

    func valueRepresentation() throws -> VR {
      try #require(VR.allCases.first { "\($0)" == vr })
    }
  }

  struct Table: Decodable, CustomTestStringConvertible {
    let terms: [String]
    let prefix: String
    let characters: Int
    let sha256: String
    let bytes: String
    let width: Int
    var testDescription: String { "\(terms) \(prefix), \(characters) characters" }
  }

  struct Reference: Decodable {
    let texts: [Text]
    let tolerated: [Text]
    let tables: [Table]
  }

  static let reference: Reference? = try? Fixture.json("character-sets.json")
  static let texts = reference?.texts ?? []
  static let tolerated = reference?.tolerated ?? []
  static let tables = reference?.tables ?? []

  @Test("the examples of the standard are read", arguments: texts)
  func reads(text: Text) throws {
    let encoding = TextEncoding(terms: text.terms)
    let vr = try text.valueRepresentation()
    #expect(encoding.decode(try text.bytes()[...], vr: vr) == text.text)
    #expect(encoding.unknownTerms.isEmpty)
  }

  @Test("what is written is read back", arguments: texts)
  func writes(text: Text) throws {
    let encoding = TextEncoding(terms: text.terms)
    let vr = try text.valueRepresentation()
    let bytes = try #require(encoding.encode(text.text, vr: vr))
    #expect(encoding.decode(bytes[...], vr: vr) == text.text)
    if text.vr == "PN" { #expect(bytes == (try text.bytes())) }
  }

  @Test("spellings and slips that occur are read as what they mean", arguments: tolerated)
  func tolerates(text: Text) throws {
    let encoding = TextEncoding(terms: text.terms)
    #expect(encoding.decode(try text.bytes()[...], vr: .LO) == text.text)
  }

  @Test("each character of each set", arguments: tables)
  func wholeTable(table: Table) throws {
    let encoding = TextEncoding(terms: table.terms)
    let prefix = try #require(Hex.bytes(table.prefix))
    var text = ""
    var bytes: [UInt8] = []
    var count = 0
    // Each code by itself: a code that means nothing must be seen as such.
    func visit(_ code: [UInt8]) {
      let decoded = encoding.decode((prefix + code)[...], vr: .LO)
      guard decoded.unicodeScalars.count == 1, decoded != "\u{FFFD}" else { return }
      text += decoded
      bytes += code
      count += 1
    }
    let low: ClosedRange<UInt8> =
      prefix.first == 0x1B && prefix.dropFirst(2).first != 0x29
      ? 0x21...0x7E : 0xA1...0xFE
    switch (table.width, table.terms) {
    case (1, _): for byte: UInt8 in 0xA0...0xFF { visit([byte]) }
    case (4, _):
      for a: UInt8 in 0x81...0x84 {
        for b: UInt8 in 0x30...0x39 {
          for c: UInt8 in 0x81...0xFE {
            for d: UInt8 in 0x30...0x39 { visit([a, b, c, d]) }
          }
        }
      }
    case (_, ["GB18030"]):
      for a: UInt8 in 0x81...0xFE {
        for b: UInt8 in 0x40...0xFE where b != 0x7F { visit([a, b]) }
      }
    default:
      // GB 2312 ends with row F7.
      for a in low where prefix != [0x1B, 0x24, 0x29, 0x41] || a <= 0xF7 {
        for b in low { visit([a, b]) }
      }
    }
    #expect(count == table.characters)
    #expect(Hex.text(SHA256.digest(text.utf8)) == table.sha256)
    #expect(Hex.text(SHA256.digest(bytes)) == table.bytes)
  }

  @Test("what a data set's encoding lacks is not written as something else")
  func refuses() throws {
    var dataSet = DataSet()
    #expect(throws: EncodingError.text(.patientName, vr: .PN, "Äpfel")) {
      try dataSet.set(.patientName, "Äpfel")
    }
    try dataSet.set(.specificCharacterSet, "ISO_IR 100")
    try dataSet.set(.patientName, "Äpfel")
    #expect(dataSet[.patientName]?.bytes == [0xC4, 0x70, 0x66, 0x65, 0x6C])
    #expect(dataSet.string(.patientName) == "Äpfel")
    #expect(throws: EncodingError.text(.patientName, vr: .PN, "山田")) {
      try dataSet.set(.patientName, "山田")
    }
  }

  /// Without its references a parametrised test would pass by not running.
  @Test("the references are there")
  func references() { #expect(Self.texts.count >= 15 && Self.tables.count >= 15) }
}

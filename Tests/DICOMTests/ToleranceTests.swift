import DICOM
import Foundation
import Testing

/// Each row of the table in this module's documentation: what is forgiven, and what is not.
@Suite("Tolerance") struct ToleranceTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let bytes: [UInt8]
    var forgiven: [Forgiveness] = []
    var damage: DecodingError?
    /// A tag, and what its text must be.
    var value: (tag: DICOM.Tag, text: String)?

    init(
      _ name: String, _ bytes: [UInt8], forgiven: [Forgiveness] = [], damage: DecodingError? = nil,
      value: (tag: DICOM.Tag, text: String)? = nil
    ) {
      testDescription = name
      self.bytes = bytes
      self.forgiven = forgiven
      self.damage = damage
      self.value = value
    }
  }

  typealias B = Bytes

  static let implicit = "1.2.840.10008.1.2"
  static let inner = B.short(0x0008_0100, "SH", B.text("CODE"))
  static let innerImplicit = B.implicit(0x0008_0100, B.text("CODE"))
  static let sequence = 0x0008_2112
  static let sequenceTag = DICOM.Tag(0x0008, 0x2112)

  /// A sequence of undefined length whose item ends, and which does not.
  static func open(sequence: Int) -> [UInt8] {
    B.long(sequence, "SQ", B.item(inner), length: B.undefined)
  }

  static let structure: [Case] = [
    Case(
      "no preamble", Array(B.file(B.head).dropFirst(132)), forgiven: [.preambleMissing]),
    Case(
      "no meta information", B.head, forgiven: [.preambleMissing, .fileMetaMissing]),
    Case(
      "no meta information, no VRs", B.implicitHead,
      forgiven: [.preambleMissing, .fileMetaMissing]),
    Case(
      "no transfer syntax",
      Array(B.file([]).prefix(132)) + B.short(0x0002_0012, "UI", B.text("1.2.3\0")) + B.head,
      forgiven: [.transferSyntaxMissing]),
    Case(
      "meta information without VRs",
      Array(B.file([]).prefix(132)) + B.implicit(0x0002_0010, B.text(implicit + "\0"))
        + B.implicitHead,
      forgiven: [.fileMetaImplicit]),
    Case(
      "wrong length of the meta information",
      Array(B.file([]).prefix(132)) + B.short(0x0002_0000, "UL", B.u32(7777))
        + B.file([]).dropFirst(144) + B.head),
    Case(
      "declared implicit, written explicit", B.file(B.head, syntax: implicit),
      forgiven: [.transferSyntaxContradicted(declaredImplicit: true)]),
    Case(
      "declared explicit, written implicit", B.file(B.implicitHead),
      forgiven: [.transferSyntaxContradicted(declaredImplicit: false)]),
    Case(
      "an item without VRs in an explicit data set",
      B.file(
        B.head.prefix(10) + B.long(sequence, "SQ", B.item(innerImplicit)) + B.head.dropFirst(10)),
      forgiven: [.itemContradictsTransferSyntax], value: (sequenceTag, "CODE")),
    Case(
      "one element without a VR",
      B.file(B.head + B.implicit(0x0010_0030, B.text("20200423"))),
      forgiven: [.vrMissing(.patientBirthDate)], value: (.patientBirthDate, "20200423")),
    Case(
      "a VR of an edition to come", B.file(B.head + B.long(0x0010_4000, "ZZ", B.text("text"))),
      forgiven: [.vrUnknown(DICOM.Tag(0x0010, 0x4000))]),
    Case(
      "an odd length", B.file(B.head + B.short(0x0010_1040, "LO", B.text("abc"))),
      forgiven: [.valueLengthOdd(DICOM.Tag(0x0010, 0x1040))],
      value: (DICOM.Tag(0x0010, 0x1040), "abc")),
    Case(
      "UN where the standard has a VR",
      B.file(B.head + B.long(0x0010_1040, "UN", B.text("abcd"))),
      value: (DICOM.Tag(0x0010, 0x1040), "abcd")),
    Case(
      "UN of undefined length",
      B.file(
        B.short(0x0008_0060, "CS", B.text("CT"))
          + B.long(sequence, "UN", B.item(innerImplicit) + B.sequenceEnd, length: B.undefined)
          + B.short(0x0010_0020, "LO", B.text("42"))),
      forgiven: [.unknownLengthAsSequence(sequenceTag)], value: (sequenceTag, "CODE")),
    Case(
      "UN of undefined length with VRs inside",
      B.file(
        B.short(0x0008_0060, "CS", B.text("CT"))
          + B.long(sequence, "UN", B.item(inner) + B.sequenceEnd, length: B.undefined)
          + B.short(0x0010_0020, "LO", B.text("42"))),
      forgiven: [.unknownLengthAsSequence(sequenceTag), .itemContradictsTransferSyntax],
      value: (sequenceTag, "CODE")),
    Case(
      "OB of undefined length that holds items",
      B.file(
        B.head + B.long(0x0011_1001, "OB", B.item(inner) + B.sequenceEnd, length: B.undefined)),
      forgiven: [.unknownLengthAsSequence(DICOM.Tag(0x0011, 0x1001))],
      value: (DICOM.Tag(0x0011, 0x1001), "CODE")),
    Case(
      "the sequence's delimiter in place of the item's",
      B.file(
        B.head.prefix(10)
          + B.long(
            sequence, "SQ", B.tag(0xFFFE_E000) + B.u32(B.undefined) + inner + B.sequenceEnd,
            length: B.undefined) + B.head.dropFirst(10)),
      forgiven: [.delimiterUnexpected], value: (sequenceTag, "CODE")),
    Case(
      "a delimiter with a length",
      B.file(
        B.head.prefix(10)
          + B.long(
            sequence, "SQ", B.item(inner) + B.tag(0xFFFE_E0DD) + B.u32(8), length: B.undefined)
          + B.head.dropFirst(10)),
      forgiven: [.delimiterLength], value: (sequenceTag, "CODE")),
    Case(
      "a delimiter too many", B.file(B.head + B.itemEnd), forgiven: [.delimiterUnexpected]),
    Case(
      "no delimiters at the end, behind an image's pixels",
      B.file(
        B.head + B.long(0x7FE0_0010, "OW", [1, 0])
          + B.long(
            0xFFFA_FFFA, "SQ", B.tag(0xFFFE_E000) + B.u32(B.undefined) + inner,
            length: B.undefined)),
      forgiven: [
        .delimiterMissing(DICOM.Tag(0xFFFA, 0xFFFA))
      ], value: (DICOM.Tag(0xFFFA, 0xFFFA), "CODE")),
    Case(
      "no delimiter behind the last fragment of an image",
      B.file(B.head + B.long(0x7FE0_0010, "OB", B.item([]) + B.item([1, 2]), length: B.undefined)),
      forgiven: [.delimiterMissing(.pixelData)]),
    Case(
      "a bare big-endian data set",
      [0, 8, 0, 0x60, 0x43, 0x53, 0, 2, 0x43, 0x54]
        + [0, 0x10, 0, 0x20, 0x4C, 0x4F, 0, 2, 0x34, 0x32],
      forgiven: [.preambleMissing, .fileMetaMissing]),
    Case(
      "a bare data set that begins with a group length",
      B.implicit(0x0008_0000, B.u32(10)) + B.implicitHead,
      forgiven: [.preambleMissing, .fileMetaMissing]),
    Case(
      "zeros behind the end", B.file(B.head + [UInt8](repeating: 0, count: 20)),
      forgiven: [.trailingBytes(20)]),
    Case(
      "a line end behind the end", B.file(B.head + [0x0D, 0x0A, 0]), forgiven: [.trailingBytes(3)]),
    Case(
      "a few bytes behind pixel data",
      B.file(B.head + B.long(0x7FE0_0010, "OW", [1, 2]) + [1, 2, 3]),
      forgiven: [.trailingBytes(3)]),
    Case(
      "trailing padding of the standard's kind",
      B.file(B.head + B.long(0xFFFC_FFFC, "OB", [0, 0, 0, 0]))),
    Case(
      "descending tags",
      B.file(
        B.short(0x0010_0020, "LO", B.text("42")) + B.short(0x0008_0060, "CS", B.text("CT"))),
      forgiven: [.tagsOutOfOrder(.modality)]),
    Case(
      "an element twice, the same",
      B.file(B.head + B.short(0x0010_0020, "LO", B.text("42"))),
      forgiven: [.tagRepeated(.patientID)]),
    Case(
      "group lengths", B.file(B.short(0x0008_0000, "UL", B.u32(99)) + B.head)),
    Case(
      "private attributes without a creator",
      B.file(B.head + B.short(0x0011_1001, "LO", B.text("abcd"))),
      value: (DICOM.Tag(0x0011, 0x1001), "abcd")),
    Case(
      "a private sequence that cannot be parsed",
      B.file(B.head + B.long(0x0011_1001, "SQ", [0xFE, 0xFF, 0, 0xE0, 9, 9, 9, 9])),
      forgiven: [.sequenceKeptAsBytes(DICOM.Tag(0x0011, 0x1001))]),
    Case(
      "an unknown character set",
      B.file(B.short(0x0008_0005, "CS", B.text("NONSENSE")) + B.head),
      forgiven: [.characterSetUnknown("NONSENSE")]),
  ]

  @Test("forgiven and said so", arguments: structure)
  func isForgiven(row: Case) throws {
    let file = try DICOMFile.read(bytes: row.bytes)
    #expect(file.damage == nil)
    #expect(file.forgiven == row.forgiven)
    #expect(file.dataSet.string(.modality) == "CT")
    #expect(file.dataSet.string(.patientID) == "42")
    guard let (tag, text) = row.value else { return }
    let items = file.dataSet.items(tag)
    #expect(
      items.isEmpty
        ? file.dataSet.string(tag) == text
        : items.map { $0.string(DICOM.Tag(0x0008, 0x0100)) } == [text])
  }

  static let refused: [Case] = [
    Case(
      "a value longer than the file",
      B.file(B.head + B.short(0x0010_1040, "LO", B.text("abc"), length: 200)),
      damage: .truncated(tag: DICOM.Tag(0x0010, 0x1040), offset: 200, wanted: 200, left: 3)),
    Case(
      "an element longer than its item",
      B.file(
        B.head + B.long(0x0040_0275, "SQ", B.item(B.short(0x0008_0100, "SH", [], length: 8)))),
      damage: .truncated(tag: DICOM.Tag(0x0008, 0x0100), offset: 220, wanted: 8, left: 0)),
    Case(
      "the head of an element, cut off", B.file(B.head + [0x10, 0, 0x30, 0]),
      damage: .truncated(tag: .patientID, offset: 192, wanted: 8, left: 4)),
    Case(
      "one attribute with two values",
      B.file(B.head + B.short(0x0010_0020, "LO", B.text("43"))),
      damage: .contradiction(.patientID)),
    Case(
      "cut off within a nested sequence",
      B.file(
        B.head
          + B.long(
            0x0040_0275, "SQ",
            B.tag(0xFFFE_E000) + B.u32(B.undefined)
              + B.long(
                0x0040_0008, "SQ", B.tag(0xFFFE_E000) + B.u32(B.undefined) + inner,
                length: B.undefined), length: B.undefined)),
      damage: .truncated(tag: DICOM.Tag(0x0008, 0x0100), offset: 244, wanted: 8, left: 0)),
    Case(
      "a sequence that nothing closes, in an object without pixels",
      B.file(B.head + open(sequence: 0x0040_0275)),
      damage: .unclosed(DICOM.Tag(0x0040, 0x0275))),
    Case(
      "a public sequence that cannot be parsed",
      B.file(B.head + B.long(0x0040_0275, "SQ", B.text("no items"))),
      damage: .noItem(found: DICOM.Tag(0x6F6E, 0x6920), offset: 204)),
    Case(
      "an item outside any sequence", B.file(B.head + B.item(inner)),
      damage: .strayItem(offset: 192)),
    Case(
      "text of undefined length",
      B.file(B.head + B.long(0x0010_4000, "UT", B.text("some text"), length: B.undefined)),
      damage: .badLength(tag: DICOM.Tag(0x0010, 0x4000), vr: .UT, length: 0xFFFF_FFFF)),
  ]

  @Test("never forgiven", arguments: refused)
  func isRefused(row: Case) throws {
    let file = try DICOMFile.read(bytes: row.bytes)
    #expect(file.damage == row.damage)
    // What came before stands, to say whose file it is.
    #expect(file.dataSet.string(.patientID) == "42")
    #expect(throws: DecodingError.self) {
      try DataSetDecoder.decode(
        Array(row.bytes.dropFirst(B.file([]).count)), transferSyntax: .explicitVRLittleEndian)
    }
  }

  /// Objects that say what they mean in sequences, by SOP class.
  static let meaningful = [
    "1.2.840.10008.5.1.4.1.1.481.2", "1.2.840.10008.5.1.4.1.1.481.3",
    "1.2.840.10008.5.1.4.1.1.481.4", "1.2.840.10008.5.1.4.1.1.481.5",
    "1.2.840.10008.5.1.4.1.1.481.7", "1.2.840.10008.5.1.4.1.1.481.8",
    "1.2.840.10008.5.1.4.1.1.481.9", "1.2.840.10008.5.1.4.1.1.66.1",
    "1.2.840.10008.5.1.4.1.1.66.3",
  ]

  @Test("a beam list, a contour or a dose that nothing closes is damage", arguments: meaningful)
  func unclosed(sopClass: String) throws {
    let tail = Self.open(sequence: 0x300A_00B0)
    let pixels = B.long(0x7FE0_0010, "OW", [1, 0])
    let padded = sopClass.count % 2 == 0 ? sopClass : sopClass + "\0"
    let own = B.short(0x0008_0016, "UI", B.text(padded))
    let file = try DICOMFile.read(bytes: B.file(own + B.head + tail))
    #expect(file.damage == .unclosed(.beamSequence))
    // As damaged with a hundred other breaches before it.
    let odd = (1...120).flatMap { B.short(0x0011_1000 + $0, "LO", B.text("abc")) }
    let noisy = try DICOMFile.read(bytes: B.file(own + B.head + odd + tail))
    #expect(noisy.damage == .unclosed(.beamSequence))
    let behind = Self.open(sequence: 0xFFFA_FFFA)
    let dose = try DICOMFile.read(bytes: B.file(own + B.head + pixels + behind))
    #expect((dose.damage == nil) == !sopClass.hasSuffix("481.2"))
  }

  @Test("compressed dose whose fragments nothing closes is damage")
  func unclosedFragments() throws {
    let dose = B.short(0x0008_0016, "UI", B.text("1.2.840.10008.5.1.4.1.1.481.2\0"))
    let image = B.short(0x0028_0010, "US", [1, 0]) + B.short(0x0028_0011, "US", [2, 0])
    let bits = B.short(0x0028_0100, "US", [8, 0])
    let pixels = B.long(
      0x7FE0_0010, "OB", B.item([]) + B.item([1, 2]), length: B.undefined)
    let bytes = B.file(dose + B.head + image + bits + pixels, syntax: "1.2.840.10008.1.2.1.98")
    let whole = try DICOMFile.read(bytes: bytes)
    #expect(whole.damage == .unclosed(.pixelData))
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).dcm").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(filePath: path))
    let header = try DICOMFile.read(path: path)
    let description = try PixelDescription(of: header.dataSet)
    #expect(throws: FileError.damaged(path: path, .unclosed(.pixelData))) {
      try FrameReader(header, description: description)
    }
  }

  @Test(
    "what begins as DICOM and is none is broken, not another kind of file",
    arguments: [[UInt8](repeating: 0x5A, count: 300), B.text("plain text, many words of it"), []])
  func garbageBehindPrefix(garbage: [UInt8]) throws {
    let bytes = B.file([]).prefix(132) + garbage
    #expect(throws: FileError.damaged(path: "", .noDataSet(offset: 132))) {
      try DICOMFile.read(bytes: Array(bytes))
    }
  }

  @Test("text, zeros and pictures are no DICOM")
  func otherFiles() {
    for bytes in [
      Array("DIC and more".utf8), [UInt8](repeating: 0, count: 400), [0x89, 0x50, 0x4E, 0x47],
      [8, 0], [],
    ] {
      #expect(throws: FileError.notDICOM(path: "")) { try DICOMFile.read(bytes: bytes) }
    }
  }

  @Test(
    "numbers in dress that nobody misreads",
    arguments: [
      (" 1.5 ", 1.5), ("1.5\0", 1.5), ("+1.5", 1.5), (".5", 0.5), ("1.", 1.0), ("1E2", 100.0),
      ("1.50000000000000000000", 1.5), ("\t1.5\r\n", 1.5), ("-0.0", 0.0),
    ])
  func decimals(text: String, value: Double) throws {
    var dataSet = DataSet()
    dataSet.set(.sliceThickness, bytes: Array(text.utf8), vr: .DS)
    #expect(try dataSet.number(.sliceThickness) == value)
  }

  @Test(
    "numbers that somebody could misread are refused",
    arguments: ["1,5", "1.0E", "NaN", "inf", "0x10", "1.5 mm", "\"1.5\"", "1 5", "--1", "1_000"])
  func garbage(text: String) throws {
    var dataSet = DataSet()
    dataSet.set(.sliceThickness, bytes: Array(text.utf8), vr: .DS)
    #expect(throws: AttributeError.unreadable(.sliceThickness, value: text)) {
      try dataSet.number(.sliceThickness)
    }
    #expect(dataSet.irregularValues == [.valueIrregular(.sliceThickness)])
  }

  @Test("an empty value among others is no number")
  func emptyAmongOthers() throws {
    var dataSet = DataSet()
    dataSet.set(.imagePositionPatient, bytes: Array("1\\\\3".utf8), vr: .DS)
    #expect(throws: AttributeError.unreadable(.imagePositionPatient, value: "")) {
      try dataSet.numbers(.imagePositionPatient)
    }
  }

  @Test("a whole number may be written as a decimal, a broken one is none")
  func integers() throws {
    var dataSet = DataSet()
    dataSet.set(.instanceNumber, bytes: Array("12.0".utf8), vr: .IS)
    #expect(try dataSet.integer(.instanceNumber) == 12)
    dataSet.set(.instanceNumber, bytes: Array("12.5".utf8), vr: .IS)
    #expect(throws: AttributeError.self) { try dataSet.integer(.instanceNumber) }
  }

  @Test("of several values none is taken for the only one")
  func several() throws {
    var dataSet = DataSet()
    dataSet.set(.doseGridScaling, bytes: Array("1e-8\\2e-8".utf8), vr: .DS)
    #expect(throws: AttributeError.count(.doseGridScaling, expected: 1, found: 2)) {
      try dataSet.requiredNumber(.doseGridScaling)
    }
    dataSet.set(.instanceNumber, bytes: Array("1\\2".utf8), vr: .IS)
    #expect(throws: AttributeError.self) { try dataSet.integer(.instanceNumber) }
    dataSet.set(.doseUnits, bytes: Array("GY\\RELATIVE".utf8), vr: .CS)
    #expect(dataSet.whole(.doseUnits) == "GY\\RELATIVE")
    #expect(dataSet.string(.doseUnits) == "GY")
  }

  @Test(
    "a day is one day",
    arguments: [
      ("20200423", true), ("2020.04.23", true), ("20200423101112.5+0100", true),
      ("20200423-0500", true), ("20200423-20200424", false), ("-20200423", false),
      ("20200423\\20200424", false), ("20200431", false), ("2020042", false),
      ("20200423x", false), ("20200423+01", false),
    ])
  func days(text: String, isOne: Bool) throws {
    var dataSet = DataSet()
    dataSet.set(.treatmentDate, bytes: Array(text.utf8), vr: .DA)
    #expect(
      (try? dataSet.date(.treatmentDate))
        == (isOne ? CalendarDate(year: 2020, month: 4, day: 23) : nil))
  }

  @Test("two data sets say the same, however they are written")
  func same() throws {
    var one = DataSet()
    one.set(.patientID, bytes: Array("42".utf8), vr: .LO)
    var item = DataSet()
    item.set(.studyDate, bytes: Array("20200423".utf8), vr: .DA)
    one.set(.referencedRTPlanSequence, items: [item])
    var other = one
    other.set(Tag(0x0010, 0x0000), bytes: [10, 0, 0, 0], vr: .UL)
    other.set(Tag(0xFFFC, 0xFFFC), bytes: [0, 0], vr: .OB)
    #expect(one.saysTheSame(as: other) && other.saysTheSame(as: one))
    item.set(.studyDate, bytes: Array("20200424".utf8), vr: .DA)
    other.set(.referencedRTPlanSequence, items: [item])
    #expect(!one.saysTheSame(as: other))
    other = one
    other.remove(.patientID)
    #expect(!one.saysTheSame(as: other))
  }

  @Test("dates and padding of older and careless writers")
  func texts() throws {
    var dataSet = DataSet()
    dataSet.set(.studyDate, bytes: Array("2020.04.23".utf8), vr: .DA)
    #expect(try dataSet.date(.studyDate) == CalendarDate(dicom: "20200423"))
    dataSet.set(.sopInstanceUID, bytes: Array("1.2.3 \0".utf8), vr: .UI)
    #expect(dataSet.string(.sopInstanceUID) == "1.2.3")
    dataSet.set(.patientID, bytes: Array(" 42\0\0".utf8), vr: .LO)
    #expect(dataSet.string(.patientID) == "42")
    dataSet.set(.modality, bytes: Array("ct".utf8), vr: .CS)
    #expect(dataSet.string(.modality) == "ct")
    #expect(
      dataSet.irregularValues == [.valueIrregular(.studyDate), .valueIrregular(.modality)])
  }
}

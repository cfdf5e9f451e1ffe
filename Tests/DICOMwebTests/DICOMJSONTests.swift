import DICOM
import DICOMweb
import Foundation
import JSON
import TestSupport
import Testing

@Suite("DICOM JSON model") struct DICOMJSONTests {
  static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/dicomweb")

  private func read(_ text: String) throws -> [DataSet] {
    try DICOMJSON.dataSets(Array(text.utf8))
  }

  /// `Fixtures/dicomweb`: the same data set as a file and as pydicom writes it in the model.
  @Test("what pydicom writes is what the file says, for every VR")
  func pydicom() throws {
    let file = try DICOMFile.read(
      path: Self.folder.appendingPathComponent("many.dcm").path, extent: .everything)
    let bytes = try Data(contentsOf: Self.folder.appendingPathComponent("many.json"))
    let sets = try DICOMJSON.dataSets([UInt8](bytes))
    #expect(sets.count == 1)
    let model = try #require(sets.first)
    #expect(file.dataSet.elements.count > 35)
    try compare(file.dataSet, model)
  }

  private func compare(_ own: DataSet, _ model: DataSet) throws {
    #expect(own.elements.map(\.tag) == model.elements.map(\.tag))
    for element in own.elements {
      let tag = element.tag
      let other = try #require(model[tag])
      #expect(element.vr == other.vr, "\(tag)")
      switch (element.value, other.value) {
      case (.items(let a), .items(let b)):
        #expect(a.count == b.count, "\(tag)")
        for (x, y) in zip(a, b) { try compare(x, y) }
      case (.bytes(let a), .bytes(let b)):
        if element.vr == .DS || element.vr == .IS {
          #expect(try own.numbers(tag) == model.numbers(tag), "\(tag)")
        } else if element.vr.isText || element.vr == .UC {
          #expect(own.strings(tag) == model.strings(tag), "\(tag)")
        } else {
          #expect(a.elementsEqual(b), "\(tag)")
        }
      default: Issue.record("\(tag): another kind of value")
      }
    }
  }

  /// PS3.18 F.2.1, as the standard's own example has it in short.
  @Test("the standard's example")
  func example() throws {
    let sets = try read(
      """
      [{"00080060":{"vr":"CS","Value":["CT"]},"00100010":{"vr":"PN","Value":[{"Alphabetic":"DOE^JANE"}]},
        "00280010":{"vr":"US","Value":[512]}},
       {"00080060":{"vr":"CS"},"00081190":{"vr":"UR","Value":["http://a"]}}]
      """)
    #expect(sets.count == 2)
    #expect(sets[0].string(.patientName) == "DOE^JANE")
    #expect(try sets[0].integer(.rows) == 512)
    #expect(sets[1].contains(.modality) && sets[1].string(.modality) == nil)
  }

  @Test("what servers write otherwise is understood")
  func lenient() throws {
    let set = try #require(
      try read(
        """
        {"0020000D":{"vr":"UI","Value":"1.2.3"},"00200013":{"vr":"IS","Value":["7"]},
         "00280030":{"vr":"DS","Value":["0.50",1]},"00100010":{"vr":"PN","Value":["A^B"]},
         "00280010":{"Value":[3]},"00080008":{"vr":"CS","Value":["A",null,"B"]},
         "00020010":{"vr":"UI","Value":["1.2"]},"00080005":{"vr":"CS","Value":["ISO_IR 100"]},
         "00081030":{"vr":"LO","Value":["ä"]},"7FE00010":{"vr":"OW","BulkDataURI":"x"},
         "00720082":{"vr":"SV","Value":["9223372036854775807"]},
         "00720074":{"vr":"FD","Value":["NaN","-inf","1.5"]},"0040a730":{"vr":"SQ","Value":[null,{}]}}
        """
      ).first)
    #expect(set.string(.studyInstanceUID) == "1.2.3")
    #expect(try set.integer(.instanceNumber) == 7)
    #expect(set.strings(.pixelSpacing) == ["0.50", "1"])
    #expect(set.string(.patientName) == "A^B")
    #expect(try set.integer(.rows) == 3)
    #expect(set.strings(.imageType) == ["A", "", "B"])
    #expect(!set.contains(.transferSyntaxUID) && !set.contains(.pixelData))
    #expect(set.string(.studyDescription) == "ä")
    #expect(
      set[Tag(0x0072, 0x0082)]?.bytes.map(Array.init) == [255, 255, 255, 255, 255, 255, 255, 127])
    #expect(set[Tag(0x0072, 0x0074)]?.bytes?.count == 24)
    #expect(set.items(Tag(0x0040, 0xA730)).count == 2)
    #expect(try read("").isEmpty)
  }

  @Test(
    "what is no data set is an error that names its place",
    arguments: [
      ("7", ""), ("[7]", "[0]"), ("[{\"x\":{}}]", "[0].x"), ("[{\"0010001G\":{}}]", "[0].0010001G"),
      ("[{\"00100010\":7}]", "[0].00100010"), ("[{\"00100010\":{\"vr\":7}}]", "[0].00100010.vr"),
      ("[{\"00100010\":{\"vr\":\"ZZ\"}}]", "[0].00100010"), ("[{\"00091099\":{}}]", "[0].00091099"),
      ("[{\"00280010\":{\"vr\":\"US\",\"Value\":[65536]}}]", "[0].00280010"),
      ("[{\"00280010\":{\"vr\":\"US\",\"Value\":[1.5]}}]", "[0].00280010"),
      ("[{\"00280010\":{\"vr\":\"US\",\"Value\":[-1]}}]", "[0].00280010"),
      ("[{\"00280010\":{\"vr\":\"US\",\"Value\":[\"x\"]}}]", "[0].00280010"),
      ("[{\"00280010\":{\"vr\":\"OB\",\"Value\":[1]}}]", "[0].00280010"),
      ("[{\"00280010\":{\"vr\":\"OB\",\"InlineBinary\":\"*\"}}]", "[0].00280010"),
      ("[{\"00280009\":{\"vr\":\"AT\",\"Value\":[\"0018\"]}}]", "[0].00280009"),
      ("[{\"00100010\":{\"vr\":\"PN\",\"Value\":[{\"Alphabetic\":7}]}}]", "[0].00100010"),
      ("[{\"00100010\":{\"vr\":\"PN\",\"Value\":[[]]}}]", "[0].00100010"),
      ("[{\"00081140\":{\"vr\":\"SQ\",\"Value\":[7]}}]", "[0].00081140[0]"),
      ("[{\"00080060\":{\"vr\":\"CS\",\"Value\":[true]}}]", "[0].00080060"),
    ])
  func refuses(text: String, path: String) throws {
    let error = try #require(throws: DICOMJSONError.self) { try read(text) }
    #expect("\(error)".hasPrefix(path.isEmpty ? "JSON: " : path + ": "), "\(error)")
  }

  @Test("what is no JSON, and what is nested too deep, is an error")
  func syntax() {
    for text in ["[", "<html>", "[{\"00080060\":{\"vr\":\"CS\"},\"00080060\":{\"vr\":\"CS\"}}]"] {
      #expect(throws: DICOMJSONError.self) { try read(text) }
    }
    let deep = String(repeating: "{\"00081140\":{\"vr\":\"SQ\",\"Value\":[", count: 500)
    #expect(throws: DICOMJSONError.self) { try read(deep) }
  }

  @Test("bytes changed at random are read or refused, never a crash", arguments: 0..<30)
  func fuzz(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let whole = [UInt8](try Data(contentsOf: Self.folder.appendingPathComponent("many.json")))
    let pieces = Array("\"{}[]:,0vr-eValueInlineBinary\\u".utf8)
    for _ in 0..<30 {
      var bytes = whole
      for _ in 0...(generator.next() % 6) {
        bytes[Int(generator.next() % UInt64(bytes.count))] =
          pieces[Int(generator.next() % UInt64(pieces.count))]
      }
      _ = try? DICOMJSON.dataSets(bytes)
    }
  }
}

import DICOM
import DICOMweb
import Testing

@Suite("Store answer") struct StoreAnswerTests {
  private func answer(_ text: String) throws -> StoreAnswer {
    StoreAnswer(try DICOMJSON.dataSets(Array(text.utf8)))
  }

  private func item(_ uid: String, _ more: String = "") -> String {
    "{\"00081150\":{\"vr\":\"UI\",\"Value\":[\"1.2.840.10008.5.1.4.1.1.7\"]},\"00081155\":{\"vr\":\"UI\",\"Value\":[\"\(uid)\"]}\(more)}"
  }

  /// PS3.18 10.5.3.2; 290 is 0122H.
  @Test("each instance is stored, stored with a warning, or failed")
  func lists() throws {
    let answer = try answer(
      """
      {"00081190":{"vr":"UR","Value":["https://a/studies/1"]},
       "00081199":{"vr":"SQ","Value":[\(item("1.1")),\(item("1.2", ",\"00081196\":{\"vr\":\"US\",\"Value\":[45056]}")),\(item("1.4"))]},
       "00081198":{"vr":"SQ","Value":[\(item("1.3", ",\"00081197\":{\"vr\":\"US\",\"Value\":[290]}")),\(item("1.4"))]},
       "0008119A":{"vr":"SQ","Value":[{"00081197":{"vr":"US","Value":[272]}}]}}
      """)
    #expect(
      answer.results == [
        "1.1": .stored, "1.2": .warning(0xB000), "1.3": .failed(0x0122), "1.4": .failed(nil),
      ])
    #expect(answer.unnamedFailures == [0x0110])
  }

  @Test("empty lists acknowledge nothing")
  func empty() throws {
    for text in [
      "", "[]", "{}", "[{\"00081198\":{\"vr\":\"SQ\"},\"00081199\":{\"vr\":\"SQ\",\"Value\":[]}}]",
      "[{\"00081199\":{\"vr\":\"SQ\",\"Value\":[{}]}}]",
    ] {
      #expect(try answer(text).results.isEmpty)
    }
  }
}

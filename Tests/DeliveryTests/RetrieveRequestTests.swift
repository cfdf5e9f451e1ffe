import DICOM
import DIMSE
import Delivery
import Testing

@Suite("Retrieve request") struct RetrieveRequestTests {
  private func request(_ instances: Int, classes: Int = 1) -> RetrieveRequest {
    RetrieveRequest(
      study: "1.2", series: "1.2.3", instances: (0..<instances).map { "1.2.3.\($0)" },
      expected: instances,
      classes: Array(NegotiationTable.usualClasses.prefix(classes)),
      syntaxes: NegotiationTable.fetching, spool: "")
  }

  @Test("a whole series is asked for by its UIDs alone")
  func series() throws {
    let found = try request(0).identifiers()
    #expect(found.count == 1 && found[0].level == .series)
    #expect(found[0].keys.string(.seriesInstanceUID) == "1.2.3")
    #expect(!found[0].keys.contains(.sopInstanceUID))
  }

  /// PS3.4 C.4.2.1.4: unique keys alone; archives take lists of some length.
  @Test(
    "instances are asked for in lists of 64, none twice, none left out",
    arguments: [1, 64, 65, 200])
  func lists(count: Int) throws {
    let found = try request(count).identifiers()
    #expect(found.allSatisfy { $0.level == .image })
    let lists = found.map { $0.keys.strings(.sopInstanceUID) }
    #expect(lists.allSatisfy { (1...64).contains($0.count) })
    #expect(lists.flatMap(\.self) == (0..<count).map { "1.2.3.\($0)" })
  }

  /// PS3.8 9.3.2.2: presentation context IDs are odd, 1 to 255.
  @Test("never more contexts than an association has", arguments: [1, 8, 9, 57])
  func contexts(classes: Int) {
    let asked = request(0, classes: classes)
    let contexts = asked.storageContexts
    #expect(contexts.count + NegotiationTable.getting.count <= 128)
    #expect(Set(contexts.map(\.sopClassUID)) == Set(asked.classes))
    let every = Set(NegotiationTable.fetching.flatMap(\.self))
    for uid in asked.classes {
      let syntaxes = contexts.filter { $0.sopClassUID == uid }.flatMap(\.transferSyntaxes)
      #expect(Set(syntaxes) == every && contexts.allSatisfy { $0.role == .provider })
    }
  }

  @Test("a class that is sent: one context for each syntax, unpacked ones behind")
  func sending() {
    let proposals = NegotiationTable.sending("1.2", storedIn: [.rleLossless])
    #expect(
      proposals.map(\.transferSyntaxes) == [
        [.rleLossless], [.explicitVRLittleEndian], [.implicitVRLittleEndian],
      ])
    #expect(NegotiationTable.sending("1.2", storedIn: [.implicitVRLittleEndian]).count == 2)
  }
}

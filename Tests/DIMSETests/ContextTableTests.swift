import DICOM
import DIMSE
import Testing

@Suite("Context table") struct ContextTableTests {
  /// PS3.4 annexes B.5, II, YY by hand: the storage classes, and the services that stand below their root.
  @Test("storage classes are taken, services below their root are not")
  func storage() {
    let table = ContextTable(storage: .init([.explicitVRLittleEndian]))
    let root = ContextTable.storageRoot
    for end in ["1", "7", "7.4", "88.59", "104.1", "200.1", "200.3", "201.1", "481.2", "77.1.6"] {
      #expect(table[root + end] != nil, "\(end)")
    }
    for end in ["200.4", "200.5", "200.6", "201.2", "201.3", "201.4", "201.5", "201.6"] {
      #expect(table[root + end] == nil, "\(end)")
    }
    #expect(table["1.2.840.10008.5.1.4.1.2.2.1"] == nil)
    #expect(ContextTable()[root + "7"] == nil)
  }

  @Test("the dictionary lists each storage class once")
  func listed() {
    let classes = Dictionary.sopClasses(under: ContextTable.storageRoot)
    #expect(Set(classes).count == classes.count && classes.count > 150)
    #expect(classes.contains(ContextTable.storageRoot + "2"))
    #expect(!classes.contains { Dictionary.name(ofUID: $0) == nil })
  }
}

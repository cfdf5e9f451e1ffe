package import DICOM

extension DataSet {
  /// Sets a key of a query, which may hold what a value may not: ranges, wildcards, lists.
  ///
  /// PS3.4 C.2.2.2. An empty text asks for the attribute of each match.
  package mutating func setKey(_ tag: Tag, _ text: String = "") {
    if !text.utf8.allSatisfy({ $0 < 0x80 }) {
      set(
        Element(
          tag: .specificCharacterSet, vr: .CS, value: .bytes(Array("ISO_IR 192".utf8)[...])))
    }
    let vr = Dictionary.vr(of: tag) ?? .LO
    set(Element(tag: tag, vr: vr, value: .bytes(Array(text.utf8)[...])))
  }
}

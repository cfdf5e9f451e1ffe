package import DICOM

/// A reference from one object to another: SOP class and instance.
///
/// PS3.3 10.8.
package struct ObjectReference: Hashable, Sendable {
  package let sopClassUID: String
  package let sopInstanceUID: String

  package init(sopClassUID: String, sopInstanceUID: String) {
    self.sopClassUID = sopClassUID
    self.sopInstanceUID = sopInstanceUID
  }

  /// The reference in an item; `nil` where it names no instance.
  package init?(of item: DataSet) {
    guard let instance = item.string(.referencedSOPInstanceUID) else { return nil }
    self.init(
      sopClassUID: item.string(.referencedSOPClassUID) ?? "", sopInstanceUID: instance)
  }

  /// The references in a sequence.
  package static func all(in dataSet: DataSet, _ sequence: Tag) -> [ObjectReference] {
    dataSet.items(sequence).compactMap(ObjectReference.init(of:))
  }
}

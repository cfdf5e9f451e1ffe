package import DICOM

/// A code that an object of a course carries, with what qualifies it.
///
/// PS3.3 8.8.
package struct RecordedCode: Hashable, Sendable {
  package let value: String
  /// `SCT`, formerly `SRT`, or another one's short name.
  package let scheme: String
  package let meaning: String
  /// Such as the side of the body.
  package let modifiers: [RecordedCode]

  /// The codes of a sequence; an item without a code is left out.
  ///
  /// - Parameter modifiers: the sequence in each item that qualifies it.
  package static func all(
    in dataSet: DataSet, _ sequence: Tag, modifiers: Tag? = nil
  ) -> [RecordedCode] {
    dataSet.items(sequence).compactMap { item in
      guard let value = item.string(.codeValue), !value.isEmpty else { return nil }
      return RecordedCode(
        value: value, scheme: item.string(.codingSchemeDesignator) ?? "",
        meaning: item.string(.codeMeaning) ?? "",
        modifiers: modifiers.map { all(in: item, $0) } ?? [])
    }
  }
}

/// A breach of the standard that reading got over without guessing at a meaning.
///
/// What changes the meaning of a dose or a position is no forgiveness but an error.
package enum Forgiveness: Hashable, Sendable {
  case preambleMissing
  case fileMetaMissing
  case transferSyntaxMissing
  case transferSyntaxContradicted(declaredImplicit: Bool)
  case fileMetaImplicit
  case vrMissing(Tag)
  case vrUnknown(Tag)
  case valueLengthOdd(Tag)
  case delimiterMissing(Tag)
  case delimiterUnexpected
  case delimiterLength
  case itemContradictsTransferSyntax
  case tagsOutOfOrder(Tag)
  case tagRepeated(Tag)
  case trailingBytes(Int)
  case unknownLengthAsSequence(Tag)
  case sequenceKeptAsBytes(Tag)
  case characterSetUnknown(String)
  /// A UID that the meta information has and the data set lacks.
  case inMetaAlone(Tag)
  /// A value that its VR does not permit; found by ``DataSet/irregularValues``.
  case valueIrregular(Tag)
}

extension Forgiveness: CustomStringConvertible {
  package var description: String {
    switch self {
    case .preambleMissing: "no preamble or no DICM prefix"
    case .fileMetaMissing: "no file meta information"
    case .transferSyntaxMissing: "no transfer syntax; read from the first element"
    case .transferSyntaxContradicted(let implicit):
      "declared \(implicit ? "implicit" : "explicit") VR, written \(implicit ? "explicit" : "implicit")"
    case .fileMetaImplicit: "file meta information written with implicit VR"
    case .vrMissing(let tag): "\(tag): no VR in an explicit data set"
    case .vrUnknown(let tag): "\(tag): unknown VR"
    case .valueLengthOdd(let tag): "\(tag): odd value length"
    case .delimiterMissing(let tag): "\(tag): not closed by a delimiter"
    case .delimiterUnexpected: "a delimiter without its sequence"
    case .delimiterLength: "a delimiter with a length"
    case .itemContradictsTransferSyntax: "an item with VRs where none are due, or without them"
    case .tagsOutOfOrder(let tag): "\(tag): out of order"
    case .tagRepeated(let tag): "\(tag): repeated; the first one counts"
    case .trailingBytes(let count): "\(count) bytes behind the data set"
    case .unknownLengthAsSequence(let tag): "\(tag): undefined length, read as a sequence"
    case .sequenceKeptAsBytes(let tag):
      "\(tag): private sequence that cannot be parsed, kept as bytes"
    case .characterSetUnknown(let term):
      "unknown character set '\(term.prefix(40))'; text read as UTF-8 or Latin-1"
    case .inMetaAlone(let tag): "\(tag): missing; read from the file meta information"
    case .valueIrregular(let tag): "\(tag): a value that its VR does not permit"
    }
  }
}

package import DICOM

/// An instance that a provider can send.
package struct OutgoingInstance: Sendable {
  package var sopClassUID: String
  package var sopInstanceUID: String
  /// The forms it can be had in, the best first.
  package var transferSyntaxes: [TransferSyntax]
  /// Its data set in one of these forms; `nil` where it cannot be had.
  package var body: @Sendable (TransferSyntax) -> OutgoingBody?

  package init(
    sopClassUID: String, sopInstanceUID: String, transferSyntaxes: [TransferSyntax],
    body: @escaping @Sendable (TransferSyntax) -> OutgoingBody?
  ) {
    self.sopClassUID = sopClassUID
    self.sopInstanceUID = sopInstanceUID
    self.transferSyntaxes = transferSyntaxes
    self.body = body
  }
}

/// The bytes of a data set that is sent, of which one piece is in memory at a time.
package struct OutgoingBody {
  /// The next piece, not empty and, unless it is the last one, of even length; `nil` at the end.
  ///
  /// Where it throws, what has been sent is not whole: the association has to end.
  package let next: () throws(AssociationError) -> [UInt8]?

  /// A body in pieces, at least one of them.
  package init(pieces next: @escaping () throws(AssociationError) -> [UInt8]?) { self.next = next }

  /// A body in memory; `nil` where it is empty.
  package init?(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return nil }
    var left: [UInt8]? = bytes
    next = { () throws(AssociationError) in
      defer { left = nil }
      return left
    }
  }
}

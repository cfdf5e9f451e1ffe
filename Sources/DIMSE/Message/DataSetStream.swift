package import DICOM

/// The data set of an instance while it arrives: to be read once, piece by piece.
package final class DataSetStream {
  private let wire: UpperLayer

  init(_ wire: UpperLayer) { self.wire = wire }

  /// The next bytes; `nil` at the end.
  package func next() throws(AssociationError) -> ArraySlice<UInt8>? { try wire.nextFragment() }

  /// Everything that is left, in memory.
  package func whole(limit: Int) throws(AssociationError) -> [UInt8] {
    try wire.wholeDataSet(limit: limit)
  }
}

/// An instance that a peer sends: what its command says, before the data set.
package struct IncomingInstance: Hashable, Sendable {
  package var sopClassUID: String
  package var sopInstanceUID: String
  /// How the data set is encoded.
  package var transferSyntax: TransferSyntax
  /// Who sends it.
  package var callingAETitle: AETitle
  /// Who asked for it by C-MOVE, where the sender says so.
  package var moveOriginator: StoreRequest.MoveOriginator?

  init(_ command: Command, context: AgreedContext, callingAETitle: AETitle) {
    sopClassUID = command.affectedSOPClassUID ?? context.sopClassUID
    sopInstanceUID = command.affectedSOPInstanceUID ?? ""
    transferSyntax = context.transferSyntax
    self.callingAETitle = callingAETitle
    if let title = command.moveOriginatorAETitle, let messageID = command.moveOriginatorMessageID {
      moveOriginator = StoreRequest.MoveOriginator(aeTitle: title, messageID: messageID)
    }
  }
}

package import DICOM

/// A talk with a peer that we asked for: requests go out, answers come back.
///
/// Everything waits, with limits, on the thread that calls; one thread at a time. After an error
/// that is thrown the association has ended: ask for a new one.
package final class Association {
  package let peer: Peer
  package let callingAETitle: AETitle
  /// What the peer said to each context, in the order of the proposals.
  package let answers: [ContextAnswer]
  /// What the peer told about itself.
  package let peerInformation: UserInformation
  /// How many requests may be under way at once; the peer decides.
  package let operationsWindow: Int

  let wire: UpperLayer
  private var lastMessageID: UInt16 = 0
  /// What was sent and not yet answered.
  var storesUnderWay: [UInt16: StoreRequest] = [:]
  /// Events that came before they were waited for.
  var earlyReports: [EventReport] = []

  init(
    peer: Peer, callingAETitle: AETitle, answers: [ContextAnswer], information: UserInformation,
    operationsWindow: Int, wire: UpperLayer
  ) {
    self.peer = peer
    self.callingAETitle = callingAETitle
    self.answers = answers
    peerInformation = information
    self.operationsWindow = operationsWindow
    self.wire = wire
  }

  deinit { wire.abort(.user) }

  /// Whether requests can still be sent.
  package var isOpen: Bool { wire.isEstablished }

  /// The contexts that both sides accepted, by ID.
  package var contexts: [AgreedContext] { wire.contexts.values.sorted { $0.id < $1.id } }

  /// The transfer syntaxes that the peer took for a SOP class that we use.
  package func transferSyntaxes(for sopClassUID: String) -> [TransferSyntax] {
    contexts.filter { $0.sopClassUID == sopClassUID && $0.requestorIsUser }.map(\.transferSyntax)
  }

  /// The context for a SOP class that we use, in a certain transfer syntax or in any.
  func context(
    for sopClassUID: String, in transferSyntax: TransferSyntax? = nil
  ) throws(AssociationError) -> AgreedContext {
    let found = contexts.first {
      $0.sopClassUID == sopClassUID && $0.requestorIsUser
        && (transferSyntax == nil || $0.transferSyntax == transferSyntax)
    }
    guard let found else {
      throw .noContext(sopClassUID: sopClassUID, transferSyntaxUID: transferSyntax?.uid)
    }
    return found
  }

  /// A message number that no request under way has.
  func nextMessageID() -> UInt16 {
    lastMessageID = lastMessageID == .max ? 1 : lastMessageID + 1
    return lastMessageID
  }

  /// Ends the association in order: ask for release, wait for the reply.
  package func release() throws(AssociationError) { try wire.release() }

  /// Ends the association at once.
  package func abort() { wire.abort(.user) }

  /// Asks whether the peer is there and understands us: C-ECHO.
  ///
  /// PS3.7 section 9.1.5.
  package func echo() throws(AssociationError) -> Answer {
    let context = try context(for: SOPClass.verification)
    var command = Command(.echo)
    command.messageID = nextMessageID()
    command.affectedSOPClassUID = SOPClass.verification
    try wire.send(command, in: context.id)
    return Answer(try response(to: command).command)
  }

  /// Waits for the answer to a request; requests of the peer are refused meanwhile.
  func response(to request: Command) throws(AssociationError) -> UpperLayer.Incoming {
    try wire.response(to: request.messageID ?? 0, request.field) {
      (other) throws(AssociationError) in
      try wire.refuse(other)
    }
  }
}

/// How an association ended before its work was done.
package enum AssociationError: Error, Equatable, Sendable {
  case cannotResolve(host: String, detail: String)
  case cannotConnect(host: String, port: UInt16, detail: String)
  case connectTimeout(host: String, port: UInt16)
  case rejected(AssociateReject)
  case aborted(Abort, during: Phase)
  /// The peer took none of the contexts; what it said to each.
  case noAcceptedContext([ContextAnswer])
  /// No accepted context carries this SOP class in this transfer syntax.
  case noContext(sopClassUID: String, transferSyntaxUID: String?)
  case tooManyContexts(Int)
  case timeout(Phase)
  case connectionLost(Phase, detail: String)
  case protocolViolation(ProtocolViolation)
  /// An interruption was pulled: Ctrl-C.
  case cancelled
  /// The association has ended; a new one is needed.
  case ended
  /// What arrived could not be kept.
  case cannotKeep(String)
  /// What was to be sent has no form in DICOM.
  case cannotEncode(String)

  /// What was going on.
  package enum Phase: Sendable {
    case connecting, associating, sending, awaitingResponse, receiving, releasing, idle
  }

  /// Whether trying again can help; decides the exit code of a command.
  package enum Kind: Sendable {
    /// Nothing will change by itself: somebody must change something (69).
    case permanent
    /// The same again may work (75).
    case transient
    /// The peer does not keep to the protocol (76).
    case protocolViolation
    /// Somebody stopped it.
    case cancelled
    /// Our own side cannot do it (70, 74).
    case local
  }

  package var kind: Kind {
    switch self {
    case .cannotResolve, .cannotConnect, .connectTimeout, .noAcceptedContext, .noContext,
      .tooManyContexts:
      .permanent
    case .rejected(let reject): reject.isTransient ? .transient : .permanent
    case .aborted, .timeout, .connectionLost, .ended: .transient
    case .protocolViolation: .protocolViolation
    case .cancelled: .cancelled
    case .cannotKeep, .cannotEncode: .local
    }
  }
}

/// What the peer answered to a context that was proposed.
package struct ContextAnswer: Hashable, Sendable {
  package var proposed: ProposedContext
  /// `nil`: the peer did not answer to this context at all.
  package var result: AnsweredContext.Result?
  package var transferSyntaxUID: String?

  package var isAccepted: Bool { result == .accepted }
}

/// What a peer did that the standard does not allow.
package enum ProtocolViolation: Error, Equatable, Sendable {
  case badPDU(PDUError)
  case unexpectedPDU(String)
  case badCommand(CommandError)
  case unknownContext(UInt8)
  /// An accepted context names a transfer syntax that was not proposed for it.
  case transferSyntaxNotProposed(contextID: UInt8, transferSyntaxUID: String)
  case mixedFragments
  case tooLong(limit: Int)
  case maximumLengthTooSmall(Int)
  case wrongMessageID(expected: UInt16, found: UInt16?)
  case wrongResponse(expected: CommandField, found: CommandField)
  case wrongInstance(expected: String, found: String)
  case statusMissing(CommandField)
  case dataSetMissing(CommandField)
  case badDataSet(String)
}

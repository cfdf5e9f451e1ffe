package import DICOM

extension Association {
  /// Sends an instance and waits for the answer: C-STORE.
  ///
  /// PS3.7 section 9.1.1.
  ///
  /// - Parameters:
  ///   - request: Which instance it is.
  ///   - transferSyntax: How its data set is encoded: a context must have been accepted for it.
  ///   - dataSet: The bytes of the data set, sent as they are, never copied.
  package func store(
    _ request: StoreRequest, transferSyntax: TransferSyntax, dataSet: RawSpan
  ) throws(AssociationError) -> Answer {
    let context = try context(for: request.sopClassUID, in: transferSyntax)
    return try wire.store(
      request, dataSet: dataSet, in: context.id, messageID: nextMessageID()
    ) { (other) throws(AssociationError) in try wire.refuse(other) }
  }

  package func store(
    _ request: StoreRequest, transferSyntax: TransferSyntax, dataSet: [UInt8]
  ) throws(AssociationError) -> Answer {
    try store(request, transferSyntax: transferSyntax, dataSet: dataSet.span.bytes)
  }

  /// Sends an instance that need not be in memory as a whole, and waits for the answer.
  ///
  /// - Parameter next: The next piece of the data set, not empty and of even length; `nil` at the
  ///   end. Where it throws, the association is of no further use.
  package func store(
    _ request: StoreRequest, transferSyntax: TransferSyntax,
    pieces next: () throws(AssociationError) -> [UInt8]?
  ) throws(AssociationError) -> Answer {
    let context = try context(for: request.sopClassUID, in: transferSyntax)
    return try wire.store(request, pieces: next, in: context.id, messageID: nextMessageID()) {
      (other) throws(AssociationError) in try wire.refuse(other)
    }
  }

  /// Sends an instance without waiting; ``nextStoreAnswer()`` waits later.
  ///
  /// So the next instance can be read and packed while the peer still works on this one. At most
  /// ``operationsWindow`` may be under way.
  package func beginStore(
    _ request: StoreRequest, transferSyntax: TransferSyntax, dataSet: RawSpan
  ) throws(AssociationError) {
    precondition(storesUnderWay.count < operationsWindow, "the peer allows no further operation")
    let context = try context(for: request.sopClassUID, in: transferSyntax)
    let messageID = nextMessageID()
    try wire.send(request.command(messageID: messageID), dataSet: dataSet, in: context.id)
    storesUnderWay[messageID] = request
  }

  /// Sends an instance that need not be in memory as a whole, without waiting for the answer.
  ///
  /// - Parameter next: as for ``store(_:transferSyntax:pieces:)``.
  package func beginStore(
    _ request: StoreRequest, transferSyntax: TransferSyntax,
    pieces next: () throws(AssociationError) -> [UInt8]?
  ) throws(AssociationError) {
    precondition(storesUnderWay.count < operationsWindow, "the peer allows no further operation")
    let context = try context(for: request.sopClassUID, in: transferSyntax)
    let messageID = nextMessageID()
    try wire.send(request.command(messageID: messageID), in: context.id, pieces: next)
    storesUnderWay[messageID] = request
  }

  /// Whether something has arrived that was not yet read.
  package var hasAnswer: Bool { wire.hasArrived }

  /// Waits for the answer to any of the stores that were begun.
  package func nextStoreAnswer() throws(AssociationError) -> (StoreRequest, Answer) {
    precondition(!storesUnderWay.isEmpty, "an answer comes to what was begun")
    let message = try wire.storeResponse(among: storesUnderWay)
    let messageID = message.command.messageIDBeingRespondedTo ?? 0
    guard let request = storesUnderWay.removeValue(forKey: messageID) else { throw .ended }
    return (request, try wire.checked(message, against: request.sopInstanceUID))
  }
}

extension UpperLayer {
  /// The next response to one of several C-STORE requests; they may come in any order.
  fileprivate func storeResponse(
    among requests: [UInt16: StoreRequest]
  ) throws(AssociationError) -> Incoming {
    while true {
      guard let message = try nextMessage(within: timeouts.response, phase: .awaitingResponse)
      else { throw violation(.unexpectedPDU("A-RELEASE-RQ")) }
      guard message.command.field.isResponse else {
        try refuse(message)
        continue
      }
      guard message.command.field == CommandField.store.response else {
        throw violation(
          .wrongResponse(expected: CommandField.store.response, found: message.command.field))
      }
      let answered = message.command.messageIDBeingRespondedTo
      guard let answered, requests[answered] != nil else {
        throw violation(.wrongMessageID(expected: requests.keys.min() ?? 0, found: answered))
      }
      guard message.command.status != nil else {
        throw violation(.statusMissing(message.command.field))
      }
      return message
    }
  }
}

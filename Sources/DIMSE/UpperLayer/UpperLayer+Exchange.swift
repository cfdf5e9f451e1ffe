/// A request and its answers.
///
/// PS3.7 section 8 and 10.
extension UpperLayer {
  /// Waits for the next answer to a request.
  ///
  /// - Parameters:
  ///   - messageID: The number of the request.
  ///   - field: The kind of the request.
  ///   - other: Takes requests of the peer that come in between; the answer is its affair.
  func response(
    to messageID: UInt16, _ field: CommandField,
    other: (Incoming) throws(AssociationError) -> Void
  ) throws(AssociationError) -> Incoming {
    while true {
      guard let message = try nextMessage(within: timeouts.response, phase: .awaitingResponse)
      else { throw violation(.unexpectedPDU("A-RELEASE-RQ")) }
      guard message.command.field.isResponse else {
        try other(message)
        continue
      }
      guard message.command.field == field.response else {
        throw violation(.wrongResponse(expected: field.response, found: message.command.field))
      }
      let answered = message.command.messageIDBeingRespondedTo
      guard answered == messageID else {
        throw violation(.wrongMessageID(expected: messageID, found: answered))
      }
      guard message.command.status != nil else {
        throw violation(.statusMissing(message.command.field))
      }
      return message
    }
  }

  /// Answers a request of the peer that nobody here can serve.
  func refuse(_ message: Incoming) throws(AssociationError) {
    while try nextFragment() != nil {}
    guard message.command.field != .cancel else { return }
    try send(message.command.response(.unrecognizedOperation), in: message.contextID)
  }

  /// Sends an instance and waits for the answer.
  func store(
    _ request: StoreRequest, dataSet: RawSpan, in contextID: UInt8, messageID: UInt16,
    other: (Incoming) throws(AssociationError) -> Void
  ) throws(AssociationError) -> Answer {
    try send(request.command(messageID: messageID), dataSet: dataSet, in: contextID)
    let message = try response(to: messageID, .store, other: other)
    return try checked(message, against: request.sopInstanceUID)
  }

  /// Sends an instance that comes in pieces, and waits for the answer.
  func store(
    _ request: StoreRequest, pieces next: () throws(AssociationError) -> [UInt8]?,
    in contextID: UInt8, messageID: UInt16, other: (Incoming) throws(AssociationError) -> Void
  ) throws(AssociationError) -> Answer {
    try send(request.command(messageID: messageID), in: contextID, pieces: next)
    let message = try response(to: messageID, .store, other: other)
    return try checked(message, against: request.sopInstanceUID)
  }

  /// The answer to a C-STORE, if it is about the instance that was sent.
  func checked(
    _ message: Incoming, against sopInstanceUID: String
  ) throws(AssociationError) -> Answer {
    if let found = message.command.affectedSOPInstanceUID, !found.isEmpty, found != sopInstanceUID {
      throw violation(.wrongInstance(expected: sopInstanceUID, found: found))
    }
    return Answer(message.command)
  }
}

package import DICOM

extension Association {
  /// Asks what the peer holds: C-FIND.
  ///
  /// PS3.7 section 9.1.2, PS3.4 C.4.1. Peers may ignore keys that they do not support: look at the
  /// matches once more.
  ///
  /// - Parameters:
  ///   - root: The information model.
  ///   - level: What is looked for.
  ///   - keys: What must match, and, empty, what shall be told of each match.
  ///   - onMatch: Takes a match as it comes; `false` cancels what is left.
  /// - Returns: The final answer: success, cancelled or a failure.
  package func find(
    _ root: QueryRoot, level: QueryLevel, keys: DataSet,
    onMatch: (DataSet) throws(AssociationError) -> Bool
  ) throws(AssociationError) -> Answer {
    let context = try context(for: root.findSOPClass)
    var command = Command(.find, hasDataSet: true)
    command.messageID = nextMessageID()
    command.affectedSOPClassUID = root.findSOPClass
    command.priority = 0
    try send(command, identifier: keys, level: level, in: context)
    var isCancelled = false
    while true {
      let message = try response(to: command)
      let answer = Answer(message.command)
      guard answer.status.category == .pending else { return answer }
      guard message.command.hasDataSet else {
        throw wire.violation(.dataSetMissing(message.command.field))
      }
      let match = try wire.dataSet(of: message)
      if !isCancelled, try !onMatch(match) {
        isCancelled = true
        try cancel(command, in: context)
      }
    }
  }

  /// All matches at once.
  package func find(
    _ root: QueryRoot, level: QueryLevel, keys: DataSet
  ) throws(AssociationError) -> (matches: [DataSet], answer: Answer) {
    var matches: [DataSet] = []
    let answer = try find(root, level: level, keys: keys) {
      (match) throws(AssociationError) in
      matches.append(match)
      return true
    }
    return (matches, answer)
  }

  /// Sends a query or retrieval with its identifier.
  func send(
    _ command: Command, identifier: DataSet, level: QueryLevel, in context: AgreedContext
  ) throws(AssociationError) {
    var identifier = identifier
    do throws(EncodingError) {
      try identifier.set(.queryRetrieveLevel, level.rawValue)
    } catch {
      throw .cannotEncode("\(error)")
    }
    let bytes = try wire.encode(identifier, for: context)
    try wire.send(command, dataSet: bytes.span.bytes, in: context.id)
  }

  /// Asks the peer to stop answering a request: C-CANCEL.
  ///
  /// PS3.7 section 9.3.2.3.
  func cancel(_ request: Command, in context: AgreedContext) throws(AssociationError) {
    var command = Command(.cancel)
    command.messageIDBeingRespondedTo = request.messageID
    try wire.send(command, in: context.id)
  }
}

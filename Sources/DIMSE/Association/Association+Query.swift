package import DICOM

/// Asking an archive what it holds. PS3.4 annex C.4.1.
extension Association {
  /// Sends a query and hands over each match as it comes.
  ///
  /// - Returns: the final answer: success, a warning (limit reached), cancel or a failure.
  package func find(
    _ key: DataSet, root: QueryRoot, _ each: (DataSet) -> Void
  ) throws(AssociationError) -> Answer {
    let context = try context(for: root.findSOPClass)
    var command = Command(.find, hasDataSet: true)
    command.messageID = nextMessageID()
    command.affectedSOPClassUID = root.findSOPClass
    command.priority = 0
    let body = try encoded(key, in: context)
    try wire.send(command, dataSet: body.span.bytes, in: context.id)
    while true {
      let message = try response(to: command)
      let status = message.command.status ?? .processingFailure
      if message.command.hasDataSet {
        let bytes = try wire.wholeDataSet(limit: 16 << 20)
        do throws(DecodingError) {
          each(try DataSetDecoder.decode(bytes, transferSyntax: context.transferSyntax))
        } catch {
          throw .cannotKeep("a match that cannot be read: \(error)")
        }
      }
      if status.category != .pending { return Answer(message.command) }
    }
  }

  /// An instance that came back on this association.
  package struct Received: Sendable {
    package let sopClassUID: String
    package let sopInstanceUID: String
    package let transferSyntax: TransferSyntax
    package let dataSet: [UInt8]
  }

  /// Retrieves on the same association; each instance is answered before the next one comes.
  ///
  /// PS3.4 C.4.3.
  package func get(
    _ key: DataSet, root: QueryRoot, instanceLimit: Int = 2 << 30,
    _ keep: (Received) -> Status
  ) throws(AssociationError) -> Answer {
    let context = try context(for: root.getSOPClass)
    var command = Command(.get, hasDataSet: true)
    command.messageID = nextMessageID()
    command.affectedSOPClassUID = root.getSOPClass
    command.priority = 0
    let body = try encoded(key, in: context)
    try wire.send(command, dataSet: body.span.bytes, in: context.id)
    while true {
      let message = try wire.response(to: command.messageID ?? 0, .get) {
        (other) throws(AssociationError) in
        try take(other, limit: instanceLimit, keep)
      }
      if message.command.hasDataSet { _ = try wire.wholeDataSet(limit: 16 << 20) }
      if message.command.status?.category != .pending { return Answer(message.command) }
    }
  }

  private func take(
    _ message: UpperLayer.Incoming, limit: Int, _ keep: (Received) -> Status
  ) throws(AssociationError) {
    guard message.command.field == .store, let sopClass = message.command.affectedSOPClassUID,
      let instance = message.command.affectedSOPInstanceUID,
      let context = wire.contexts[message.contextID]
    else {
      try wire.refuse(message)
      return
    }
    let bytes = try wire.wholeDataSet(limit: limit)
    let status = keep(
      Received(
        sopClassUID: sopClass, sopInstanceUID: instance, transferSyntax: context.transferSyntax,
        dataSet: bytes))
    try wire.send(message.command.response(status), in: message.contextID)
  }

  private func encoded(
    _ key: DataSet, in context: AgreedContext
  ) throws(AssociationError) -> [UInt8] {
    do throws(EncodingError) {
      return try DataSetEncoder.encode(key, transferSyntax: context.transferSyntax)
    } catch {
      throw .cannotKeep("a query that cannot be written: \(error)")
    }
  }
}

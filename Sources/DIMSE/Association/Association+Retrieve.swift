package import DICOM

extension Association {
  /// Takes an instance as it arrives and answers for it.
  package typealias InstanceHandler = (IncomingInstance, DataSetStream) throws(AssociationError) ->
    Status

  /// Fetches instances over this association: C-GET.
  ///
  /// PS3.7 section 9.1.3. The storage classes to be expected must have been proposed with
  /// `role: .provider`.
  ///
  /// - Parameters:
  ///   - root: The information model.
  ///   - level: Which kind of thing the keys name.
  ///   - keys: The unique keys down to the level.
  ///   - onInstance: Takes each instance and answers for it.
  ///   - onProgress: Takes the counts; `false` cancels what is left.
  package func get(
    _ root: QueryRoot, level: QueryLevel, keys: DataSet, onInstance: InstanceHandler,
    onProgress: (RetrieveProgress) throws(AssociationError) -> Bool = { _ in true }
  ) throws(AssociationError) -> RetrieveOutcome {
    let context = try context(for: root.getSOPClass)
    var command = Command(.get, hasDataSet: true)
    command.affectedSOPClassUID = root.getSOPClass
    return try retrieve(
      command, keys: keys, level: level, in: context, onInstance: onInstance,
      onProgress: onProgress)
  }

  /// Lets the peer send instances to a node that it knows: C-MOVE.
  ///
  /// PS3.7 section 9.1.4. Where the destination is ourselves, a ``Provider`` must already listen.
  package func move(
    _ root: QueryRoot, level: QueryLevel, keys: DataSet, to destination: AETitle,
    onProgress: (RetrieveProgress) throws(AssociationError) -> Bool = { _ in true }
  ) throws(AssociationError) -> RetrieveOutcome {
    let context = try context(for: root.moveSOPClass)
    var command = Command(.move, hasDataSet: true)
    command.affectedSOPClassUID = root.moveSOPClass
    command.moveDestination = destination
    return try retrieve(
      command, keys: keys, level: level, in: context, onInstance: { _, _ in .sopClassNotSupported },
      onProgress: onProgress)
  }

  private func retrieve(
    _ request: Command, keys: DataSet, level: QueryLevel, in context: AgreedContext,
    onInstance: InstanceHandler, onProgress: (RetrieveProgress) throws(AssociationError) -> Bool
  ) throws(AssociationError) -> RetrieveOutcome {
    var command = request
    command.messageID = nextMessageID()
    command.priority = 0
    try send(command, identifier: keys, level: level, in: context)
    var isCancelled = false
    while true {
      let message = try wire.response(to: command.messageID ?? 0, command.field) {
        (other) throws(AssociationError) in
        guard other.command.field == .store else { return try wire.refuse(other) }
        try take(other, onInstance: onInstance)
      }
      let answer = Answer(message.command)
      let progress = RetrieveProgress(message.command)
      guard answer.status.category == .pending else {
        let failed = message.command.hasDataSet ? try failedInstances(message) : []
        return RetrieveOutcome(answer: answer, progress: progress, failedInstanceUIDs: failed)
      }
      if !isCancelled, try !onProgress(progress) {
        isCancelled = true
        try cancel(command, in: context)
      }
    }
  }

  /// Receives an instance on the way and answers for it.
  private func take(
    _ message: UpperLayer.Incoming, onInstance: InstanceHandler
  ) throws(AssociationError) {
    guard let context = wire.contexts[message.contextID], message.command.hasDataSet else {
      throw wire.violation(.dataSetMissing(message.command.field))
    }
    let instance = IncomingInstance(
      message.command, context: context, callingAETitle: peer.aeTitle)
    // An instance in a context where we are no provider is answered, not taken.
    let status =
      context.requestorIsProvider
      ? try onInstance(instance, DataSetStream(wire)) : .sopClassNotSupported
    while try wire.nextFragment() != nil {}
    try wire.send(message.command.response(status), in: message.contextID)
  }

  private func failedInstances(
    _ message: UpperLayer.Incoming
  ) throws(AssociationError) -> [String] {
    try wire.dataSet(of: message).strings(.failedSOPInstanceUIDList)
  }
}

import DICOM

extension ProviderAssociation {
  /// The counts of a retrieval.
  ///
  /// PS3.4 C.4.2.1.6.
  struct SubOperations {
    var remaining: Int
    var completed = 0
    var warning = 0
    var failed: [String] = []

    mutating func count(_ status: Status?, of sopInstanceUID: String) {
      remaining -= 1
      switch status?.category {
      case .success: completed += 1
      case .warning: warning += 1
      default: failed.append(sopInstanceUID)
      }
    }

    /// Counts have 16 bits: a retrieval of more instances says as many as it can.
    func write(to response: inout Command, isFinal: Bool) {
      if !isFinal { response.remainingCount = UInt16(clamping: remaining) }
      response.completedCount = UInt16(clamping: completed)
      response.failedCount = UInt16(clamping: failed.count)
      response.warningCount = UInt16(clamping: warning)
    }

    var finalStatus: Status {
      if failed.isEmpty && warning == 0 { return .success }
      return completed + warning == 0 ? .cannotPerformSubOperations : .subOperationsWithFailures
    }
  }

  func retrieve(
    _ message: UpperLayer.Incoming, _ context: AgreedContext
  ) throws(AssociationError) {
    guard let query = try query(message, context) else { return }
    var destination: Peer?
    if message.command.field == .move {
      destination = message.command.moveDestination.flatMap { services.destination($0) }
      guard destination != nil else {
        return try answer(message, ServiceResult(.moveDestinationUnknown))
      }
    }
    switch services.instances(query) {
    case .failure(let refusal): try answer(message, refusal.result)
    case .success(let instances):
      if let destination {
        try move(instances, to: destination, message)
      } else {
        try get(instances, message)
      }
    }
  }

  /// Sends instances over this association, where the caller provides storage.
  private func get(
    _ instances: [OutgoingInstance], _ message: UpperLayer.Incoming
  ) throws(AssociationError) {
    var counts = SubOperations(remaining: instances.count)
    var isCancelled = false
    for instance in instances {
      let status = try send(instance, onBehalfOf: message, isCancelled: &isCancelled)
      counts.count(status, of: instance.sopInstanceUID)
      if !isCancelled { isCancelled = try isCancelRequested(message) }
      if isCancelled {
        return try finish(message, counts, status: .cancelled)
      }
      if counts.remaining > 0 { try tell(message, counts) }
    }
    try finish(message, counts, status: counts.finalStatus)
  }

  private func send(
    _ instance: OutgoingInstance, onBehalfOf message: UpperLayer.Incoming, isCancelled: inout Bool
  ) throws(AssociationError) -> Status? {
    let usable = wire.contexts.values.filter {
      $0.sopClassUID == instance.sopClassUID && $0.requestorIsProvider
    }
    for syntax in instance.transferSyntaxes {
      guard let context = usable.first(where: { $0.transferSyntax == syntax }),
        let body = instance.body(syntax)
      else { continue }
      let request = StoreRequest(
        sopClassUID: instance.sopClassUID, sopInstanceUID: instance.sopInstanceUID)
      var cancel = false
      let answer = try wire.store(
        request, pieces: body.next, in: context.id, messageID: nextMessageID()
      ) { (other) throws(AssociationError) in
        if isCancel(other, of: message) { cancel = true } else { try wire.refuse(other) }
      }
      isCancelled = cancel
      return answer.status
    }
    return nil
  }

  /// Sends instances to another node, over associations that we open.
  private func move(
    _ instances: [OutgoingInstance], to destination: Peer, _ message: UpperLayer.Incoming
  ) throws(AssociationError) {
    var counts = SubOperations(remaining: instances.count)
    let originator = StoreRequest.MoveOriginator(
      aeTitle: caller.aeTitle, messageID: message.command.messageID ?? 0)
    let sender = MoveSender(
      destination: destination, callingAETitle: configuration.aeTitle, originator: originator,
      timeouts: configuration.timeouts, interruption: wire.interruption)
    for group in MoveSender.groups(of: instances) {
      let association = sender.open(for: group)
      for instance in group {
        counts.count(sender.send(instance, over: association), of: instance.sopInstanceUID)
        if try isCancelRequested(message) {
          sender.end(association)
          return try finish(message, counts, status: .cancelled)
        }
        if counts.remaining > 0 { try tell(message, counts) }
      }
      sender.end(association)
    }
    try finish(message, counts, status: counts.finalStatus)
  }

  private func tell(
    _ message: UpperLayer.Incoming, _ counts: SubOperations
  ) throws(AssociationError) {
    var response = message.command.response(.pending)
    counts.write(to: &response, isFinal: false)
    try wire.send(response, in: message.contextID)
  }

  private func finish(
    _ message: UpperLayer.Incoming, _ counts: SubOperations, status: Status
  ) throws(AssociationError) {
    var response = message.command.response(status)
    counts.write(to: &response, isFinal: status != .cancelled)
    logServed(message.command.field, status)
    guard !counts.failed.isEmpty, let context = wire.contexts[message.contextID] else {
      return try wire.send(response, in: message.contextID)
    }
    var list = DataSet()
    do throws(EncodingError) {
      try list.set(.failedSOPInstanceUIDList, counts.failed)
    } catch {
      return try wire.send(response, in: message.contextID)
    }
    response.hasDataSet = true
    let bytes = try wire.encode(list, for: context)
    try wire.send(response, dataSet: bytes.span.bytes, in: message.contextID)
  }
}

import DICOM

extension ProviderAssociation {
  /// Reads a query; answers it with a failure where it makes no sense, and then says `nil`.
  func query(
    _ message: UpperLayer.Incoming, _ context: AgreedContext
  ) throws(AssociationError) -> Query? {
    guard message.command.hasDataSet else {
      throw wire.violation(.dataSetMissing(message.command.field))
    }
    let identifier = try wire.dataSet(of: message)
    let root = QueryRoot.allCases.first {
      [$0.findSOPClass, $0.moveSOPClass, $0.getSOPClass].contains(context.sopClassUID)
    }
    guard let root else {
      try answer(message, ServiceResult(.sopClassNotSupported))
      return nil
    }
    guard let level = identifier.string(.queryRetrieveLevel).flatMap(QueryLevel.init(rawValue:)),
      !(root == .study && level == .patient)
    else {
      try answer(
        message, ServiceResult(.doesNotMatchSOPClass, errorComment: "Query/Retrieve Level"))
      return nil
    }
    return Query(root: root, level: level, identifier: identifier, caller: caller)
  }

  func find(
    _ message: UpperLayer.Incoming, _ context: AgreedContext
  ) throws(AssociationError) {
    guard let query = try query(message, context) else { return }
    var isCancelled = false
    let result = try services.find(query) { (match) throws(AssociationError) in
      let bytes = try wire.encode(match, for: context)
      guard !bytes.isEmpty else { return true }
      try wire.send(
        message.command.response(.pending, hasDataSet: true), dataSet: bytes.span.bytes,
        in: context.id)
      isCancelled = try isCancelRequested(message)
      return !isCancelled
    }
    try answer(message, isCancelled ? ServiceResult(.cancelled) : result)
  }

  /// Looks, without waiting, whether the caller has asked to stop.
  func isCancelRequested(_ message: UpperLayer.Incoming) throws(AssociationError) -> Bool {
    while wire.hasArrived {
      guard let other = try wire.nextMessage(within: wire.timeouts.read, phase: .receiving) else {
        try wire.grantRelease()
        throw .ended
      }
      if isCancel(other, of: message) { return true }
      // One operation at a time: asynchronous operations were not agreed on.
      try wire.refuse(other)
    }
    return false
  }

  func isCancel(_ other: UpperLayer.Incoming, of message: UpperLayer.Incoming) -> Bool {
    other.command.field == .cancel
      && other.command.messageIDBeingRespondedTo == message.command.messageID
  }
}

import DICOM

/// One association that somebody opened to us, from its request to its end.
final class ProviderAssociation {
  let wire: UpperLayer
  let configuration: ProviderConfiguration
  let services: any Services
  var caller: Caller
  private let isCongested: Bool
  /// Promises on their way on associations of their own: each has a thread.
  let reports: Counter
  private let log: @Sendable (ProviderEvent) -> Void
  private var isOpened = false
  private var lastMessageID: UInt16 = 0

  init(
    socket: consuming Socket, configuration: ProviderConfiguration, services: any Services,
    isCongested: Bool, reports: Counter, interruption: Interruption,
    log: @escaping @Sendable (ProviderEvent) -> Void
  ) {
    caller = Caller(aeTitle: AETitle(field: []), host: socket.peerHost)
    wire = UpperLayer(
      socket: socket, role: .acceptor, timeouts: configuration.timeouts, interruption: interruption)
    self.configuration = configuration
    self.services = services
    self.isCongested = isCongested
    self.reports = reports
    self.log = log
  }

  /// Serves until the caller releases, or something goes wrong.
  func run() {
    do throws(AssociationError) {
      guard try open() else { return }
      while let message = try wire.nextMessage(within: configuration.idleTime, phase: .idle) {
        try serve(message)
      }
      try wire.grantRelease()
      log(.released(caller))
    } catch {
      wire.abort(.user)
      log(.failed(isOpened ? caller : nil, error))
    }
  }

  /// Hears the request; answers whether there is an association.
  private func open() throws(AssociationError) -> Bool {
    let pdu = try wire.nextPDU(
      until: Deadline(configuration.requestTime), phase: .associating)
    guard case .associateRequest(let request) = pdu else {
      throw wire.violation(.unexpectedPDU(pdu.name))
    }
    caller.aeTitle = request.callingAETitle
    isOpened = true
    if let reject = rejection(of: request) {
      try wire.perform(.localReject, sending: .associateReject(reject), phase: .associating)
      log(.refused(caller, reject))
      wire.awaitClose(within: configuration.timeouts.release)
      return false
    }
    let accept = acceptance(of: request)
    wire.sendLimit = try sendLimit(of: request.userInformation, wire)
    for (proposed, answered) in zip(request.contexts, accept.contexts)
    where answered.result == .accepted {
      let role = agreedRole(for: proposed.abstractSyntax, request: request, accept: accept)
      wire.contexts[proposed.id] = AgreedContext(
        id: proposed.id, sopClassUID: proposed.abstractSyntax,
        transferSyntax: TransferSyntax(uid: answered.transferSyntax ?? ""),
        requestorIsUser: role.isUser, requestorIsProvider: role.isProvider)
    }
    try wire.perform(.localAccept, sending: .associateAccept(accept), phase: .associating)
    log(.opened(caller))
    return true
  }

  private func rejection(of request: AssociateRequest) -> AssociateReject? {
    if request.protocolVersion & 1 == 0 { return .unknownProtocolVersion }
    if request.applicationContext != AssociateRequest.dicomApplicationContext {
      return .unknownApplicationContext
    }
    if !configuration.answersToAnyTitle, request.calledAETitle != configuration.aeTitle {
      return .unknownCalledAETitle
    }
    if let allowed = configuration.allowedCallers, !allowed.contains(request.callingAETitle) {
      return .unknownCallingAETitle
    }
    return isCongested ? .localLimitExceeded : nil
  }

  private func acceptance(of request: AssociateRequest) -> AssociateAccept {
    var items: [UserInformation.Item] = [
      .maximumLength(configuration.maximumLength),
      .implementationClassUID(DICOMFile.implementationClassUID),
    ]
    // One answer for each class of a context: what else is asked for could fill more than an item.
    var unanswered = Set(request.contexts.map(\.abstractSyntax).filter { $0.utf8.count <= 64 })
    for proposed in request.userInformation.roleSelections
    where unanswered.remove(proposed.sopClassUID) != nil {
      if let answer = configuration.contexts.answer(to: proposed) { items.append(.role(answer)) }
    }
    items.append(.implementationVersionName(DICOMFile.implementationVersionName))
    return AssociateAccept(
      to: request, contexts: request.contexts.map { configuration.contexts.answer(to: $0) },
      userInformation: UserInformation(items))
  }

  func nextMessageID() -> UInt16 {
    lastMessageID = lastMessageID == .max ? 1 : lastMessageID + 1
    return lastMessageID
  }

  func answer(
    _ message: UpperLayer.Incoming, _ result: ServiceResult
  ) throws(AssociationError) {
    var response = message.command.response(result.status)
    response.errorComment = result.errorComment
    try wire.send(response, in: message.contextID)
    log(.served(caller, message.command.field, result.status))
  }

  func logServed(_ field: CommandField, _ status: Status) { log(.served(caller, field, status)) }

  private func serve(_ message: UpperLayer.Incoming) throws(AssociationError) {
    guard let context = wire.contexts[message.contextID] else {
      throw wire.violation(.unknownContext(message.contextID))
    }
    let command = message.command
    guard !command.field.isResponse, command.field != .cancel else {
      // The confirmation of an event, or a cancel that came after the last answer.
      return
    }
    guard command.messageID != nil else {
      throw wire.violation(.badCommand(.missing(.messageID)))
    }
    switch command.field {
    case .echo: try answer(message, ServiceResult(services.echo(caller: caller)))
    case .store: try store(message, context)
    case .find: try find(message, context)
    case .get, .move: try retrieve(message, context)
    case .action: try action(message, context)
    case .eventReport:
      let report = try wire.eventReport(message)
      try answer(message, ServiceResult(services.event(report, caller: caller)))
    default: try wire.refuse(message)
    }
  }

  private func store(
    _ message: UpperLayer.Incoming, _ context: AgreedContext
  ) throws(AssociationError) {
    guard message.command.hasDataSet else {
      throw wire.violation(.dataSetMissing(message.command.field))
    }
    let instance = IncomingInstance(
      message.command, context: context, callingAETitle: caller.aeTitle)
    var result = ServiceResult(.sopClassNotSupported)
    if instance.sopInstanceUID.isEmpty {
      result = ServiceResult(.invalidInstance, errorComment: "no SOP Instance UID")
    } else if context.requestorIsUser, instance.sopClassUID == context.sopClassUID {
      result = try services.store(instance, DataSetStream(wire), caller: caller)
    }
    while try wire.nextFragment() != nil {}
    try answer(message, result)
  }
}

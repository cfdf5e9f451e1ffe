import DICOM

extension Association {
  /// What may be said when an association is asked for, besides the contexts.
  package struct Options: Sendable {
    package var timeouts = Timeouts()
    /// The longest P-DATA-TF body that we take.
    package var maximumLength: UInt32 = 128 << 10
    /// How many requests we would like to have under way at once; 0: any number.
    package var operationsWindow: UInt16 = 1
    package var userIdentity: UserIdentity?
    package var extendedNegotiations: [ExtendedNegotiation] = []

    package init(timeouts: Timeouts = Timeouts()) { self.timeouts = timeouts }
  }

  /// Opens a connection and asks for an association.
  ///
  /// - Parameters:
  ///   - peer: Whom to ask.
  ///   - callingAETitle: What we call ourselves.
  ///   - proposals: What shall be carried; at most 128.
  ///   - options: Limits and extras.
  ///   - interruption: Ends every wait when it is pulled.
  /// - Throws: `noAcceptedContext` where the peer takes nothing of what was proposed.
  package static func request(
    to peer: Peer, as callingAETitle: AETitle, contexts proposals: [ContextProposal],
    options: Options = Options(), interruption: Interruption = Interruption()
  ) throws(AssociationError) -> Association {
    guard proposals.count <= 128 else { throw .tooManyContexts(proposals.count) }
    let request = associateRequest(peer, callingAETitle, proposals, options)
    let socket: Socket
    do throws(SocketError) {
      socket = try Socket.connect(
        host: peer.host, port: peer.port, within: options.timeouts.connect, unless: interruption)
    } catch {
      throw AssociationError(error, connectingTo: peer)
    }
    let wire = UpperLayer(
      socket: socket, role: .requestor, timeouts: options.timeouts, interruption: interruption)
    try wire.perform(
      .transportConnected, sending: .associateRequest(request), phase: .associating)
    let answer = try wire.nextPDU(
      until: Deadline(options.timeouts.associate), phase: .associating)
    switch answer {
    case .associateAccept(let accept):
      return try Association(
        peer: peer, callingAETitle: callingAETitle, request: request, accept: accept, wire: wire)
    case .associateReject(let reject):
      wire.close()
      throw .rejected(reject)
    case let pdu: throw wire.violation(.unexpectedPDU(pdu.name))
    }
  }

  private static func associateRequest(
    _ peer: Peer, _ callingAETitle: AETitle, _ proposals: [ContextProposal], _ options: Options
  ) -> AssociateRequest {
    var items: [UserInformation.Item] = [
      .maximumLength(options.maximumLength),
      .implementationClassUID(DICOMFile.implementationClassUID),
    ]
    if options.operationsWindow != 1 {
      items.append(.asynchronousOperations(invoked: options.operationsWindow, performed: 1))
    }
    var selected: Set<String> = []
    for proposal in proposals where proposal.role != .user {
      guard selected.insert(proposal.sopClassUID).inserted else { continue }
      items.append(
        .role(
          RoleSelection(
            sopClassUID: proposal.sopClassUID, isUser: proposal.role == .both, isProvider: true)))
    }
    items.append(.implementationVersionName(DICOMFile.implementationVersionName))
    items += options.extendedNegotiations.map { .extended($0) }
    if let identity = options.userIdentity { items.append(.userIdentity(identity)) }
    let contexts = proposals.enumerated().map { index, proposal in
      ProposedContext(
        id: UInt8(2 * index + 1), abstractSyntax: proposal.sopClassUID,
        transferSyntaxes: proposal.transferSyntaxes.map(\.uid))
    }
    return AssociateRequest(
      calledAETitle: peer.aeTitle, callingAETitle: callingAETitle, contexts: contexts,
      userInformation: UserInformation(items))
  }

  /// Makes sense of the acceptance, or hangs up.
  private convenience init(
    peer: Peer, callingAETitle: AETitle, request: AssociateRequest, accept: AssociateAccept,
    wire: UpperLayer
  ) throws(AssociationError) {
    var answers: [ContextAnswer] = []
    for proposed in request.contexts {
      let answered = accept.contexts.first { $0.id == proposed.id }
      answers.append(
        ContextAnswer(
          proposed: proposed, result: answered?.result,
          transferSyntaxUID: answered?.transferSyntax))
      guard let answered, answered.result == .accepted else { continue }
      let uid = answered.transferSyntax ?? ""
      guard proposed.transferSyntaxes.contains(uid) else {
        throw wire.violation(
          .transferSyntaxNotProposed(contextID: proposed.id, transferSyntaxUID: uid))
      }
      let role = agreedRole(for: proposed.abstractSyntax, request: request, accept: accept)
      wire.contexts[proposed.id] = AgreedContext(
        id: proposed.id, sopClassUID: proposed.abstractSyntax,
        transferSyntax: TransferSyntax(uid: uid), requestorIsUser: role.isUser,
        requestorIsProvider: role.isProvider)
    }
    guard !wire.contexts.isEmpty else {
      do throws(AssociationError) { try wire.release() } catch {}  // Nothing was to be said anyway.
      throw .noAcceptedContext(answers)
    }
    wire.sendLimit = try sendLimit(of: accept.userInformation, wire)
    let window = accept.userInformation.asynchronousOperations.invoked
    let wanted = request.userInformation.asynchronousOperations.invoked
    self.init(
      peer: peer, callingAETitle: callingAETitle, answers: answers,
      information: accept.userInformation, operationsWindow: operations(wanted, window), wire: wire)
  }
}

/// How many operations two sides agree on, where 0 is any number.
private func operations(_ wanted: UInt16, _ granted: UInt16) -> Int {
  switch (wanted, granted) {
  case (0, 0): 64
  case (0, let granted): Int(granted)
  case (let wanted, 0): Int(wanted)
  default: Int(min(wanted, granted))
  }
}

/// The longest body that may be sent to a peer which said this about itself.
func sendLimit(
  of information: UserInformation, _ wire: UpperLayer
) throws(AssociationError) -> Int {
  let announced = Int(information.maximumLength ?? 0)
  guard announced != 0 else { return UpperLayer.sendCeiling }
  // A PDV header and two bytes must fit, else nothing ever gets through.
  guard announced >= PresentationDataValue.overhead + 2 else {
    throw wire.violation(.maximumLengthTooSmall(announced))
  }
  return min(announced, UpperLayer.sendCeiling)
}

/// Which roles the requestor may play for a SOP class: proposed and accepted, or the default.
///
/// PS3.7 D.3.3.4.
func agreedRole(
  for sopClassUID: String, request: AssociateRequest, accept: AssociateAccept
) -> RoleSelection {
  let proposed = request.userInformation.roleSelections.first { $0.sopClassUID == sopClassUID }
  let accepted = accept.userInformation.roleSelections.first { $0.sopClassUID == sopClassUID }
  guard let proposed, let accepted else {
    return RoleSelection(sopClassUID: sopClassUID, isUser: true, isProvider: false)
  }
  return RoleSelection(
    sopClassUID: sopClassUID, isUser: proposed.isUser && accepted.isUser,
    isProvider: proposed.isProvider && accepted.isProvider)
}

extension AssociationError {
  fileprivate init(_ error: SocketError, connectingTo peer: Peer) {
    self =
      switch error {
      case .cannotResolve(let detail): .cannotResolve(host: peer.host, detail: detail)
      case .cannotOpen(let detail), .lost(let detail):
        .cannotConnect(host: peer.host, port: peer.port, detail: detail)
      case .timeout: .connectTimeout(host: peer.host, port: peer.port)
      case .interrupted: .cancelled
      }
  }
}

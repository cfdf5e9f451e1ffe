/// What an association is doing.
///
/// PS3.8 Tables 9-1 to 9-5.
package enum UpperLayerState: Int, CaseIterable, Sendable {
  /// Sta1: nothing.
  case idle = 1
  /// Sta2: the transport is open, the request is awaited.
  case awaitingRequest
  /// Sta3: the request is here, the local answer is awaited.
  case awaitingLocalAnswer
  /// Sta4: the transport is being opened.
  case awaitingTransport
  /// Sta5: the request is out, the answer is awaited.
  case awaitingAnswer
  /// Sta6: data may flow.
  case established
  /// Sta7: release is asked for, the reply is awaited.
  case awaitingReleaseReply
  /// Sta8: the peer asks for release, the local answer is awaited.
  case awaitingLocalRelease
  /// Sta9: both asked for release; requestor, the local answer is awaited.
  case collisionRequestorLocal
  /// Sta10: both asked for release; acceptor, the reply is awaited.
  case collisionAcceptorReply
  /// Sta11: both asked for release; requestor, the reply is awaited.
  case collisionRequestorReply
  /// Sta12: both asked for release; acceptor, the local answer is awaited.
  case collisionAcceptorLocal
  /// Sta13: the transport is about to be closed by the peer.
  case awaitingClose
}

/// What can happen to an association.
///
/// PS3.8 Table 9-10, first column, in its order.
package enum UpperLayerEvent: Int, CaseIterable, Sendable {
  case localAssociateRequest = 1
  case transportConnected
  case acceptReceived
  case rejectReceived
  case transportAccepted
  case requestReceived
  case localAccept
  case localReject
  case localData
  case dataReceived
  case localReleaseRequest
  case releaseRequestReceived
  case releaseReplyReceived
  case localReleaseReply
  case localAbort
  case abortReceived
  case transportClosed
  case artimExpired
  case invalidPDU
}

/// What an event makes an association do.
///
/// PS3.8 Tables 9-6 to 9-9.
package enum UpperLayerAction: String, CaseIterable, Sendable {
  case ae1 = "AE-1"
  case ae2 = "AE-2"
  case ae3 = "AE-3"
  case ae4 = "AE-4"
  case ae5 = "AE-5"
  case ae6 = "AE-6"
  case ae7 = "AE-7"
  case ae8 = "AE-8"
  case dt1 = "DT-1"
  case dt2 = "DT-2"
  case ar1 = "AR-1"
  case ar2 = "AR-2"
  case ar3 = "AR-3"
  case ar4 = "AR-4"
  case ar5 = "AR-5"
  case ar6 = "AR-6"
  case ar7 = "AR-7"
  case ar8 = "AR-8"
  case ar9 = "AR-9"
  case ar10 = "AR-10"
  case aa1 = "AA-1"
  case aa2 = "AA-2"
  case aa3 = "AA-3"
  case aa4 = "AA-4"
  case aa5 = "AA-5"
  case aa6 = "AA-6"
  case aa7 = "AA-7"
  case aa8 = "AA-8"
}

/// What the owner of the socket has to do, one step of an action.
package enum UpperLayerEffect: Hashable, Sendable {
  case openTransport
  case closeTransport
  case send(Sending)
  case startTimer
  case stopTimer
  case tell(Telling)

  /// The PDU that goes out.
  package enum Sending: Hashable, Sendable {
    case associateRequest
    case associateAccept
    case associateReject
    case data
    case releaseRequest
    case releaseReply
    case abort(Abort)
  }

  /// What the user of the upper layer learns.
  package enum Telling: Hashable, Sendable {
    case associateRequested
    case accepted
    case rejected
    case data
    case releaseRequested
    case released
    case releaseCollision
    /// The peer hung up; its PDU says which part of it.
    case aborted
    /// The upper layer gave up: the transport is lost, or what came makes no sense.
    case providerAborted
  }
}

extension UpperLayerEffect {
  var isSending: Bool { if case .send = self { true } else { false } }

  var isAborting: Bool { if case .send(.abort) = self { true } else { false } }
}

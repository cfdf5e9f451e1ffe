/// The orderly end of an association.
///
/// PS3.8 section 7.2.
extension UpperLayer {
  /// Asks for release and waits until it is granted.
  func release() throws(AssociationError) {
    try perform(.localReleaseRequest, sending: .releaseRequest, phase: .releasing)
    let deadline = Deadline(timeouts.release)
    while machine.state != .idle, machine.state != .awaitingClose {
      do throws(AssociationError) {
        _ = try nextPDU(until: deadline, phase: .releasing)
      } catch .connectionLost {
        // Everything was answered before: a peer that closes instead of replying has released.
        return
      }
      // Both sides asked at once: the requestor answers first, the acceptor after the reply.
      switch machine.state {
      case .collisionRequestorLocal, .collisionAcceptorLocal:
        try perform(.localReleaseReply, sending: .releaseReply, phase: .releasing)
      default: break
      }
    }
    if machine.state == .awaitingClose { awaitClose(within: timeouts.release) }
  }

  /// Grants the release that the peer asked for, and waits until it closes.
  func grantRelease() throws(AssociationError) {
    try perform(.localReleaseReply, sending: .releaseReply, phase: .releasing)
    awaitClose(within: timeouts.release)
  }
}

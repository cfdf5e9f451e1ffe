package import DIMSE

/// An archive as deliveries need it: where it is, how we call ourselves, and what it can be asked.
package struct Destination: Sendable {
  package let peer: Peer
  package let callingAETitle: AETitle
  package let timeouts: Timeouts
  /// Whether it answers queries.
  package let canBeAsked: Bool

  package init(
    peer: Peer, callingAETitle: AETitle, timeouts: Timeouts = Timeouts(), canBeAsked: Bool = true
  ) {
    self.peer = peer
    self.callingAETitle = callingAETitle
    self.timeouts = timeouts
    self.canBeAsked = canBeAsked
  }

  /// How the journal names it.
  package var name: String { "\(peer.aeTitle.text)@\(peer.host):\(peer.port)" }
}

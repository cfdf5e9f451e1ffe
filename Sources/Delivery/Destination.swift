package import DICOMweb
package import DIMSE
import HTTP

/// An archive as deliveries need it: where it is, how we call ourselves, and what it can be asked.
package struct Destination: Sendable {
  package let peer: Peer
  package let callingAETitle: AETitle
  package let timeouts: Timeouts
  /// Whether it answers queries.
  package let canBeAsked: Bool
  /// How instances are fetched from it.
  package var retrieval = Retrieval.get
  /// Whether it is asked to promise that it keeps what it was sent.
  package var commitment = Commitment.off
  /// How long such a promise is waited for.
  package var commitmentTime: Duration = .seconds(60)
  /// The port of this machine that it calls back at: for C-MOVE, and for its promises.
  package var ownPort: UInt16 = 11104

  /// How many associations share what is sent.
  package var associations = 1
  /// Its DICOMweb service, where one is known.
  package var web: WebArchive?
  /// Whether everything goes over DICOMweb: then ``peer`` says where it is and no more.
  package var isWebOnly = false

  package enum Retrieval: Sendable, Equatable {
    /// On the association that asks: C-GET.
    case get
    /// On an association that the archive opens to us: C-MOVE.
    case move
    /// Over DICOMweb: WADO-RS.
    case web
    /// Not at all.
    case none
  }

  package enum Commitment: Sendable, Equatable {
    case off
    /// Asked for; where there is none, that is said and no more.
    case tried
    /// Without it a verification is not complete.
    case required
  }

  package init(
    peer: Peer, callingAETitle: AETitle, timeouts: Timeouts = Timeouts(), canBeAsked: Bool = true
  ) {
    self.peer = peer
    self.callingAETitle = callingAETitle
    self.timeouts = timeouts
    self.canBeAsked = canBeAsked
  }

  /// How the journal names it.
  package var name: String {
    if isWebOnly, let web { return web.base.text }
    return "\(peer.aeTitle.text)@\(peer.host):\(peer.port)"
  }
}

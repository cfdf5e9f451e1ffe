package import DICOMweb
package import DIMSE
import HTTP

extension Destination {
  /// An archive that is spoken to over DICOMweb alone.
  package init?(_ archive: WebArchive, callingAETitle: AETitle, canBeAsked: Bool = true) {
    // Nobody calls it so: it stands where a DIMSE peer has its title.
    guard let title = AETitle("DICOMWEB") else { return nil }
    let port = UInt16(clamping: archive.base.port ?? 443)
    self.init(
      peer: Peer(host: archive.base.host, port: port, aeTitle: title),
      callingAETitle: callingAETitle, canBeAsked: canBeAsked)
    web = archive
    isWebOnly = true
    retrieval = .web
  }

  /// Its DICOMweb service where everything goes over it, ready to be interrupted.
  func storingService(_ interruption: Interruption) -> WebArchive? {
    isWebOnly ? webService(interruption) : nil
  }

  /// Its DICOMweb service, where it has one, ready to be interrupted.
  func webService(_ interruption: Interruption) -> WebArchive? {
    web?.stopping { interruption.isInterrupted }
  }
}

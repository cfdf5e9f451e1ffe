import Configuration
import Console
import DICOMweb
import DIMSE
import Delivery
import HTTP

extension Context {
  /// An archive that is spoken to over DICOMweb alone.
  func webDestination(_ archive: Site.Archive, _ site: Site) throws(CommandFailure) -> Destination {
    let isSilent =
      arguments.command.options.contains { $0.name == "no-query" } && arguments.flag("no-query")
    guard let service = try webArchive(archive), let calling = AETitle(site.aeTitle),
      var destination = Destination(
        service, callingAETitle: calling, canBeAsked: archive.canBeAsked && !isSilent)
    else {
      throw CommandFailure(
        .configuration, "AE titles have 1 to 16 characters: '\(site.aeTitle)'")
    }
    if archive.retrieve == .none { destination.retrieval = .none }
    destination.commitment = Destination.Commitment(archive.commit)
    return destination
  }

  /// The DICOMweb service of an archive; `nil` where it names none.
  func webArchive(_ archive: Site.Archive) throws(CommandFailure) -> WebArchive? {
    guard let web = archive.web else { return nil }
    do {
      let base = try WebAddress(web.url)
      return WebArchive(
        base,
        client: try webClient(
          web, silence: archive.timeouts.response, connecting: archive.timeouts.connect))
    } catch { throw CommandFailure(ExitStatus(error.kind), "\(error)") }
  }

  /// A client with the token that a service wants.
  func webClient(
    _ web: Site.WebService, silence: Double = 60, connecting: Double = 10
  ) throws(WebError) -> WebClient {
    var token: BearerToken?
    if let variable = web.tokenVariable { token = try BearerToken(variable: variable) }
    return try WebClient(token: token, silence: silence, connecting: connecting)
  }
}

extension ExitStatus {
  /// How a command ends that a web service has failed.
  init(_ kind: WebError.Kind) {
    self =
      switch kind {
      case .permanent: .unavailable
      case .transient, .cancelled: .tryAgain
      case .protocolViolation: .peerBrokeProtocol
      case .configuration: .configuration
      case .local: .inputOutput
      }
  }
}

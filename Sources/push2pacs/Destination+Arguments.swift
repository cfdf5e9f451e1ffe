import Configuration
import Console
import Delivery
import DICOMweb
import DIMSE

extension Context {
  /// The archive that `--pacs` names; `nil` where none was named.
  func destination(_ site: Site) throws(CommandFailure) -> Destination? {
    guard let name = arguments.string("pacs") else { return nil }
    let archive: Site.Archive
    do { archive = try site.archive(name) } catch {
      if case .peer = error { throw CommandFailure(.usage, "--pacs: \(error)") }
      throw CommandFailure(.configuration, "\(error)")
    }
    if archive.isWebOnly { return try webDestination(archive, site) }
    guard let called = AETitle(archive.aeTitle), let calling = AETitle(site.aeTitle),
      let port = UInt16(exactly: archive.port)
    else {
      throw CommandFailure(
        .configuration, "AE titles have 1 to 16 characters: '\(archive.aeTitle)', '\(site.aeTitle)'"
      )
    }
    var timeouts = Timeouts()
    timeouts.connect = .seconds(archive.timeouts.connect)
    timeouts.associate = .seconds(archive.timeouts.associate)
    timeouts.response = .seconds(archive.timeouts.response)
    timeouts.read = .seconds(archive.timeouts.read)
    timeouts.write = .seconds(archive.timeouts.write)
    timeouts.release = .seconds(archive.timeouts.release)
    func knows(_ option: String) -> Bool {
      arguments.command.options.contains { $0.name == option }
    }
    let isSilent = knows("no-query") && arguments.flag("no-query")
    var destination = Destination(
      peer: Peer(host: archive.host, port: port, aeTitle: called), callingAETitle: calling,
      timeouts: timeouts, canBeAsked: archive.canBeAsked && !isSilent)
    destination.retrieval =
      switch archive.retrieve {
      case .get: .get
      case .web: .web
      case .move: .move
      case .none: .none
      }
    destination.commitment = Destination.Commitment(archive.commit)
    destination.commitmentTime = .seconds(archive.timeouts.commitment)
    destination.web = try webArchive(archive)
    destination.ownPort = UInt16(clamping: site.port)
    let associations = knows("associations") ? arguments.integer("associations") : nil
    destination.associations = associations ?? archive.associations
    return destination
  }

  /// The archive as it was typed, for a command to be copied, with its configuration.
  var typedPACS: String { (namedPACS?.shellQuoted ?? "NAME") + sameConfiguration }

  /// What `--pacs` says, in a command that has it.
  var namedPACS: String? {
    arguments.command.options.contains { $0.name == "pacs" } ? arguments.string("pacs") : nil
  }

  func requiredDestination(_ site: Site) throws(CommandFailure) -> Destination {
    guard let destination = try destination(site) else {
      throw CommandFailure(
        .usage,
        "--pacs NAME is missing: a name of the configuration, AETITLE@host:port, or https://host/path"
      )
    }
    return destination
  }
}

extension Destination.Commitment {
  init(_ configured: Site.Commit) {
    self =
      switch configured {
      case .off: .off
      case .try: .tried
      case .required: .required
      }
  }
}

extension CommandFailure {
  /// What a delivery's end means for the exit code.
  init(_ error: DeliveryError, at destination: Destination) {
    switch error {
    case .association(let fault):
      let status: ExitStatus =
        switch fault.kind {
        case .permanent: .unavailable
        case .transient: .tryAgain
        case .protocolViolation: .peerBrokeProtocol
        case .cancelled: .tryAgain
        case .local: .inputOutput
        }
      self.init(status, "\(destination.name): \(fault)")
    case .refused(_, let answer):
      self.init(
        answer.status.isTransient ? .tryAgain : .unavailable, "\(destination.name): \(error)")
    case .notConfirmed: self.init(.notConfirmed, "\(error)")
    case .stage: self.init(.notConfirmed, "\(error)")
    case .journalHeld: self.init(.tryAgain, "\(error)")
    case .disk: self.init(.inputOutput, "\(error)")
    case .file, .encoding, .blocked: self.init(.wrongInput, "\(error)")
    case .foreign: self.init(.wrongInput, "\(destination.name): \(error)")
    case .web(let fault): self.init(ExitStatus(fault.kind), "\(destination.name): \(fault)")
    case .notOverWeb: self.init(.configuration, "\(destination.name): \(error)")
    case .cannotAsk, .cannotRetrieve, .cannotListen:
      self.init(.configuration, "\(destination.name): \(error)")
    }
  }
}

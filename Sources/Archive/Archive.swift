import DICOM
package import DIMSE
import Foundation
import Synchronization

/// A small PACS: it keeps what it is sent, answers queries, hands instances out again.
///
/// Files lie in folders by patient, study and series, as they came. What the archive knows of them
/// is read from the files at each start, so nothing has to be repaired after a crash.
package final class Archive: Sendable {
  /// Something worth a line in a log.
  package enum Event: Sendable {
    case network(ProviderEvent)
    case stored(sopInstanceUID: String, path: String)
    /// An instance that came again with the same bytes.
    case alreadyThere(sopInstanceUID: String)
    case refused(sopInstanceUID: String, reason: String)
    /// A file in the folder that is no instance, or a damaged one; it is left alone.
    case unreadable(path: String, reason: String)
  }

  package let directory: String
  package let aeTitle: AETitle
  private let storage: Storage
  private let provider: Mutex<Provider?> = Mutex(nil)
  private let options: Options

  /// Whom the archive lets in, and where it sends to.
  package struct Options: Sendable {
    /// Who may call; `nil`: anybody.
    package var allowedCallers: Set<AETitle>?
    /// Nodes that instances can be moved to, and promises sent to.
    package var destinations: [AETitle: Peer] = [:]
    package var maximumAssociations = 16
    package var timeouts = Timeouts()

    package init(allowedCallers: Set<AETitle>? = nil, destinations: [AETitle: Peer] = [:]) {
      self.allowedCallers = allowedCallers
      self.destinations = destinations
    }
  }

  /// Opens the folder, makes it where there is none, and reads what it holds.
  package init(
    directory: String, aeTitle: AETitle, options: Options = Options(),
    log: @escaping @Sendable (Event) -> Void = { _ in }
  ) throws(ArchiveError) {
    self.directory = directory
    self.aeTitle = aeTitle
    self.options = options
    storage = try Storage(directory: directory, log: log)
  }

  /// How many instances it holds.
  package var count: Int { storage.count }

  /// Serves on this thread until ``stop()`` is called.
  ///
  /// - Parameters:
  ///   - host: Which of this machine's addresses; by default nobody else can call.
  ///   - port: 0: any free one.
  ///   - onReady: Learns the port as soon as calls are taken.
  ///   - log: Learns what happens; called from many threads.
  package func serve(
    host: String = "127.0.0.1", port: UInt16, onReady: (UInt16) -> Void = { _ in },
    log: @escaping @Sendable (Event) -> Void = { _ in }
  ) throws(ArchiveError) {
    let provider = makeProvider(log: log)
    do throws(ProviderError) {
      try provider.serve(host: host, port: port, onReady: onReady)
    } catch {
      throw .cannotListen("\(error)")
    }
  }

  /// Serves on threads of its own; answers the port.
  package func start(
    host: String = "127.0.0.1", port: UInt16 = 0,
    log: @escaping @Sendable (Event) -> Void = { _ in }
  ) throws(ArchiveError) -> UInt16 {
    let provider = makeProvider(log: log)
    do throws(ProviderError) {
      return try provider.start(host: host, port: port)
    } catch {
      throw .cannotListen("\(error)")
    }
  }

  /// Ends everything that is open; ``serve(host:port:onReady:log:)`` then returns.
  package func stop() { provider.withLock { $0 }?.stop() }

  /// Ends everything and waits until it has ended.
  package func stopAndWait() { provider.withLock { $0 }?.stopAndWait() }

  private func makeProvider(log: @escaping @Sendable (Event) -> Void) -> Provider {
    var configuration = ProviderConfiguration(aeTitle: aeTitle, contexts: Self.contexts)
    configuration.allowedCallers = options.allowedCallers
    configuration.maximumAssociations = options.maximumAssociations
    configuration.timeouts = options.timeouts
    let services = ArchiveServices(
      storage: storage, aeTitle: aeTitle, destinations: options.destinations, log: log)
    let made = Provider(configuration, services: services) { log(.network($0)) }
    provider.withLock { $0 = made }
    return made
  }

  /// What the archive takes, in which forms: the conformance statement is made from this as well.
  package static let contexts: ContextTable = {
    // What is stored is kept as it is, so every form that a file can have is taken.
    var table = ContextTable(
      storage: ContextTable.Acceptance(
        ContextTable.everyTransferSyntax, requestorMayProvide: true))
    let messages = ContextTable.Acceptance(
      [.explicitVRLittleEndian, .implicitVRLittleEndian], prefersOwnOrder: true)
    table[SOPClass.verification] = messages
    for root in QueryRoot.allCases {
      table[root.findSOPClass] = messages
      table[root.getSOPClass] = messages
      table[root.moveSOPClass] = messages
    }
    table[SOPClass.storageCommitment] = messages
    return table
  }()
}

import DICOM
import DIMSE
import Files
import Foundation
import Synchronization

/// Our own node, which archives call back: instances of a C-MOVE, events of a storage commitment.
///
/// Instances are kept in files until whoever asked for them has looked at them.
final class OwnNode: Sendable {
  enum Call: Sendable {
    case instance(SpooledInstance)
    case event(EventReport)
    /// What was asked for on another association has ended.
    case ended(Result<RetrieveOutcome, AssociationError>)
  }

  let calls = Mailbox<Call>(limit: 16)
  private let provider: Provider

  /// Listens at the destination's own port.
  ///
  /// - Parameter spool: what the names of files begin with that instances are kept in meanwhile;
  ///   `nil`: no instances are taken.
  init(for destination: Destination, spool: String?) throws(DeliveryError) {
    var configuration = ProviderConfiguration(
      aeTitle: destination.callingAETitle,
      contexts: NegotiationTable.ownNode(storesInstances: spool != nil))
    configuration.timeouts = destination.timeouts
    provider = Provider(
      configuration, services: Callback(spool: spool, calls: calls))
    do {
      _ = try provider.start(host: destination.ownHost, port: destination.ownPort)
    } catch { throw .cannotListen("\(error)") }
  }

  /// Takes no more calls; what nobody has looked at is taken away.
  func stop() {
    for call in calls.close() {
      if case .instance(let instance) = call { instance.discard() }
    }
    provider.stopAndWait()
  }
}

extension Destination {
  /// Where we listen: on this machine alone for an archive that runs on it.
  fileprivate var ownHost: String {
    switch peer.host {
    case "127.0.0.1", "localhost": "127.0.0.1"
    case "::1": "::1"
    default: peer.host.contains(":") ? "::" : "0.0.0.0"
    }
  }
}

/// What our own node does when an archive calls it.
private struct Callback: Services {
  let spool: String?
  let calls: Mailbox<OwnNode.Call>
  let count = Count()

  final class Count: Sendable {
    private let value = Atomic(0)
    var next: Int { value.add(1, ordering: .relaxed).newValue }
  }

  func store(
    _ instance: IncomingInstance, _ dataSet: DataSetStream, caller: Caller
  ) throws(AssociationError) -> ServiceResult {
    guard let spool else { return ServiceResult(.sopClassNotSupported) }
    let path = "\(spool)\(count.next)"
    do throws(DeliveryError) {
      try ReturnedInstance(instance, dataSet).write(to: path)
    } catch .association(let error) {
      throw error
    } catch {
      return ServiceResult(.outOfResources, errorComment: "cannot write")
    }
    let spooled = SpooledInstance(
      sopClassUID: instance.sopClassUID, sopInstanceUID: instance.sopInstanceUID,
      transferSyntax: instance.transferSyntax, path: path)
    guard calls.put(.instance(spooled)) else {
      spooled.discard()
      return ServiceResult(.processingFailure, errorComment: "not wanted any more")
    }
    return ServiceResult(.success)
  }

  func event(_ report: EventReport, caller: Caller) -> Status {
    calls.put(.event(report)) ? .success : .processingFailure
  }
}

import DICOM
import DIMSE
import Synchronization

/// A provider's services that keep everything in memory.
final class MemoryServices: Services {
  struct Kept: Sendable {
    var instance: IncomingInstance
    var bytes: [UInt8]
  }

  let kept = Mutex<[Kept]>([])
  let events = Mutex<[EventReport]>([])
  let destinations: [AETitle: Peer]

  init(destinations: [AETitle: Peer] = [:]) { self.destinations = destinations }

  func store(
    _ instance: IncomingInstance, _ dataSet: DataSetStream, caller: Caller
  ) throws(AssociationError) -> ServiceResult {
    let bytes = try dataSet.whole(limit: 64 << 20)
    kept.withLock { $0.append(Kept(instance: instance, bytes: bytes)) }
    return ServiceResult(.success)
  }

  /// As many matches as the instance number asks for.
  func find(
    _ query: Query, onMatch: (DataSet) throws(AssociationError) -> Bool
  ) throws(AssociationError) -> ServiceResult {
    let wanted = Int(query.identifier.string(.instanceNumber) ?? "") ?? 0
    for number in 0..<wanted {
      var match = DataSet()
      do throws(EncodingError) {
        try match.set(.queryRetrieveLevel, query.level.rawValue)
        try match.set(.instanceNumber, integer: number)
      } catch {
        throw .cannotEncode("\(error)")
      }
      guard try onMatch(match) else { break }
    }
    return ServiceResult(.success)
  }

  func instances(_ query: Query) -> Result<[OutgoingInstance], RetrieveRefusal> {
    .success(
      kept.withLock { $0 }.map { kept in
        OutgoingInstance(
          sopClassUID: kept.instance.sopClassUID, sopInstanceUID: kept.instance.sopInstanceUID,
          transferSyntaxes: [kept.instance.transferSyntax]
        ) { _ in OutgoingBody(kept.bytes) }
      })
  }

  func destination(_ aeTitle: AETitle) -> Peer? { destinations[aeTitle] }

  func event(_ report: EventReport, caller: Caller) -> Status {
    events.withLock { $0.append(report) }
    return .success
  }

  func commit(_ request: StorageCommitment.Request, caller: Caller) -> CommitmentReply {
    let known = Set(kept.withLock { $0.map(\.instance.sopInstanceUID) })
    var result = StorageCommitment.Result(
      transactionUID: request.transactionUID, committed: [], failed: [])
    for reference in request.references {
      if known.contains(reference.sopInstanceUID) {
        result.committed.append(reference)
      } else {
        result.failed.append(.init(reference: reference, reason: .noSuchInstance))
      }
    }
    return CommitmentReply(.success, result: result, destination: destinations[caller.aeTitle])
  }
}

package import DICOM

/// Who called, for whoever serves.
package struct Caller: Hashable, Sendable {
  package var aeTitle: AETitle
  package var host: String

  package init(aeTitle: AETitle, host: String) {
    self.aeTitle = aeTitle
    self.host = host
  }
}

/// A query or retrieval as it was asked.
package struct Query: Sendable {
  package var root: QueryRoot
  package var level: QueryLevel
  package var identifier: DataSet
  package var caller: Caller
}

/// How a service ended, and a word about it.
package struct ServiceResult: Hashable, Sendable {
  package var status: Status
  /// At most 64 characters.
  package var errorComment: String?

  package init(_ status: Status, errorComment: String? = nil) {
    self.status = status
    self.errorComment = errorComment.map { String($0.prefix(64)) }
  }
}

/// What a commitment is answered with, and where the promise goes.
package struct CommitmentReply: Sendable {
  package var status: Status
  package var result: StorageCommitment.Result?
  /// Where the promise is sent on an association of its own; `nil`: on the one it was asked on.
  package var destination: Peer?

  package init(_ status: Status, result: StorageCommitment.Result? = nil, destination: Peer? = nil)
  {
    self.status = status
    self.result = result
    self.destination = destination
  }
}

/// What a provider does when it is asked.
///
/// Called from many threads at once.
package protocol Services: Sendable {
  func echo(caller: Caller) -> Status

  /// Takes an instance; what it leaves unread of the data set is skipped.
  func store(
    _ instance: IncomingInstance, _ dataSet: DataSetStream, caller: Caller
  ) throws(AssociationError) -> ServiceResult

  /// Hands out matches until there are no more, or `onMatch` says stop.
  func find(
    _ query: Query, onMatch: (DataSet) throws(AssociationError) -> Bool
  ) throws(AssociationError) -> ServiceResult

  /// The instances that C-GET and C-MOVE shall send.
  func instances(_ query: Query) -> Result<[OutgoingInstance], RetrieveRefusal>

  /// Where a node is that instances shall be moved to.
  func destination(_ aeTitle: AETitle) -> Peer?

  func commit(_ request: StorageCommitment.Request, caller: Caller) -> CommitmentReply

  /// Takes an event that a peer reports.
  func event(_ report: EventReport, caller: Caller) -> Status
}

/// Why nothing can be retrieved.
package struct RetrieveRefusal: Error, Hashable {
  package var result: ServiceResult

  package init(_ status: Status, errorComment: String? = nil) {
    result = ServiceResult(status, errorComment: errorComment)
  }
}

/// Whoever serves names only what it does; the rest is refused.
extension Services {
  package func echo(caller: Caller) -> Status { .success }

  package func store(
    _ instance: IncomingInstance, _ dataSet: DataSetStream, caller: Caller
  ) throws(AssociationError) -> ServiceResult { ServiceResult(.sopClassNotSupported) }

  package func find(
    _ query: Query, onMatch: (DataSet) throws(AssociationError) -> Bool
  ) throws(AssociationError) -> ServiceResult { ServiceResult(.sopClassNotSupported) }

  package func instances(_ query: Query) -> Result<[OutgoingInstance], RetrieveRefusal> {
    .failure(RetrieveRefusal(.sopClassNotSupported))
  }

  package func destination(_ aeTitle: AETitle) -> Peer? { nil }

  package func commit(_ request: StorageCommitment.Request, caller: Caller) -> CommitmentReply {
    CommitmentReply(.sopClassNotSupported)
  }

  package func event(_ report: EventReport, caller: Caller) -> Status { .noSuchEventType }
}

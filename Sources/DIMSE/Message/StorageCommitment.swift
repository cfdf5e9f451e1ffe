package import DICOM

/// A promise to keep instances, as it is asked for and given.
///
/// PS3.4 Annex J.
package enum StorageCommitment {
  /// An instance that somebody refers to.
  package struct Reference: Hashable, Sendable {
    package var sopClassUID: String
    package var sopInstanceUID: String

    package init(sopClassUID: String, sopInstanceUID: String) {
      self.sopClassUID = sopClassUID
      self.sopInstanceUID = sopInstanceUID
    }
  }

  /// An instance that is not promised, and why.
  package struct Failure: Hashable, Sendable {
    package var reference: Reference
    package var reason: Status

    package init(reference: Reference, reason: Status) {
      self.reference = reference
      self.reason = reason
    }
  }

  /// What shall be promised: the information of an N-ACTION of type 1.
  ///
  /// PS3.4 Table J.3-1.
  package struct Request: Hashable, Sendable {
    package var transactionUID: String
    package var references: [Reference]

    package init(transactionUID: String, references: [Reference]) {
      self.transactionUID = transactionUID
      self.references = references
    }
  }

  /// What is promised: the information of an N-EVENT-REPORT of type 1 or 2.
  ///
  /// PS3.4 Table J.3-2.
  package struct Result: Hashable, Sendable {
    package var transactionUID: String
    package var committed: [Reference]
    package var failed: [Failure]

    package init(transactionUID: String, committed: [Reference], failed: [Failure]) {
      self.transactionUID = transactionUID
      self.committed = committed
      self.failed = failed
    }

    /// 1: everything is promised; 2: some things are not.
    package var eventTypeID: UInt16 { failed.isEmpty ? 1 : 2 }
  }

  /// The Action Type ID of the request.
  package static let requestActionTypeID: UInt16 = 1
}

extension StorageCommitment.Request {
  /// Reads what a peer wants promised; `nil` where it does not say for what, or in which transaction.
  package init?(_ dataSet: DataSet) {
    guard let transactionUID = dataSet.string(.transactionUID) else { return nil }
    let references = dataSet.items(.referencedSOPSequence).compactMap(
      StorageCommitment.Reference.init)
    guard !references.isEmpty else { return nil }
    self.init(transactionUID: transactionUID, references: references)
  }

  package func dataSet() throws(EncodingError) -> DataSet {
    var dataSet = DataSet()
    try dataSet.set(.transactionUID, transactionUID)
    var items: [DataSet] = []
    for reference in references { items.append(try reference.item()) }
    dataSet.set(.referencedSOPSequence, items: items)
    return dataSet
  }
}

extension StorageCommitment.Result {
  /// Reads what a peer promises; `nil` where it does not say in which transaction.
  package init?(_ dataSet: DataSet) {
    guard let transactionUID = dataSet.string(.transactionUID) else { return nil }
    let committed = dataSet.items(.referencedSOPSequence).compactMap(
      StorageCommitment.Reference.init)
    var failed: [StorageCommitment.Failure] = []
    for item in dataSet.items(.failedSOPSequence) {
      guard let reference = StorageCommitment.Reference(item) else { continue }
      var reason = Status.processingFailure
      if let code = item.unsigned16(.failureReason) { reason = Status(code) }
      failed.append(StorageCommitment.Failure(reference: reference, reason: reason))
    }
    self.init(transactionUID: transactionUID, committed: committed, failed: failed)
  }

  package func dataSet() throws(EncodingError) -> DataSet {
    var dataSet = DataSet()
    try dataSet.set(.transactionUID, transactionUID)
    if !committed.isEmpty {
      var items: [DataSet] = []
      for reference in committed { items.append(try reference.item()) }
      dataSet.set(.referencedSOPSequence, items: items)
    }
    if !failed.isEmpty {
      var items: [DataSet] = []
      for failure in failed {
        var item = try failure.reference.item()
        try item.set(.failureReason, integer: Int(failure.reason.code))
        items.append(item)
      }
      dataSet.set(.failedSOPSequence, items: items)
    }
    return dataSet
  }
}

extension StorageCommitment.Reference {
  fileprivate init?(_ item: DataSet) {
    guard let sopClass = item.string(.referencedSOPClassUID),
      let instance = item.string(.referencedSOPInstanceUID)
    else { return nil }
    self.init(sopClassUID: sopClass, sopInstanceUID: instance)
  }

  fileprivate func item() throws(EncodingError) -> DataSet {
    var item = DataSet()
    try item.set(.referencedSOPClassUID, sopClassUID)
    try item.set(.referencedSOPInstanceUID, sopInstanceUID)
    return item
  }
}

extension DataSet {
  /// A value of VR US, where it is one.
  fileprivate func unsigned16(_ tag: Tag) -> UInt16? {
    guard let bytes = self[tag]?.bytes, bytes.count == 2 else { return nil }
    return bytes.reversed().reduce(0) { $0 << 8 | UInt16($1) }
  }
}

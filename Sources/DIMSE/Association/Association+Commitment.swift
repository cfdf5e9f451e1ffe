package import DICOM

/// Something that a peer reports of itself: N-EVENT-REPORT.
///
/// PS3.7 section 10.1.1.
package struct EventReport: Sendable {
  package var sopClassUID: String
  package var sopInstanceUID: String
  package var eventTypeID: UInt16
  package var information: DataSet

  /// The promise, where this is an event of storage commitment.
  package var commitment: StorageCommitment.Result? {
    sopClassUID == SOPClass.storageCommitment ? StorageCommitment.Result(information) : nil
  }
}

extension Association {
  /// Asks for something to be done: N-ACTION.
  ///
  /// PS3.7 section 10.1.4.
  package func action(
    sopClassUID: String, sopInstanceUID: String, actionTypeID: UInt16, information: DataSet
  ) throws(AssociationError) -> Answer {
    let context = try context(for: sopClassUID)
    var command = Command(.action, hasDataSet: true)
    command.messageID = nextMessageID()
    command.requestedSOPClassUID = sopClassUID
    command.requestedSOPInstanceUID = sopInstanceUID
    command.actionTypeID = actionTypeID
    let bytes = try wire.encode(information, for: context)
    try wire.send(command, dataSet: bytes.span.bytes, in: context.id)
    // The event may overtake the answer to the request that causes it.
    let message = try wire.response(to: command.messageID ?? 0, .action) {
      (other) throws(AssociationError) in
      if let report = try takeReport(other) { earlyReports.append(report) }
    }
    while try wire.nextFragment() != nil {}
    return Answer(message.command)
  }

  /// Asks the peer to promise that it keeps instances.
  ///
  /// The promise comes later: here by ``eventReport(within:)``, or on an association that the peer
  /// opens to our ``Provider``.
  package func requestCommitment(
    _ request: StorageCommitment.Request
  ) throws(AssociationError) -> Answer {
    let information: DataSet
    do throws(EncodingError) {
      information = try request.dataSet()
    } catch {
      throw .cannotEncode("\(error)")
    }
    return try action(
      sopClassUID: SOPClass.storageCommitment,
      sopInstanceUID: SOPClass.storageCommitmentInstance,
      actionTypeID: StorageCommitment.requestActionTypeID, information: information)
  }

  /// Waits for an event on this association and confirms it; `nil` when none comes in time, or the
  /// peer has closed.
  package func eventReport(within duration: Duration) throws(AssociationError) -> EventReport? {
    if !earlyReports.isEmpty { return earlyReports.removeFirst() }
    let deadline = Deadline(duration)
    while isOpen, try wire.waitForArrival(within: deadline.left ?? duration) {
      guard let message = try wire.nextMessage(within: wire.timeouts.read, phase: .receiving) else {
        try wire.grantRelease()
        return nil
      }
      if let report = try takeReport(message) { return report }
    }
    return nil
  }

  /// Reads and confirms an event; anything else is refused.
  private func takeReport(
    _ message: UpperLayer.Incoming
  ) throws(AssociationError) -> EventReport? {
    guard message.command.field == .eventReport else {
      try wire.refuse(message)
      return nil
    }
    let report = try wire.eventReport(message)
    try wire.send(message.command.response(.success), in: message.contextID)
    return report
  }
}

extension UpperLayer {
  /// Reads the rest of an event.
  func eventReport(_ message: Incoming) throws(AssociationError) -> EventReport {
    let information = message.command.hasDataSet ? try dataSet(of: message) : DataSet()
    return EventReport(
      sopClassUID: message.command.sopClassUID ?? "",
      sopInstanceUID: message.command.sopInstanceUID ?? "",
      eventTypeID: message.command.eventTypeID ?? 0, information: information)
  }
}

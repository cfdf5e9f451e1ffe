import DICOM
import Foundation

extension ProviderAssociation {
  /// Serves the one action there is here: a request for storage commitment.
  ///
  /// PS3.4 J.3.2.
  func action(
    _ message: UpperLayer.Incoming, _ context: AgreedContext
  ) throws(AssociationError) {
    let information = message.command.hasDataSet ? try wire.dataSet(of: message) : DataSet()
    guard context.sopClassUID == SOPClass.storageCommitment else {
      return try answer(message, ServiceResult(.sopClassNotSupported))
    }
    guard message.command.actionTypeID == StorageCommitment.requestActionTypeID else {
      return try answer(message, ServiceResult(.noSuchAction))
    }
    guard let request = StorageCommitment.Request(information) else {
      return try answer(message, ServiceResult(.invalidArgument))
    }
    let reply = services.commit(request, caller: caller)
    guard reply.status.isDone, let result = reply.result, let destination = reply.destination else {
      try answer(message, ServiceResult(reply.status))
      if reply.status.isDone, let result = reply.result { try report(result, in: context) }
      return
    }
    // A node that asks and does not listen must not fill us with threads that call it.
    guard reports.enterIfRoom() else {
      return try answer(
        message, ServiceResult(.resourceLimitation, errorComment: "too many promises under way"))
    }
    do throws(AssociationError) { try answer(message, ServiceResult(reply.status)) } catch {
      reports.leave()
      throw error
    }
    report(result, to: destination)
  }

  /// Sends the promise on this association; its confirmation comes among what is served next.
  private func report(
    _ result: StorageCommitment.Result, in context: AgreedContext
  ) throws(AssociationError) {
    var command = Command(.eventReport, hasDataSet: true)
    command.messageID = nextMessageID()
    command.affectedSOPClassUID = SOPClass.storageCommitment
    command.affectedSOPInstanceUID = SOPClass.storageCommitmentInstance
    command.eventTypeID = result.eventTypeID
    let bytes = try wire.encode(try dataSet(of: result), for: context)
    try wire.send(command, dataSet: bytes.span.bytes, in: context.id)
  }

  /// Sends the promise on an association of its own, where we play the provider's role.
  ///
  /// The place that was taken among ``reports`` is given back at its end.
  private func report(_ result: StorageCommitment.Result, to destination: Peer) {
    let (title, timeouts) = (configuration.aeTitle, configuration.timeouts)
    let interruption = wire.interruption
    Thread.detachNewThread { [reports] in
      defer { reports.leave() }
      do throws(AssociationError) {
        let association = try Association.request(
          to: destination, as: title,
          contexts: [ContextProposal(SOPClass.storageCommitment, role: .provider)],
          options: Association.Options(timeouts: timeouts), interruption: interruption)
        _ = try association.report(result)
        try association.release()
      } catch {
        // Nobody takes the promise: who asked will ask again.
      }
    }
  }

  private func dataSet(
    of result: StorageCommitment.Result
  ) throws(AssociationError) -> DataSet {
    do throws(EncodingError) { return try result.dataSet() } catch {
      throw .cannotEncode("\(error)")
    }
  }
}

extension Association {
  /// Reports a promise as its giver: N-EVENT-REPORT.
  package func report(_ result: StorageCommitment.Result) throws(AssociationError) -> Answer {
    // Some peers forget to confirm the role; the report is sent all the same.
    guard let context = contexts.first(where: { $0.sopClassUID == SOPClass.storageCommitment })
    else { throw .noContext(sopClassUID: SOPClass.storageCommitment, transferSyntaxUID: nil) }
    var command = Command(.eventReport, hasDataSet: true)
    command.messageID = nextMessageID()
    command.affectedSOPClassUID = SOPClass.storageCommitment
    command.affectedSOPInstanceUID = SOPClass.storageCommitmentInstance
    command.eventTypeID = result.eventTypeID
    let information: DataSet
    do throws(EncodingError) { information = try result.dataSet() } catch {
      throw .cannotEncode("\(error)")
    }
    let bytes = try wire.encode(information, for: context)
    try wire.send(command, dataSet: bytes.span.bytes, in: context.id)
    let message = try response(to: command)
    while try wire.nextFragment() != nil {}
    return Answer(message.command)
  }
}

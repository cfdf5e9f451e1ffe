import DICOM
import DIMSE
import Foundation
import Quality

/// One line of associations that sends what is left, replacing one that breaks.
struct SendingLane: Sendable {
  let stage: Stage
  let proof: StageProof?
  let destination: Destination
  let proposals: [ContextProposal]
  let interruption: Interruption
  let queue: SendingQueue

  /// How often in a row an association may break without an answer before the lane is given up.
  private static let attempts = 4
  /// How many instances we would like to have under way; most archives take one.
  private static let window: UInt16 = 8

  /// Sends until nothing is left, or no association can be had.
  func run() {
    var failures = 0
    while true {
      var hasProgressed = false
      do throws(DeliveryError) {
        try sendOverOneAssociation(&hasProgressed)
        return queue.laneEnded(nil)
      } catch {
        guard case .association(let fault) = error else {
          queue.stop(because: error)
          return queue.laneEnded(error)
        }
        if fault.kind == .cancelled || fault.kind == .local { queue.stop(because: error) }
        failures = hasProgressed ? 1 : failures + 1
        let mayHelp = fault.kind == .transient || isLossOfWhatWasThere(fault)
        guard mayHelp, failures < Self.attempts, !queue.isStopped else {
          return queue.laneEnded(broken(fault))
        }
        guard
          Backoff.wait(seconds: Double(1 << (failures - 1)) * 0.5, unless: interruption)
        else {
          queue.stop(because: .association(.cancelled))
          return queue.laneEnded(.association(.cancelled))
        }
      }
    }
  }

  /// Whether an archive cannot be reached that was there a moment ago: it may come back.
  private func isLossOfWhatWasThere(_ fault: AssociationError) -> Bool {
    switch fault {
    case .cannotConnect, .connectTimeout: queue.hasBeenAccepted
    default: false
    }
  }

  /// The fault as the run's end: an archive that went away in the middle may be tried again.
  private func broken(_ fault: AssociationError) -> DeliveryError {
    isLossOfWhatWasThere(fault)
      ? .association(.connectionLost(.connecting, detail: "\(fault)")) : .association(fault)
  }

  private func sendOverOneAssociation(_ hasProgressed: inout Bool) throws(DeliveryError) {
    guard !queue.isEmpty else { return }
    var options = Association.Options(timeouts: destination.timeouts)
    options.operationsWindow = Self.window
    let association: Association
    do {
      association = try Association.request(
        to: destination.peer, as: destination.callingAETitle, contexts: proposals,
        options: options, interruption: interruption)
    } catch { throw .association(error) }
    queue.wasAccepted()
    let parcels = ParcelQueue()
    pack(into: parcels, association)
    var underWay: [String: (parcel: Parcel, byteCount: Int)] = [:]
    var handedOut: Manifest.Instance?
    do throws(DeliveryError) {
      while true {
        // While an answer waits to be read, or nothing is packed, there is no use in waiting for more.
        let parcel =
          underWay.isEmpty
          ? try parcels.next() : association.hasAnswer ? nil : parcels.nextUnlessDry()
        if let parcel {
          handedOut = parcel.entry
          while underWay[parcel.entry.sopInstanceUID] != nil {
            try takeAnswer(association, &underWay)
          }
          let byteCount = try parcel.send(over: association)
          underWay[parcel.entry.sopInstanceUID] = (parcel, byteCount)
          handedOut = nil
          guard underWay.count >= association.operationsWindow else { continue }
        }
        guard !underWay.isEmpty else { break }
        try takeAnswer(association, &underWay)
        hasProgressed = true
      }
    } catch {
      association.abort()
      parcels.abandon()
      // First what is in our hands: the packing may be waiting for it.
      queue.giveBack(underWay.values.map(\.parcel.entry) + [handedOut].compactMap(\.self))
      queue.giveBack(parcels.leftOver())
      throw error
    }
    // All is acknowledged; a peer that does not part politely has stored it all the same.
    do { try association.release() } catch { association.abort() }
  }

  private func takeAnswer(
    _ association: Association, _ underWay: inout [String: (parcel: Parcel, byteCount: Int)]
  ) throws(DeliveryError) {
    let request: StoreRequest
    let answer: Answer
    do { (request, answer) = try association.nextStoreAnswer() } catch {
      throw .association(error)
    }
    guard let (parcel, byteCount) = underWay.removeValue(forKey: request.sopInstanceUID) else {
      return
    }
    queue.answered(
      .init(
        entry: parcel.entry, syntax: parcel.syntax, result: .success(answer), byteCount: byteCount))
  }

  /// Reads and packs, a few instances ahead, on a thread of its own.
  private func pack(into parcels: ParcelQueue, _ association: Association) {
    var accepted: [String: [TransferSyntax]] = [:]
    for context in association.contexts {
      accepted[context.sopClassUID] = association.transferSyntaxes(for: context.sopClassUID)
    }
    let known = accepted
    Thread.detachNewThread { [self] in
      while parcels.waitForRoom(), let entry = queue.next(dry: parcels.setDry) {
        do throws(DeliveryError) {
          let parcel = try Parcel(
            entry, of: stage, proof: proof, accepted: known[entry.sopClassUID] ?? [])
          guard parcels.add(parcel) else {
            queue.giveBack([entry])
            break
          }
        } catch .association(let refusal) {
          // The archive takes other classes: those still go out.
          queue.answered(.init(entry: entry, syntax: nil, result: .failure(refusal), byteCount: 0))
        } catch {
          queue.giveBack([entry])
          return parcels.finish(error)
        }
      }
      parcels.finish()
    }
  }
}

import DICOM

/// Sends the instances of a C-MOVE to their destination.
struct MoveSender {
  let destination: Peer
  let callingAETitle: AETitle
  let originator: StoreRequest.MoveOriginator
  let timeouts: Timeouts
  let interruption: Interruption

  /// Instances that fit on one association: at most 128 contexts, one for each class and form.
  static func groups(of instances: [OutgoingInstance]) -> [[OutgoingInstance]] {
    var groups: [[OutgoingInstance]] = []
    var contexts: Set<ContextProposal> = []
    for instance in instances {
      let wanted = contexts.union(proposals(for: instance))
      if groups.isEmpty || wanted.count > 128 {
        groups.append([])
        contexts = Set(proposals(for: instance))
      } else {
        contexts = wanted
      }
      groups[groups.count - 1].append(instance)
    }
    return groups
  }

  private static func proposals(for instance: OutgoingInstance) -> [ContextProposal] {
    ContextProposal.each(instance.sopClassUID, instance.transferSyntaxes)
  }

  /// An association for these instances; `nil` where the destination takes none.
  func open(for instances: [OutgoingInstance]) -> Association? {
    var proposals: [ContextProposal] = []
    var known: Set<ContextProposal> = []
    for proposal in instances.flatMap(Self.proposals) where known.insert(proposal).inserted {
      proposals.append(proposal)
    }
    do throws(AssociationError) {
      return try Association.request(
        to: destination, as: callingAETitle, contexts: proposals,
        options: Association.Options(timeouts: timeouts), interruption: interruption)
    } catch {
      // Each instance then counts as failed, which is how C-MOVE tells.
      return nil
    }
  }

  /// The destination's answer; `nil` where there is none.
  func send(_ instance: OutgoingInstance, over association: Association?) -> Status? {
    guard let association, association.isOpen else { return nil }
    let accepted = association.transferSyntaxes(for: instance.sopClassUID)
    for syntax in instance.transferSyntaxes where accepted.contains(syntax) {
      guard let body = instance.body(syntax) else { continue }
      let request = StoreRequest(
        sopClassUID: instance.sopClassUID, sopInstanceUID: instance.sopInstanceUID,
        moveOriginator: originator)
      do throws(AssociationError) {
        return try association.store(request, transferSyntax: syntax, pieces: body.next).status
      } catch {
        // Half an instance is out: nothing else may follow it.
        association.abort()
        return nil
      }
    }
    return nil
  }

  func end(_ association: Association?) {
    guard let association, association.isOpen else { return }
    do throws(AssociationError) { try association.release() } catch {}  // All is answered already.
  }
}

package import DICOM
package import DIMSE
package import Quality

/// What is left to send, shared by the associations that send it, and what came of it.
package final class SendingQueue: Sendable {
  /// An instance that was answered for, or that no accepted context can carry.
  package struct Answered: Sendable {
    package let entry: Manifest.Instance
    package let syntax: TransferSyntax?
    package let result: Result<Answer, AssociationError>
    package let byteCount: Int

    package init(
      entry: Manifest.Instance, syntax: TransferSyntax?, result: Result<Answer, AssociationError>,
      byteCount: Int
    ) {
      self.entry = entry
      self.syntax = syntax
      self.result = result
      self.byteCount = byteCount
    }
  }

  private struct State: Sendable {
    var waiting: [Manifest.Instance]
    /// Handed out and not yet answered for.
    var underWay = 0
    var answered: [Answered] = []
    var lanes: Int
    var isStopped = false
    var wasAccepted = false
    var failure: DeliveryError?
  }

  private let state: Monitor<State>
  /// Which instance goes out before which.
  private let order: [String: Int]

  package init(_ waiting: [Manifest.Instance], lanes: Int) {
    state = Monitor(State(waiting: waiting.reversed(), lanes: lanes))
    var order: [String: Int] = [:]
    for (index, entry) in waiting.enumerated() { order[entry.sopInstanceUID] = index }
    self.order = order
  }

  /// Whether everything is handed out.
  package var isEmpty: Bool { state.change { $0.waiting.isEmpty } }

  /// The next instance; waits while one may still be given back, `nil` at the end.
  ///
  /// - Parameter dry: told before it waits, and when it goes on.
  package func next(dry: (Bool) -> Void) -> Manifest.Instance? {
    if let next = state.change(Self.take) { return next }
    dry(true)
    defer { dry(false) }
    return state.wait(Self.take)
  }

  /// The outer optional says whether there is something to say.
  private static func take(_ state: inout State) -> Manifest.Instance?? {
    if state.isStopped { return .some(nil) }
    if let entry = state.waiting.popLast() {
      state.underWay += 1
      return entry
    }
    return state.underWay == 0 ? .some(nil) : nil
  }

  /// Gives back what was handed out and not answered for, to be sent by whoever comes.
  package func giveBack(_ entries: [Manifest.Instance]) {
    guard !entries.isEmpty else { return }
    state.change { state in
      state.waiting += entries
      state.waiting.sort {
        order[$0.sopInstanceUID, default: 0] > order[$1.sopInstanceUID, default: 0]
      }
      state.underWay -= entries.count
    }
  }

  package func answered(_ answered: Answered) {
    state.change { state in
      state.answered.append(answered)
      state.underWay -= 1
    }
  }

  /// Nothing more goes out: somebody stopped it, or this side cannot go on.
  package func stop(because failure: DeliveryError) {
    state.change { state in
      state.isStopped = true
      state.failure = state.failure ?? failure
    }
  }

  package var isStopped: Bool { state.change { $0.isStopped } }

  /// That the archive has accepted an association in this run: from now on it is known to be there.
  func wasAccepted() { state.change { $0.wasAccepted = true } }

  var hasBeenAccepted: Bool { state.change { $0.wasAccepted } }

  /// An association is gone for good; with the last one goes the hope for what is left.
  package func laneEnded(_ failure: DeliveryError?) {
    state.change { state in
      state.lanes -= 1
      state.failure = state.failure ?? failure
    }
  }

  /// What was answered since the last call; waits for something, `nil` when all have ended.
  package func nextAnswers() -> [Answered]? {
    state.wait { state -> [Answered]?? in
      guard state.answered.isEmpty else {
        defer { state.answered = [] }
        return .some(state.answered)
      }
      return state.lanes == 0 ? .some(nil) : nil
    }
  }

  /// Why instances are left over; `nil` where none are.
  package var failure: DeliveryError? {
    state.change { $0.waiting.isEmpty && $0.underWay == 0 ? nil : $0.failure }
  }
}

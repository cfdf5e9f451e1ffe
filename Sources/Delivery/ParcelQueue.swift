import Quality

/// The next few parcels of an association, packed on a thread of their own while the archive works.
///
/// At most so many wait in memory, whatever the number of slices.
final class ParcelQueue: Sendable {
  private struct State: Sendable {
    var ready: [Parcel] = []
    /// Whether the packing waits for what others may give back.
    var isDry = false
    var isFinished = false
    var isAbandoned = false
    var failure: DeliveryError?
  }

  private static let capacity = 2
  private let state = Monitor(State())

  /// Waits for room; `false` when nobody wants any more.
  func waitForRoom() -> Bool {
    state.wait { state -> Bool? in
      if state.isAbandoned { return false }
      return state.ready.count < Self.capacity ? true : nil
    }
  }

  /// Adds a parcel; `false` when nobody wants it any more.
  func add(_ parcel: Parcel) -> Bool {
    state.change { state in
      if !state.isAbandoned { state.ready.append(parcel) }
      return !state.isAbandoned
    }
  }

  /// No more parcels come.
  func finish(_ failure: DeliveryError? = nil) {
    state.change { state in
      state.isFinished = true
      state.failure = failure
    }
  }

  /// Says whether the packing waits for what others may give back.
  func setDry(_ isDry: Bool) { state.change { $0.isDry = isDry } }

  /// Waits for the next parcel as long as one is being packed; `nil` where none is.
  func nextUnlessDry() -> Parcel? {
    state.wait { state -> Parcel?? in
      if !state.ready.isEmpty { return state.ready.removeFirst() }
      return state.isDry || state.isFinished ? .some(nil) : nil
    }
  }

  /// Waits for the next parcel; `nil` at the end.
  func next() throws(DeliveryError) -> Parcel? {
    let next = state.wait { state -> Result<Parcel?, DeliveryError>? in
      if !state.ready.isEmpty { return .success(state.ready.removeFirst()) }
      if let failure = state.failure { return .failure(failure) }
      return state.isFinished ? .success(nil) : nil
    }
    return try next.get()
  }

  /// Says that nothing more is wanted.
  func abandon() { state.change { $0.isAbandoned = true } }

  /// Waits until the packing has ended; what was ready and is not wanted any more.
  func leftOver() -> [Manifest.Instance] {
    state.wait { state -> [Manifest.Instance]? in
      guard state.isFinished else { return nil }
      defer { state.ready = [] }
      return state.ready.map(\.entry)
    }
  }
}

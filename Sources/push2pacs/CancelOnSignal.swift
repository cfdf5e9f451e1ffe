import DIMSE

/// Ctrl-C ends what goes over the network in an orderly way: aborted, journaled, resumable.
enum CancelOnSignal {
  /// An interruption that is pulled when the process is asked to stop.
  static func interruption() -> Interruption {
    let interruption = Interruption()
    StopOnSignal.install { interruption.interrupt() }
    return interruption
  }
}

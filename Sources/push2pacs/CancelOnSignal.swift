import Console
import DIMSE

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Ctrl-C ends what goes over the network in an orderly way: aborted, journaled, resumable.
enum CancelOnSignal {
  /// An interruption that is pulled when the process is asked to stop.
  static func interruption() -> DIMSE.Interruption {
    Console.Interruption.install()
    let interruption = DIMSE.Interruption()
    guard let descriptor = Console.Interruption.descriptor else { return interruption }
    let watcher = SignalWatcher(descriptor: descriptor, interruption: interruption)
    watcher.start()
    return interruption
  }
}

import DIMSE
import Dispatch

/// Waits until a signal has come and pulls the interruption then.
struct SignalWatcher: Sendable {
  let descriptor: Int32
  let interruption: Interruption

  func start() {
    let source = DispatchSource.makeReadSource(
      fileDescriptor: descriptor, queue: DispatchQueue.global())
    let interruption = interruption
    source.setEventHandler {
      interruption.interrupt()
      source.cancel()
    }
    source.resume()
  }
}

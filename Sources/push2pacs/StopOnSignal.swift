import Console
import Dispatch

/// Does something once when the process is asked to stop: Ctrl-C, or a termination.
enum StopOnSignal {
  static func install(_ stop: @escaping @Sendable () -> Void) {
    Interruption.install()
    guard let descriptor = Interruption.descriptor else { return }
    let source = DispatchSource.makeReadSource(
      fileDescriptor: descriptor, queue: DispatchQueue.global())
    source.setEventHandler {
      stop()
      source.cancel()
    }
    source.resume()
  }
}

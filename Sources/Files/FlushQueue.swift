import CLibrary
import Dispatch
import Synchronization

/// Brings finished files to the disk while others are being made.
///
/// A disk takes milliseconds for a flush, in which nobody has to wait: what counts is that all are
/// there in the end.
package final class FlushQueue: Sendable {
  /// Flushes that wait for the disk together cost it less than one after the other.
  private static let width = 4
  /// No more files are open at once.
  private static let mostOpen = 32

  private let queues = (0..<width).map { DispatchQueue(label: "flush \($0)") }
  private let room = DispatchSemaphore(value: mostOpen)
  private let next = Atomic<Int>(0)
  private let failure = Mutex<FileTrouble?>(nil)

  package init() {}

  /// Takes over a written file: it is flushed and closed soon.
  func take(_ descriptor: Int32, path: String) {
    room.wait()
    let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
    queues[number & (Self.width - 1)].async { [self] in
      var code: Int32 = fsync(descriptor) == 0 ? 0 : errno
      if close(descriptor) != 0, code == 0 { code = errno }
      room.signal()
      guard code != 0 else { return }
      failure.withLock { $0 = $0 ?? FileTrouble(path: path, doing: "flush", code: code) }
    }
  }

  /// Waits until everything that was taken is on the disk.
  package func finish() throws(FileTrouble) {
    for queue in queues { queue.sync {} }
    if let trouble = failure.withLock({ $0 }) { throw trouble }
  }
}

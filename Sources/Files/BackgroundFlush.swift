import Dispatch
import Synchronization
import CLibrary

/// Brings what was written to the disk while the writer goes on.
///
/// A disk takes milliseconds for a flush, whatever it holds: what is written during one goes out
/// with the next.
package final class BackgroundFlush: Sendable {
  private let descriptor: Int32
  private let path: String
  private let queue = DispatchQueue(label: "flush")
  private let isAsked = Mutex(false)
  private let failure = Mutex<Int32>(0)

  /// - Parameter descriptor: a duplicate that is closed with this.
  init(adopting descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  /// Asks for what was written until now to be flushed, soon.
  package func ask() {
    let wasAsked = isAsked.withLock { asked in
      defer { asked = true }
      return asked
    }
    guard !wasAsked else { return }
    queue.async { [self] in
      isAsked.withLock { $0 = false }
      if fsync(descriptor) != 0 { failure.withLock { $0 = errno } }
    }
  }

  /// Waits until everything that was asked for is on the disk.
  package func finish() throws(FileTrouble) {
    queue.sync {}
    let code = failure.withLock { $0 }
    guard code == 0 else { throw FileTrouble(path: path, doing: "flush", code: code) }
  }
}

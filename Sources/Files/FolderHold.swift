import CLibrary

/// A lock on a folder that is being filled: it goes with the process, however that ends.
package struct FolderHold: Sendable {
  private let descriptor: Int32

  /// `nil` where another process holds the folder, or it cannot be held.
  ///
  /// - Parameter waits: whether to wait for another process that holds it.
  package init?(_ folder: String, waits: Bool = false) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    let kind = waits ? LOCK_EX : LOCK_EX | LOCK_NB
    var locked = flock(descriptor, kind)
    while locked != 0, errno == EINTR { locked = flock(descriptor, kind) }
    guard locked == 0 else {
      close(descriptor)
      return nil
    }
    self.descriptor = descriptor
  }

  package func release() { close(descriptor) }
}

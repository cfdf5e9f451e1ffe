import CLibrary

/// An open file that is read at offsets, and closed once.
///
/// Reading copies, mapping does not; but a mapped file that somebody shortens ends the process.
struct RegularFile: ~Copyable, Sendable {
  private let descriptor: Int32
  let path: String
  let byteCount: Int

  /// Opens a regular file; a pipe or a device is refused without being waited for.
  init(path: String) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .unreadable(path: path, reason: FileError.reason(errno))
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .notRegular(path: path)
    }
    self.descriptor = descriptor
    self.path = path
    byteCount = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Reads bytes from an offset: as many as there are, at most `count`.
  func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    let wanted = min(count, max(0, byteCount - offset))
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
      while filled < wanted {
        let got = pread(
          descriptor, buffer.baseAddress.map { $0 + filled }, wanted - filled,
          off_t(offset + filled))
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { return }
        filled += got
      }
    }
    guard failure == 0 else {
      throw .unreadable(path: path, reason: FileError.reason(failure))
    }
    return bytes
  }
}

extension FileError {
  /// What the system says, and what can be done.
  package static func reason(_ number: Int32) -> String {
    let text = String(cString: strerror(number))
    switch number {
    case EACCES, EPERM: return "\(text); give yourself the right to read it"
    case ENOENT, ENOTDIR: return "\(text); check the path"
    case ELOOP: return "\(text); the link leads back to itself"
    case EMFILE, ENFILE: return "\(text); close other programs or raise the limit (ulimit -n)"
    default: return "\(text); copy the file to another disk and try again"
    }
  }
}

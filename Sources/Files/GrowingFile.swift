import CLibrary

/// A private file that is written piece by piece and need never be in memory as a whole.
///
/// Until it is closed it may be half there: write it where nobody looks for it yet.
package struct GrowingFile: ~Copyable {
  private let descriptor: Int32
  package let path: String
  package private(set) var byteCount = 0

  /// Makes a file that must not be there yet.
  package init(creating path: String, mode: UInt32 = 0o600) throws(FileTrouble) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(mode))
    self.path = path
    guard descriptor >= 0 else { throw FileTrouble(path: path, doing: "create", code: errno) }
    guard fchmod(descriptor, mode_t(mode)) == 0 else {
      throw FileTrouble(path: path, doing: "set the permissions of", code: errno)
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  package mutating func append(_ bytes: some Collection<UInt8>) throws(FileTrouble) {
    let failure = PrivateFile.writeAll(bytes, to: descriptor)
    guard failure == 0 else { throw FileTrouble(path: path, doing: "write", code: failure) }
    byteCount += bytes.count
  }

  /// Writes over bytes that are there already: lengths and tables that are known only later.
  package mutating func overwrite(at offset: Int, with bytes: [UInt8]) throws(FileTrouble) {
    precondition(offset >= 0 && offset + bytes.count <= byteCount, "only what is there")
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(
          descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset + done))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileTrouble(path: path, doing: "write", code: errno) }
      done += count
    }
  }

  /// Makes sure that all of it is on the disk.
  package func flush() throws(FileTrouble) {
    guard fsync(descriptor) == 0 else {
      throw FileTrouble(path: path, doing: "flush", code: errno)
    }
  }
}

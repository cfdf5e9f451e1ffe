import CLibrary

/// Bytes that are needed for a while and are too many for the memory.
///
/// The file has no name: nobody else can open it, and it is gone with this value, however the
/// program ends. Reading and writing may go on on several threads at once.
package final class ScratchFile: Sendable {
  private let descriptor: Int32
  private let path: String

  /// - Parameter folder: where there is room; nothing is to be seen in it.
  package init(in folder: String) throws(FileTrouble) {
    let path = FilePath.joined(folder, ".scratch-\(getpid())-\(UInt64.random(in: 0...UInt64.max))")
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(0o600))
    guard descriptor >= 0 else { throw FileTrouble(path: folder, doing: "create", code: errno) }
    self.descriptor = descriptor
    self.path = folder
    unlink(path)
  }

  deinit { close(descriptor) }

  /// Writes bytes at an offset.
  package func write(_ bytes: [UInt8], at offset: Int) throws(FileTrouble) {
    var done = 0
    let failure: Int32 = bytes.withUnsafeBytes { buffer in
      while done < buffer.count {
        let count = pwrite(
          descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done,
          off_t(offset + done))
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return count < 0 ? errno : ENOSPC }
        done += count
      }
      return 0
    }
    guard failure == 0 else { throw FileTrouble(path: path, doing: "write", code: failure) }
  }

  /// Reads as many bytes from an offset; all of them were written before.
  package func read(_ count: Int, at offset: Int) throws(FileTrouble) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(
          descriptor, buffer.baseAddress.map { $0 + filled }, count - filled,
          off_t(offset + filled))
        if got < 0, errno == EINTR { continue }
        if got <= 0 {
          failure = got < 0 ? errno : EIO
          return
        }
        filled += got
      }
    }
    guard failure == 0 else { throw FileTrouble(path: path, doing: "read", code: failure) }
    return bytes
  }
}

import CLibrary

/// What the archive asks of the file system.
///
/// A file is written under a temporary name, forced to the disk and only then given its own name:
/// whatever happens, a file that has its name is whole. The temporary name ends with this value.
struct ArchiveFile: ~Copyable {
  private let descriptor: Int32
  let path: String

  /// Makes a new file; there must be none of this name.
  init(creating path: String) throws(ArchiveError) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    self.path = path
    guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: lastFailure()) }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    // Nothing is there any more where the file was given its name.
    unlink(path)
  }

  func append(_ bytes: ArraySlice<UInt8>) throws(ArchiveError) {
    var failure: String?
    bytes.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let written = write(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if written < 0, errno == EINTR { continue }
        guard written > 0 else {
          failure = lastFailure()
          return
        }
        rest = rest.dropFirst(written)
      }
    }
    if let failure { throw .cannotWrite(path: path, reason: failure) }
  }

  /// Forces the file to the disk.
  func synchronize() throws(ArchiveError) {
    guard fsync(descriptor) == 0 else { throw .cannotWrite(path: path, reason: lastFailure()) }
  }
}

/// Gives a file its name; what has this name already is replaced.
func giveName(_ path: String, _ name: String, in folder: String) throws(ArchiveError) {
  let target = folder + "/" + name
  guard rename(path, target) == 0 else { throw .cannotWrite(path: target, reason: lastFailure()) }
  // The new name must reach the disk as well.
  let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return }
  _ = fsync(descriptor)
  close(descriptor)
}

/// A lock on a folder that ends with the process, however that ends.
struct FolderLock: ~Copyable {
  private let descriptor: Int32

  /// Takes the lock; two archives in one folder would spoil each other.
  init(_ folder: String) throws(ArchiveError) {
    let path = folder + "/.lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: lastFailure()) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw .inUse(path: folder) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}

private func lastFailure() -> String { String(cString: strerror(errno)) }

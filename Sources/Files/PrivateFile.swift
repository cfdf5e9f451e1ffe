import CLibrary

/// Files and folders that only their owner, or a group, may see; written whole or not at all.
package enum PrivateFile {
  /// Writes a file under a temporary name beside it, flushes it, and gives it its name.
  ///
  /// - Parameter mode: its permissions, as `chmod` counts them.
  package static func write(
    _ bytes: some Collection<UInt8>, to path: String, mode: UInt32 = 0o600
  ) throws(FileTrouble) {
    try write(bytes, to: path, over: path + ".part-\(getpid())", mode: mode, for: nil)
  }

  /// Writes a file of a folder that may hold nothing else at any time: the temporary file lies
  /// beside that folder.
  ///
  /// - Parameter group: who may read it beside its owner; its permissions follow from that.
  package static func write(
    _ bytes: some Collection<UInt8>, named name: String, in folder: String,
    for group: GroupAccess?
  ) throws(FileTrouble) {
    let path = FilePath.joined(folder, name)
    let mode = group == nil ? 0o600 : GroupAccess.fileMode
    let part = ".push2pacs-\(name).part-\(getpid())"
    Leftovers.clear(in: FilePath.joined(folder, ".."))
    do {
      try write(
        bytes, to: path, over: FilePath.joined(folder, "../\(part)"), mode: mode, for: group)
    } catch  where [EACCES, EPERM, EROFS, EXDEV].contains(error.code) {
      // Who shares the folder with others need not be allowed to write beside it.
      Leftovers.clear(in: folder)
      try write(bytes, to: path, over: FilePath.joined(folder, part), mode: mode, for: group)
    }
  }

  private static func write(
    _ bytes: some Collection<UInt8>, to path: String, over temporary: String, mode: UInt32,
    for group: GroupAccess?
  ) throws(FileTrouble) {
    // What a process of the same number left behind when it was killed.
    unlink(temporary)
    try create(bytes, at: temporary, mode: mode, for: group)
    guard rename(temporary, path) == 0 else {
      let code = errno
      unlink(temporary)
      throw FileTrouble(path: path, doing: "rename", code: code)
    }
    try syncFolder(of: path)
  }

  /// Writes a file that is whole from the moment it is there, and gives way to one that is there.
  ///
  /// - Returns: whether it was made, `false` where there was one already.
  package static func makeOnce(
    _ bytes: some Collection<UInt8>, at path: String, mode: UInt32 = 0o600,
    for group: GroupAccess? = nil
  ) throws(FileTrouble) -> Bool {
    let temporary = path + ".part-\(getpid())"
    unlink(temporary)
    try create(bytes, at: temporary, mode: mode, for: group)
    defer { unlink(temporary) }
    guard link(temporary, path) == 0 else {
      if errno == EEXIST { return false }
      throw FileTrouble(path: path, doing: "create", code: errno)
    }
    try syncFolder(of: path)
    return true
  }

  /// Writes a file that must not be there yet, and flushes it.
  ///
  /// Links are not followed.
  ///
  /// - Parameter queue: who flushes it later instead.
  package static func create(
    _ bytes: some Collection<UInt8>, at path: String, mode: UInt32 = 0o600, flush: Bool = true,
    flushedBy queue: FlushQueue? = nil, for group: GroupAccess? = nil
  ) throws(FileTrouble) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(mode))
    guard descriptor >= 0 else { throw FileTrouble(path: path, doing: "create", code: errno) }
    var failure = group?.take(descriptor) ?? 0
    if failure == 0, fchmod(descriptor, mode_t(mode)) != 0 { failure = errno }
    if failure == 0 { failure = writeAll(bytes, to: descriptor) }
    if failure == 0, flush, let queue { return queue.take(descriptor, path: path) }
    if failure == 0, flush, fsync(descriptor) != 0 { failure = errno }
    if close(descriptor) != 0, failure == 0 { failure = errno }
    guard failure == 0 else {
      unlink(path)
      throw FileTrouble(path: path, doing: "write", code: failure)
    }
  }

  /// Reads a whole regular file, if it has at most so many bytes.
  ///
  /// Links are not followed.
  package static func read(_ path: String, atMost limit: Int) throws(FileTrouble) -> [UInt8] {
    try read(path, flags: O_NOFOLLOW, atMost: limit)
  }

  /// Reads a whole regular file that may be reached over a link: the user's own input.
  package static func readRegular(
    _ path: String, atMost limit: Int
  ) throws(FileTrouble) -> [UInt8] {
    try read(path, flags: 0, atMost: limit)
  }

  private static func read(
    _ path: String, flags: Int32, atMost limit: Int
  ) throws(FileTrouble) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | flags)
    guard descriptor >= 0 else { throw FileTrouble(path: path, doing: "open", code: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw FileTrouble(path: path, doing: "read as a regular file", code: EINVAL)
    }
    guard status.st_size <= limit else {
      throw FileTrouble(path: path, doing: "read so large a file", code: EFBIG)
    }
    let count = Int(status.st_size)
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(
          descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(filled))
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { return }
        filled += got
      }
    }
    guard failure == 0 else { throw FileTrouble(path: path, doing: "read", code: failure) }
    return bytes
  }

  /// Reads a regular file piece by piece: each piece is gone before the next one comes.
  ///
  /// - Parameter followsLinks: only for what the user names.
  package static func readPieces(
    _ path: String, of size: Int = 1 << 20, followsLinks: Bool = false,
    _ body: (ArraySlice<UInt8>) -> Void
  ) throws(FileTrouble) {
    let descriptor = open(
      path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | (followsLinks ? 0 : O_NOFOLLOW))
    guard descriptor >= 0 else { throw FileTrouble(path: path, doing: "open", code: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw FileTrouble(path: path, doing: "read as a regular file", code: EINVAL)
    }
    var buffer = [UInt8](repeating: 0, count: min(size, max(1, Int(status.st_size))))
    while true {
      let count = buffer.withUnsafeMutableBytes { readSome(descriptor, $0) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FileTrouble(path: path, doing: "read", code: errno) }
      if count == 0 { return }
      body(buffer[..<count])
    }
  }

  /// `read` of the system, whose name is taken here.
  private static func readSome(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int
  {
    CLibrary.read(descriptor, buffer.baseAddress, buffer.count)
  }

  /// Takes a file away; one that is not there is no trouble.
  package static func remove(_ path: String) { unlink(path) }

  /// Takes a folder away that nothing lies in; any other stays.
  package static func removeEmptyFolder(_ path: String) { rmdir(path) }

  /// Makes a folder that must not be there yet.
  package static func makeFolder(_ path: String, mode: UInt32 = 0o700) throws(FileTrouble) {
    guard mkdir(path, mode_t(mode)) == 0 else {
      throw FileTrouble(path: path, doing: "create the folder", code: errno)
    }
    guard chmod(path, mode_t(mode)) == 0 else {
      throw FileTrouble(path: path, doing: "set the permissions of", code: errno)
    }
  }

  /// Makes a folder and those above it, where they are not there.
  package static func makeFolders(_ path: String, mode: UInt32 = 0o700) throws(FileTrouble) {
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else {
        throw FileTrouble(path: path, doing: "use as a folder", code: ENOTDIR)
      }
      return
    }
    let above = FilePath.folder(of: path)
    if above != ".", above != "/" { try makeFolders(above, mode: mode) }
    do { try makeFolder(path, mode: mode) } catch {
      // Another process may have made it since we looked.
      guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { throw error }
    }
  }

  /// Makes a folder and those above it, where they are not there, for a group where there is one.
  package static func makeFolders(
    _ path: String, for group: GroupAccess?
  ) throws(FileTrouble) {
    var missing: [String] = []
    var folder = path
    while folder != ".", folder != "/", !FolderListing.exists(folder) {
      missing.append(folder)
      folder = FilePath.folder(of: folder)
    }
    try makeFolders(path)
    for folder in missing { try group?.share(folder) }
  }

  /// Gives a file or folder another name.
  ///
  /// What stands there under that name must not be lost: an empty folder is replaced, anything else
  /// is an error.
  package static func move(_ path: String, to other: String) throws(FileTrouble) {
    guard rename(path, other) == 0 else {
      throw FileTrouble(path: other, doing: "rename to", code: errno)
    }
    try syncFolder(of: other)
  }

  /// Makes sure that the names in a file's folder are on the disk.
  package static func syncFolder(of path: String) throws(FileTrouble) {
    let folder = FilePath.folder(of: path)
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileTrouble(path: folder, doing: "open", code: errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw FileTrouble(path: folder, doing: "flush", code: errno)
    }
  }

  static func writeAll(_ bytes: some Collection<UInt8>, to descriptor: Int32) -> Int32 {
    func write(_ buffer: UnsafeRawBufferPointer) -> Int32 {
      var done = 0
      while done < buffer.count {
        let count = CLibrary.write(
          descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return count < 0 ? errno : EIO }
        done += count
      }
      return 0
    }
    return bytes.withContiguousStorageIfAvailable { write(UnsafeRawBufferPointer($0)) }
      ?? Array(bytes).withUnsafeBytes { write($0) }
  }
}

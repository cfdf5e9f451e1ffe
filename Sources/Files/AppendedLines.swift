import CLibrary

/// A file that only grows, line by line, each flushed to the disk before it counts.
///
/// One process at a time holds it. A last line that was cut off by a crash is taken away.
package struct AppendedLines: ~Copyable, Sendable {
  private let descriptor: Int32
  package let path: String
  /// The whole lines that were there when it was opened.
  package let lines: [String]
  /// Whether a line that a crash had torn was taken away.
  package let wasTorn: Bool

  package enum Trouble: Error, Equatable {
    /// Somebody else holds it.
    case held(path: String)
    case file(FileTrouble)
  }

  /// The most that is read of what was there.
  private static let limit = 256 << 20

  /// Opens, or makes, the file and holds it until this value goes.
  ///
  /// - Parameters:
  ///   - mode: its permissions. Where they let a group read only, whoever adds to it becomes its
  ///     owner: the lines go into a new file, which takes the old one's place.
  ///   - waits: whether to wait for somebody else who holds it: for files that are held for one line
  ///     at a time.
  ///   - group: who may read it beside its owner.
  package init(
    path: String, mode: UInt32 = 0o600, waits: Bool = false, group: GroupAccess? = nil
  ) throws(Trouble) {
    let descriptor = try Self.held(path, mode: mode, waits: waits, group: group)
    do {
      (lines, wasTorn) = try Self.wholeLines(of: descriptor, path)
    } catch {
      close(descriptor)
      throw .file(error)
    }
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  /// Opens the file, or makes it, and holds the very one that bears its name.
  private static func held(
    _ path: String, mode: UInt32, waits: Bool, group: GroupAccess?
  ) throws(Trouble) -> Int32 {
    while true {
      let descriptor = open(
        path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, mode_t(mode))
      guard descriptor >= 0 else {
        let code = errno
        guard code == EACCES, let group, mode & 0o020 == 0 else {
          throw .file(FileTrouble(path: path, doing: "open", code: code))
        }
        try takeOver(path, for: group)
        continue
      }
      // Whoever made it has the say; the mask of the process takes bits away.
      if let group { _ = group.take(descriptor) }
      if mode != 0o600 { fchmod(descriptor, mode_t(mode)) }
      do {
        try lock(descriptor, path, waits: waits)
        // Somebody may have taken it over before it was held.
        if try isNamed(path, descriptor) { return descriptor }
      } catch {
        close(descriptor)
        throw error
      }
      close(descriptor)
    }
  }

  /// Puts a copy of this process's own in the place of a file that only its owner may write.
  private static func takeOver(_ path: String, for group: GroupAccess) throws(Trouble) {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .file(FileTrouble(path: path, doing: "open", code: errno))
    }
    defer { close(descriptor) }
    try lock(descriptor, path, waits: false)
    guard try isNamed(path, descriptor) else { return }
    do {
      try PrivateFile.write(
        try PrivateFile.read(path, atMost: limit), named: FilePath.name(of: path),
        in: FilePath.folder(of: path), for: group)
    } catch { throw .file(error) }
  }

  private static func lock(_ descriptor: Int32, _ path: String, waits: Bool) throws(Trouble) {
    let kind = waits ? LOCK_EX : LOCK_EX | LOCK_NB
    var locked = flock(descriptor, kind)
    while locked != 0, errno == EINTR { locked = flock(descriptor, kind) }
    guard locked == 0 else {
      throw errno == EWOULDBLOCK
        ? .held(path: path) : .file(FileTrouble(path: path, doing: "lock", code: errno))
    }
  }

  /// Whether an open file is the one that bears a name.
  private static func isNamed(_ path: String, _ descriptor: Int32) throws(Trouble) -> Bool {
    var own = stat()
    var named = stat()
    guard fstat(descriptor, &own) == 0 else {
      throw .file(FileTrouble(path: path, doing: "look at", code: errno))
    }
    guard lstat(path, &named) == 0 else { return false }
    return own.st_ino == named.st_ino && own.st_dev == named.st_dev
  }

  private static func wholeLines(
    of descriptor: Int32, _ path: String
  ) throws(FileTrouble) -> (lines: [String], wasTorn: Bool) {
    let bytes = try PrivateFile.read(path, atMost: limit)
    let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    if end < bytes.count, ftruncate(descriptor, off_t(end)) != 0 {
      throw FileTrouble(path: path, doing: "cut off the torn last line of", code: errno)
    }
    let lines = bytes[..<end].split(separator: UInt8(ascii: "\n")).map {
      String(decoding: $0, as: UTF8.self)
    }
    return (lines, end < bytes.count)
  }

  /// Adds a line and waits until it is on the disk.
  package func append(_ line: String) throws(FileTrouble) {
    try write(line)
    try flush()
  }

  /// Adds a line and leaves it to the system: it outlives this process, but not yet a power cut.
  package func write(_ line: String) throws(FileTrouble) {
    let failure = PrivateFile.writeAll(Array(line.utf8) + [UInt8(ascii: "\n")], to: descriptor)
    guard failure == 0 else { throw FileTrouble(path: path, doing: "write", code: failure) }
  }

  /// Waits until every line that was written is on the disk.
  package func flush() throws(FileTrouble) {
    guard fsync(descriptor) == 0 else {
      throw FileTrouble(path: path, doing: "flush", code: errno)
    }
  }

  /// Flushes beside the writing; `nil` where the system has no descriptor left.
  package func backgroundFlush() -> BackgroundFlush? {
    let duplicate = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    return duplicate >= 0 ? BackgroundFlush(adopting: duplicate, path: path) : nil
  }
}

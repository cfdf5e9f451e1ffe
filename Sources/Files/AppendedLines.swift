#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that only grows, line by line, each flushed to the disk before it counts.
///
/// One process at a time holds it. A last line that was cut off by a crash is taken away.
package struct AppendedLines: ~Copyable {
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
  /// - Parameter waits: whether to wait for somebody else who holds it: for files that are held for
  ///   one line at a time.
  package init(path: String, mode: UInt32 = 0o600, waits: Bool = false) throws(Trouble) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, mode_t(mode))
    guard descriptor >= 0 else {
      throw .file(FileTrouble(path: path, doing: "open", code: errno))
    }
    // Whoever made it has the say; the mask of the process takes bits away.
    if mode != 0o600 { fchmod(descriptor, mode_t(mode)) }
    var locked = flock(descriptor, waits ? LOCK_EX : LOCK_EX | LOCK_NB)
    while locked != 0, errno == EINTR { locked = flock(descriptor, LOCK_EX) }
    guard locked == 0 else {
      let code = errno
      close(descriptor)
      throw code == EWOULDBLOCK
        ? .held(path: path) : .file(FileTrouble(path: path, doing: "lock", code: code))
    }
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
    let failure = PrivateFile.writeAll(Array(line.utf8) + [UInt8(ascii: "\n")], to: descriptor)
    guard failure == 0 else { throw FileTrouble(path: path, doing: "write", code: failure) }
    guard fsync(descriptor) == 0 else {
      throw FileTrouble(path: path, doing: "flush", code: errno)
    }
  }
}

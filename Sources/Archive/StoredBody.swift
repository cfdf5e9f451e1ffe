import CLibrary

/// The data set of a stored instance as it lies in its file, read piece by piece.
///
/// Instances of many frames have hundreds of megabytes: none is in memory as a whole.
final class StoredBody {
  private let descriptor: Int32
  private var offset: Int
  private let end: Int

  private static let size = 1 << 20

  /// Opens the file; `nil` where it is gone, or not as long as it was.
  init?(_ entry: IndexEntry) {
    let descriptor = open(entry.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    guard lseek(descriptor, 0, SEEK_END) == entry.byteCount, entry.bodyOffset < entry.byteCount
    else {
      close(descriptor)
      return nil
    }
    self.descriptor = descriptor
    offset = entry.bodyOffset
    end = entry.byteCount
  }

  deinit { close(descriptor) }

  /// The next piece; `nil` at the end.
  ///
  /// - Throws: where the file cannot be read, or has become shorter meanwhile.
  func next() throws(ArchiveError) -> [UInt8]? {
    guard offset < end else { return nil }
    let wanted = min(Self.size, end - offset)
    var failure: Int32 = 0
    let at = offset
    let piece = [UInt8](unsafeUninitializedCapacity: wanted) { room, count in
      count = 0
      while count < wanted {
        let got = pread(
          descriptor, room.baseAddress.map { $0 + count }, wanted - count, off_t(at + count))
        if got < 0, errno == EINTR { continue }
        guard got > 0 else {
          failure = got < 0 ? errno : EIO
          return
        }
        count += got
      }
    }
    guard failure == 0 else {
      throw .cannotRead(reason: String(cString: strerror(failure)))
    }
    offset += wanted
    return piece
  }

  /// Everything that is left; `nil` where it cannot be read.
  func whole() -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(end - offset)
    do throws(ArchiveError) {
      while let piece = try next() { bytes += piece }
      return bytes
    } catch { return nil }
  }
}

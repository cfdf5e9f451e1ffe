import DICOM
import DIMSE
import Foundation
import Synchronization

/// The files of the archive and the index of them.
final class Storage: Sendable {
  private let directory: String
  private let lock: FolderLock
  private let index = Mutex(Index())
  private let lastTemporary = Atomic(0)
  /// Tells temporary files of this run from those of an earlier one.
  private let started = UUID().uuidString

  /// Where instances are written until they are whole.
  private var incoming: String { directory + "/.incoming" }

  init(directory: String, log: (Archive.Event) -> Void) throws(ArchiveError) {
    self.directory = directory
    try Self.makeFolder(directory)
    lock = try FolderLock(directory)
    try Self.makeFolder(directory + "/.incoming")
    removeLeftOvers()
    readFiles(log)
  }

  var count: Int { index.withLock { $0.count } }

  func entry(_ sopInstanceUID: String) -> IndexEntry? { index.withLock { $0[sopInstanceUID] } }

  /// The index as it is now; it does not change any more.
  var snapshot: Index { index.withLock { $0 } }

  /// A new file for an instance that arrives.
  func makeTemporary() throws(ArchiveError) -> ArchiveFile {
    let number = lastTemporary.add(1, ordering: .relaxed).newValue
    return try ArchiveFile(creating: "\(incoming)/\(started)-\(number).part")
  }

  /// How keeping an instance ended.
  enum Kept: Equatable {
    case stored(path: String)
    /// The same bytes are there already.
    case identical
    /// Other bytes are there under this UID: the first ones stay.
    case different
  }

  /// Gives an instance that is whole its place.
  func keep(_ entry: IndexEntry) throws(ArchiveError) -> Kept {
    let temporary = entry.path
    let folder = [
      directory, SafeName.forPatient(entry.patientID), SafeName.forUID(entry.studyUID),
      SafeName.forUID(entry.seriesUID),
    ].joined(separator: "/")
    let name = SafeName.forUID(entry.sopInstanceUID) + ".dcm"
    try Self.makeFolder(folder)
    // One at a time: between looking whether a UID is new and keeping it nobody else may do so.
    let outcome = index.withLock { index -> Result<Kept, ArchiveError> in
      if let known = index[entry.sopInstanceUID] {
        return .success(isSame(known, entry) ? .identical : .different)
      }
      do throws(ArchiveError) {
        try giveName(temporary, name, in: folder)
        let path = folder + "/" + name
        index.insert(entry.moved(to: path))
        return .success(.stored(path: path))
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }

  /// Whether the file is still there and as long as it was.
  func isWhole(_ entry: IndexEntry) -> Bool {
    let attributes: [FileAttributeKey: Any]
    do { attributes = try FileManager.default.attributesOfItem(atPath: entry.path) } catch {
      return false
    }
    return (attributes[.size] as? NSNumber)?.intValue == entry.byteCount
  }

  private func isSame(_ a: IndexEntry, _ b: IndexEntry) -> Bool {
    guard a.transferSyntax == b.transferSyntax,
      a.byteCount - a.bodyOffset == b.byteCount - b.bodyOffset,
      let first = StoredBody(a), let second = StoredBody(b)
    else { return false }
    do throws(ArchiveError) {
      while let piece = try first.next() {
        guard try second.next() == piece else { return false }
      }
      return true
    } catch { return false }
  }

  private static func makeFolder(_ path: String) throws(ArchiveError) {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw .cannotWrite(path: path, reason: error.localizedDescription)
    }
  }

  /// What was being written when the process ended.
  private func removeLeftOvers() {
    for name in (FileManager.default.subpaths(atPath: incoming) ?? []) {
      do { try FileManager.default.removeItem(atPath: incoming + "/" + name) } catch {
        // It takes room, and is never looked at.
      }
    }
  }

  private func readFiles(_ log: (Archive.Event) -> Void) {
    let paths = (FileManager.default.subpaths(atPath: directory) ?? []).sorted()
    for path in paths where path.hasSuffix(".dcm") && !path.hasPrefix(".") {
      let path = directory + "/" + path
      do {
        let entry = try IndexEntry(try DICOMFile.read(path: path), path: path)
        index.withLock { $0.insert(entry) }
      } catch {
        log(.unreadable(path: path, reason: "\(error)"))
      }
    }
  }
}

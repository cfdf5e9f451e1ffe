import Files
import Synchronization
import CLibrary

/// Where instances lie until they are whole: a hidden folder that goes with the run.
final class FetchFolder: Sendable {
  private let path: String
  private let hold: FolderHold?
  private let count = Atomic(0)

  private static let prefix = ".fetching-"

  /// Makes the folder, and takes away what earlier runs have left that were killed.
  init(in folder: String) throws(FileTrouble) {
    try PrivateFile.makeFolders(folder)
    for entry in (try FolderListing(folder, depth: 0)).entries
    where entry.kind == .folder && entry.path.hasPrefix(Self.prefix) {
      let path = FilePath.joined(folder, entry.path)
      guard let hold = FolderHold(path) else { continue }
      FolderListing.remove(path)
      hold.release()
    }
    path = FilePath.joined(folder, "\(Self.prefix)\(getpid())")
    try PrivateFile.makeFolder(path)
    hold = FolderHold(path)
  }

  /// A name for an instance that arrives.
  var next: String {
    FilePath.joined(path, "\(count.add(1, ordering: .relaxed).newValue).part")
  }

  /// What the names of files begin with that others write in here.
  var spool: String { FilePath.joined(path, "moved-") }

  func remove() {
    FolderListing.remove(path)
    hold?.release()
  }
}

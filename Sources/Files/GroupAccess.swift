import CLibrary

/// A group of accounts that may read and write stages together.
package struct GroupAccess: Sendable, Equatable {
  private let id: UInt32

  package static let folderMode: UInt32 = 0o2770
  package static let fileMode: UInt32 = 0o640
  /// For a log that several accounts add lines to.
  package static let logMode: UInt32 = 0o660

  /// `nil` where this machine knows no group of that name.
  package init?(named name: String) {
    var entry = group()
    var found: UnsafeMutablePointer<group>?
    var buffer = [CChar](repeating: 0, count: 1 << 16)
    guard getgrnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else {
      return nil
    }
    id = UInt32(entry.gr_gid)
  }

  /// The group that a folder is shared with; `nil` where it is its owner's alone.
  package init?(sharing folder: String) {
    var status = stat()
    guard stat(folder, &status) == 0, status.st_mode & 0o070 != 0 else { return nil }
    id = UInt32(status.st_gid)
  }

  /// Gives the group an open file of this process; its permissions are set after that.
  ///
  /// - Returns: the system's error, 0 for none.
  func take(_ descriptor: Int32) -> Int32 {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return errno }
    if status.st_gid == gid_t(id) { return 0 }
    return fchown(descriptor, uid_t.max, gid_t(id)) == 0 ? 0 : errno
  }

  /// Gives the group a folder of this process and everything in it.
  ///
  /// New files in it are of the group, too. Nobody else may reach the folder before.
  package func share(_ folder: String) throws(FileTrouble) {
    for entry in try FolderListing(folder, depth: 8, followsLink: false).entries {
      switch entry.kind {
      case .folder: try give(FilePath.joined(folder, entry.path), mode: Self.folderMode)
      case .file: try give(FilePath.joined(folder, entry.path), mode: Self.fileMode)
      case .link, .other: continue
      }
    }
    try give(folder, mode: Self.folderMode)
  }

  private func give(_ path: String, mode: UInt32) throws(FileTrouble) {
    guard lchown(path, uid_t.max, gid_t(id)) == 0, chmod(path, mode_t(mode)) == 0 else {
      throw FileTrouble(path: path, doing: "give the group", code: errno)
    }
  }
}

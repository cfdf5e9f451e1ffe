import CLibrary

/// What lies below a folder, by kind; links are told, never followed.
package struct FolderListing: Sendable {
  package enum Kind: Sendable {
    case file
    case folder
    case link
    case other
  }

  package struct Entry: Sendable {
    /// The path below the folder.
    package let path: String
    package let kind: Kind
    package let byteCount: Int
  }

  /// Sorted by path.
  package let entries: [Entry]

  /// - Parameters:
  ///   - depth: how many folders deep is looked.
  ///   - followsLink: whether the folder itself may be reached over a link.
  package init(_ folder: String, depth: Int, followsLink: Bool = true) throws(FileTrouble) {
    var entries: [Entry] = []
    try Self.list(folder, below: "", depth: depth, followsLink: followsLink, into: &entries)
    self.entries = entries.sorted { $0.path < $1.path }
  }

  private static func list(
    _ folder: String, below prefix: String, depth: Int, followsLink: Bool,
    into entries: inout [Entry]
  ) throws(FileTrouble) {
    let descriptor = open(
      folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | (followsLink ? 0 : O_NOFOLLOW))
    guard descriptor >= 0 else {
      throw FileTrouble(path: folder, doing: "list", code: errno)
    }
    guard let stream = fdopendir(descriptor) else {
      let code = errno
      close(descriptor)
      throw FileTrouble(path: folder, doing: "list", code: code)
    }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name == "." || name == ".." { continue }
      let path = folder + "/" + name
      var status = stat()
      guard lstat(path, &status) == 0 else { continue }
      let kind: Kind
      switch status.st_mode & S_IFMT {
      case S_IFREG: kind = .file
      case S_IFDIR: kind = .folder
      case S_IFLNK: kind = .link
      default: kind = .other
      }
      entries.append(Entry(path: prefix + name, kind: kind, byteCount: Int(status.st_size)))
      if kind == .folder, depth > 0 {
        try list(
          path, below: prefix + name + "/", depth: depth - 1, followsLink: false, into: &entries)
      }
    }
  }

  /// Whether something of that name is there: file, folder or link.
  package static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// Removes a folder and what lies in it; links are removed, not followed.
  ///
  /// A link, or a file, in the folder's place is removed itself.
  package static func remove(_ folder: String) {
    guard let listing = try? FolderListing(folder, depth: 8, followsLink: false) else {
      unlink(folder)
      return
    }
    for entry in listing.entries.reversed() {
      let path = folder + "/" + entry.path
      if entry.kind == .folder { rmdir(path) } else { unlink(path) }
    }
    rmdir(folder)
  }
}

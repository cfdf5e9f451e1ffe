package import DICOM

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import CLibrary

/// The regular files below some paths, each once, in the order of their names.
///
/// Links to folders are followed, but no folder twice; pipes, sockets and devices are passed over.
package struct FileWalk {
  package private(set) var files: [String] = []
  /// Folders that cannot be listed.
  package private(set) var unreadable: [FileError] = []
  /// What is neither a regular file nor a folder.
  package private(set) var passedOver = 0
  private var visited: Set<[UInt64]> = []
  /// Paths end somewhere; no export is as deep.
  private static let deepest = 64

  /// - Throws: where one of the paths is not there.
  package init(paths: [String]) throws(FileError) {
    for path in paths {
      var status = stat()
      guard stat(path, &status) == 0 else {
        throw .unreadable(path: path, reason: FileError.reason(errno))
      }
      visit(path, status, depth: 0)
    }
  }

  private mutating func visit(_ path: String, _ status: stat, depth: Int) {
    let key = [UInt64(status.st_dev), UInt64(status.st_ino)]
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      if visited.insert(key).inserted { files.append(path) }
    case S_IFDIR:
      guard visited.insert(key).inserted else { return }
      guard depth < Self.deepest else {
        unreadable.append(
          .unreadable(
            path: path, reason: "more than \(Self.deepest) folders deep; name this folder itself"))
        return
      }
      let names: [String]
      do { names = try FileManager.default.contentsOfDirectory(atPath: path).sorted() } catch {
        unreadable.append(
          .unreadable(
            path: path,
            reason: "the folder cannot be listed; give yourself the right to read it"))
        return
      }
      for name in names {
        let child = path.hasSuffix("/") ? path + name : path + "/" + name
        var status = stat()
        // A dangling link is nobody's object.
        guard stat(child, &status) == 0 else {
          passedOver += 1
          continue
        }
        visit(child, status, depth: depth + 1)
      }
    default:
      passedOver += 1
    }
  }
}

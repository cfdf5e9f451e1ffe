import CLibrary

/// Temporary files that processes left which were killed while they wrote.
///
/// Only names that ``PrivateFile`` and ``ScratchFile`` give, and only regular files: nobody reads
/// them, and whatever else lies there is none of ours.
package enum Leftovers {
  /// Younger ones may be another machine's at work, where a disk is shared.
  ///
  /// Seconds.
  private static let age = 60

  /// Whether a name is that of a temporary file beside one of some files, in their own folder.
  package static func isTemporary(_ name: String, of files: [String]) -> Bool {
    files.contains { process(in: name, behind: ".push2pacs-\($0).part-") != nil }
  }

  /// Takes away what processes left that are no more.
  package static func clear(in folder: String) {
    guard let listing = try? FolderListing(folder, depth: 0) else { return }
    for entry in listing.entries where entry.kind == .file {
      guard let process = process(in: entry.path), kill(process, 0) != 0, errno == ESRCH else {
        continue
      }
      let path = FilePath.joined(folder, entry.path)
      var status = stat()
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        Int(time(nil)) - SystemDifferences.writingTime(of: status) > age
      else { continue }
      unlink(path)
    }
  }

  /// Which process made a temporary file; `nil` for any other.
  private static func process(in name: String) -> Int32? {
    if name.hasPrefix(".scratch-") {
      let parts = name.dropFirst(".scratch-".count).split(
        separator: "-", omittingEmptySubsequences: false)
      return parts.count == 2 && UInt64(parts[1]) != nil ? number(parts[0]) : nil
    }
    guard name.hasPrefix(".push2pacs-"), let mark = name.ranges(of: ".part-").last else {
      return nil
    }
    return number(name[mark.upperBound...])
  }

  private static func process(in name: String, behind prefix: String) -> Int32? {
    name.hasPrefix(prefix) ? number(name.dropFirst(prefix.count)) : nil
  }

  private static func number(_ text: some StringProtocol) -> Int32? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let number = Int32(text), number > 0
    else { return nil }
    return number
  }
}
